/** The subscription accessChanged: the tenant's access feed, for services. */

import type { AccessEvent } from '../../src/feed/feed.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { encodeId } from '../core/global-id.ts';
import { forget, reached } from '../core/scopes.ts';
import { WebhookEvent } from './customer-changed.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

const AccessChange = builder.objectRef<AccessEvent>('AccessChange').implement({
  description: 'A change of what a customer of the tenant may use, with all that it may use.',
  ...reached('version', 'event', 'customerId', 'login', 'active', 'screens', 'expiresAt', 'at'),
  fields: (t) => ({
    version: t.expose('version', {
      type: 'Version',
      description: 'The number of the change in the tenant. It rises; the numbers of what services said themselves are left out.',
    }),
    event: t.field({
      type: WebhookEvent,
      description: 'What has happened. Whatever it is, the other fields say all that the customer may use.',
      resolve: ({ event }) => event as typeof WebhookEvent.$inferType,
    }),
    customerId: t.id({
      description: 'Whose change it is: the same for as long as there is the customer, whatever its login.',
      resolve: ({ customerId: id, tenantId }, _args, ctx) => encodeId(ctx, 'Customer', { tenantId, id }),
    }),
    login: t.string({
      description: 'What the customer signs in with now; empty while it has nothing to sign in with.',
      resolve: ({ login }) => login ?? '',
    }),
    active: t.exposeBoolean('active', { description: 'Whether the customer is served.' }),
    screens: t.exposeInt('screens', { description: 'On how many screens at once.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the service ends, or ended.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

/** The lock of the root panel closes nothing here: its customers are served (R10, R47). */
async function subscribe(ctx: Context, after: number | null): Promise<Stream<AccessEvent>> {
  const rights = new SubscriptionRights<AccessEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: true,
    source: ({ tenantId }) => ({ key: tenantId, open: () => ctx.feed.access(tenantId, null, after) }),
  });
  const stream = await watched(rights);
  forget(ctx);
  return stream;
}

builder.subscriptionField('accessChanged', (t) =>
  t.field({
    type: AccessChange,
    description:
      'For API keys of the scope SERVICE: every change of what a customer of the tenant may use, in the order of their numbers, none missing and none twice. Without `after`: from now on. With `after: v`: every change numbered above v, then live; above the present number it is BAD_USER_INPUT. GET /access/customers says what holds, and the number from which to follow.',
    authScopes: { service: true },
    args: { after: t.arg({ type: 'Version', description: 'Every change numbered above this first; 0: all there are.' }) },
    subscribe: (_root, { after }, ctx) => subscribe(ctx, after ?? null),
    resolve: (event, _args, ctx) => {
      forget(ctx);
      return event;
    },
  }),
);
