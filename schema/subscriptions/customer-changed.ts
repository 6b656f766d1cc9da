/** The subscription customerChanged: the part of the access feed about the own panel's customers. */

import type { AccessEvent } from '../../src/feed/feed.ts';
import type { Role } from '../../src/kernel/actor.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches, reached } from '../core/scopes.ts';
import { Customer } from '../customers/customer.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

/** The roles of users whose panel has customers. */
const PANEL_ROLES: readonly Role[] = ['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];

export const WebhookEvent = builder.enumType('WebhookEvent', {
  description: 'The kinds of events, for webhooks and for changes of customers.',
  values: {
    CUSTOMER_ACTIVATED: { description: 'A paid term began.' },
    CUSTOMER_RENEWED: { description: 'A paid term was extended.' },
    CUSTOMER_SCREENS_CHANGED: { description: 'Screens were added, or a span with another number of screens began.' },
    CUSTOMER_CANCELED: { description: "The customer was canceled. If the tenant's policy refunds, the term became shorter." },
    CUSTOMER_EXPIRED: { description: 'A term ended. Sent once for each customer and end.' },
    CUSTOMER_MOVED: { description: "The customer's panel was closed, and the customer moved to the parent." },
    TRIAL_STARTED: { description: 'A trial began.' },
    ACCESS_RESET: { description: "The customer's login or secret was changed." },
    SPENDING_UNDONE: { description: 'A spend was undone, and the customer is as before.' },
    ACCOUNT_CHANGED: { description: 'A balance changed.' },
    ACCOUNT_LOCKED: { description: 'A balance became 0, so the panel is locked.' },
    ACCOUNT_UNLOCKED: { description: 'A balance rose above 0, so the panel is no longer locked.' },
    ACCOUNT_LOW: { description: 'A balance fell to its reserve threshold.' },
    PURCHASE_CHANGED: { description: 'A purchase was made, reported as paid, settled, canceled or charged back.' },
    RESELLER_CREATED: { description: 'A panel was created.' },
    RESELLER_STATUS_CHANGED: { description: 'A panel was suspended, resumed or closed.' },
    CUSTOMER_REMINDED: {
      description: "A reminder rule of the endpoint's own panel is due for a customer. The event contains the text to send.",
    },
    SERVICE_READY: { description: 'The service reported that it serves the customer. accessChanged does not send this.' },
    SERVICE_FAILED: { description: 'The service reported that it could not serve the customer. accessChanged does not send this.' },
    SERVICE_RETRIED: { description: 'Nothing has changed; the panel asks the service to try again.' },
  } as const,
});

const CustomerChange = builder.objectRef<AccessEvent>('CustomerChange').implement({
  description: "A change of what a customer of the viewer's panel may use.",
  ...reached('version', 'event', 'customer', 'at'),
  fields: (t) => ({
    version: t.expose('version', {
      type: 'Version',
      description: "The number of the change in the tenant. Numbers rise, but changes of other panels' customers are left out.",
    }),
    event: t.field({
      type: WebhookEvent,
      description: 'The kind of change.',
      resolve: ({ event }) => event as typeof WebhookEvent.$inferType,
    }),
    customer: t.prismaField({
      type: Customer,
      description: 'The customer as it is now.',
      resolve: (query, { customerId, tenantId }, _args, { ports: { prisma } }) =>
        prisma.customer.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id: customerId } } }),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change happened.' }),
  }),
});

async function subscribe(ctx: Context, after: number | null): Promise<Stream<AccessEvent>> {
  const rights = new SubscriptionRights<AccessEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: false,
    source: ({ id, tenantId }) => ({ key: id, open: () => ctx.feed.access(tenantId, id, after) }),
  });
  const stream = await watched(rights);
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('customerChanged', (t) =>
  t.field({
    type: CustomerChange,
    description:
      "Every change of what the customers of the viewer's panel may use, in the order of their numbers, none missing and none twice. Without `after`, it sends changes from now on. With `after: v`, it sends every change numbered above v, then live changes. If v is above the present number: BAD_USER_INPUT. Closed to a locked panel: PANEL_LOCKED.",
    authScopes: { reads: PANEL_ROLES, unlocked: true },
    args: { after: t.arg({ type: 'Version', description: 'Sends first every change numbered above this. 0 for all changes.' }) },
    subscribe: (_root, { after }, ctx) => subscribe(ctx, after ?? null),
    resolve: (event, _args, ctx) => {
      clearCaches(ctx);
      return event;
    },
  }),
);
