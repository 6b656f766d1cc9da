/** The subscription accessChanged: the tenant's access feed, for service servers (R48, R49). */

import type { AccessEvent } from '../../src/feed/feed.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { encodeId } from '../core/global-id.ts';
import { clearCaches, reached } from '../core/scopes.ts';
import { WebhookEvent } from './customer-changed.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

const AccessChange = builder.objectRef<AccessEvent>('AccessChange').implement({
  description: 'A change of what a customer of the tenant may use, with everything that the customer may now use.',
  ...reached('version', 'event', 'customerId', 'login', 'active', 'screens', 'expiresAt', 'at'),
  fields: (t) => ({
    version: t.expose('version', {
      type: 'Version',
      description: "The number of the change in the tenant. Numbers rise, but those of the service's own reports are left out.",
    }),
    event: t.field({
      type: WebhookEvent,
      description: 'The kind of change. Whatever it is, the other fields say everything that the customer may use.',
      resolve: ({ event }) => event as typeof WebhookEvent.$inferType,
    }),
    customerId: t.id({
      description: 'The id of the customer. It never changes, even if the login does.',
      resolve: ({ customerId: id, tenantId }, _args, ctx) => encodeId(ctx, 'Customer', { tenantId, id }),
    }),
    login: t.string({
      description: "The customer's present login. Empty if it has none yet.",
      resolve: ({ login }) => login ?? '',
    }),
    active: t.exposeBoolean('active', { description: 'Whether the customer is served.' }),
    screens: t.exposeInt('screens', { description: 'The number of screens that may work at the same time.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the service ends, or ended.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change happened.' }),
  }),
});

/** The subscription stays open while the root panel is locked, because its customers are still served (R10, R47). */
async function subscribe(ctx: Context, after: number | null): Promise<Stream<AccessEvent>> {
  const rights = new SubscriptionRights<AccessEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: true,
    source: ({ tenantId }) => ({ key: tenantId, open: () => ctx.feed.access(tenantId, null, after) }),
  });
  const stream = await watched(rights);
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('accessChanged', (t) =>
  t.field({
    type: AccessChange,
    description:
      'Every change of what a customer of the tenant may use, in the order of their numbers, none missing and none twice (R48). Without `after`, it sends changes from now on. With `after: v`, it sends every change numbered above v, then live changes. If v is above the present number: BAD_USER_INPUT. GET /access/customers returns the whole present state, and the number from which to follow. For API keys of the scope SERVICE.',
    authScopes: { service: true },
    args: { after: t.arg({ type: 'Version', description: 'Sends first every change numbered above this. 0 for all changes.' }) },
    subscribe: (_root, { after }, ctx) => subscribe(ctx, after ?? null),
    resolve: (event, _args, ctx) => {
      clearCaches(ctx);
      return event;
    },
  }),
);
