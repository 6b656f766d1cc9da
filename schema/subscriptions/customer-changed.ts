/** The subscription customerChanged: the own panel's part of the access feed. */

import type { AccessEvent } from '../../src/feed/feed.ts';
import type { Role } from '../../src/kernel/actor.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { forget, reached } from '../core/scopes.ts';
import { Customer } from '../customers/customer.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

/** Who has customers. */
const PANEL_ROLES: readonly Role[] = ['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];

export const WebhookEvent = builder.enumType('WebhookEvent', {
  description: 'What happened: what webhooks are told, and what a change of a customer is.',
  values: {
    CUSTOMER_ACTIVATED: { description: 'A paid term began.' },
    CUSTOMER_RENEWED: { description: 'A paid term was made longer.' },
    CUSTOMER_SCREENS_CHANGED: { description: 'Screens were added, or the next number of screens began.' },
    CUSTOMER_CANCELED: { description: 'The customer is not to be renewed; where the tenant refunds, the term became shorter.' },
    CUSTOMER_EXPIRED: { description: 'A term ended: once for each end.' },
    CUSTOMER_MOVED: { description: 'The customer came from a panel that was closed.' },
    TRIAL_STARTED: { description: 'A trial began.' },
    ACCESS_RESET: { description: 'The customer signs in with something else.' },
    SPENDING_UNDONE: { description: 'A spend was undone, and the customer is as before.' },
    ACCOUNT_CHANGED: { description: 'A balance changed.' },
    ACCOUNT_LOCKED: { description: 'A balance became 0, and its panel is locked.' },
    ACCOUNT_UNLOCKED: { description: 'A balance of 0 was lifted.' },
    ACCOUNT_LOW: { description: 'A balance fell to its reserve threshold.' },
    PURCHASE_CHANGED: { description: 'A purchase was made, reported, settled, canceled or charged back.' },
    RESELLER_CREATED: { description: 'A panel was made.' },
    RESELLER_STATUS_CHANGED: { description: 'A panel was suspended, resumed or closed.' },
    CUSTOMER_REMINDED: { description: "A customer is to be reminded of its end by a rule of the endpoint's own panel; with the text." },
    SERVICE_READY: { description: 'The service says that it serves the customer. Services themselves are not told.' },
    SERVICE_FAILED: { description: 'The service says that it could not serve the customer. Services themselves are not told.' },
    SERVICE_RETRIED: { description: 'Nothing has changed: the panel asks the service to try again.' },
  } as const,
});

const CustomerChange = builder.objectRef<AccessEvent>('CustomerChange').implement({
  description: 'A change of what a customer of the own panel may use.',
  ...reached('version', 'event', 'customer', 'at'),
  fields: (t) => ({
    version: t.expose('version', {
      type: 'Version',
      description: 'The number of the change. It rises; those of other panels are left out.',
    }),
    event: t.field({
      type: WebhookEvent,
      description: 'What happened to the customer.',
      resolve: ({ event }) => event as typeof WebhookEvent.$inferType,
    }),
    customer: t.prismaField({
      type: Customer,
      description: 'The customer as it is now.',
      resolve: (query, { customerId, tenantId }, _args, { ports: { prisma } }) =>
        prisma.customer.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id: customerId } } }),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

async function subscribe(ctx: Context, after: number | null): Promise<Stream<AccessEvent>> {
  const rights = new SubscriptionRights<AccessEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: false,
    source: ({ id, tenantId }) => ({ key: id, open: () => ctx.feed.access(tenantId, id, after) }),
  });
  const stream = await watched(rights);
  forget(ctx);
  return stream;
}

builder.subscriptionField('customerChanged', (t) =>
  t.field({
    type: CustomerChange,
    description:
      "Every change of what the own panel's customers may use, in the order of their numbers, none missing and none twice. Without `after`: from now on. With `after: v`: every change numbered above v, then live; above the present number it is BAD_USER_INPUT. Not for a locked panel.",
    authScopes: { reads: PANEL_ROLES, unlocked: true },
    args: { after: t.arg({ type: 'Version', description: 'Every change numbered above this first; 0: all there are.' }) },
    subscribe: (_root, { after }, ctx) => subscribe(ctx, after ?? null),
    resolve: (event, _args, ctx) => {
      forget(ctx);
      return event;
    },
  }),
);
