/** The subscription customerPaymentChanged: changes of the payments of the own panel's customers. */

import type { PaymentEvent } from '../../src/feed/feed.ts';
import type { Role } from '../../src/kernel/actor.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches } from '../core/scopes.ts';
import { CustomerPayment } from '../customers/payments.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

/** The roles of users whose panel has customers. */
const PANEL_ROLES: readonly Role[] = ['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];

async function subscribe(ctx: Context): Promise<Stream<PaymentEvent>> {
  const rights = new SubscriptionRights<PaymentEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: false,
    source: ({ id, tenantId }) => ({ key: id, open: () => ctx.feed.customerPayments(tenantId, id) }),
  });
  const stream = await watched(rights);
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('customerPaymentChanged', (t) =>
  t.prismaField({
    type: CustomerPayment,
    description:
      "A payment of a customer of the viewer's panel, each time one is opened, confirmed, applied or expired. Always sends the newest state, so fast changes of one payment may be merged. Sends nothing at the start. Closed to a locked panel: PANEL_LOCKED.",
    authScopes: { reads: PANEL_ROLES, unlocked: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (query, { id, tenantId }, _args, ctx) => {
      clearCaches(ctx);
      return ctx.ports.prisma.customerPayment.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } });
    },
  }),
);
