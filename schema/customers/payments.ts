/** The type CustomerPayment, lists of them, and the mutation confirmCustomerPayment (R54). */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { CustomerPayment as PaymentRow, Prisma } from '../../prisma/generated/client/client.ts';
import { confirmCustomerPayment, PAYMENT_ROLES } from '../../src/domain/customer-payment/confirm-customer-payment.ts';
import type { RowId } from '../../src/domain/input.ts';
import { PROVIDER_ACTOR_ID } from '../../src/kernel/actor.ts';
import { Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import type { CustomerPaymentStatus as StatusName } from '../../src/ledger/outcome.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, newestPage, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { momentOf } from '../core/now.ts';
import { accountOf, type Done, isReplayed, paymentKey } from '../core/posted.ts';
import { actingOf, isClosedByLock, reached, viewerOf } from '../core/scopes.ts';
import { visibleCustomers } from '../core/visibility.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Viewer } from '../people/viewer.ts';
import { PaymentProvider } from '../purchases/purchase.ts';

const statuses = {
  PENDING: { description: 'The customer has chosen a plan, and the money has not arrived.' },
  PAID: { description: 'The money arrived. The same commit changes the status to APPLIED or PAID_UNFUNDED, so no list shows PAID.' },
  PAID_UNFUNDED: { description: 'The money arrived, but the renewal waits: for credits, or until something else allows it.' },
  APPLIED: { description: 'The money arrived, and the customer was renewed.' },
  EXPIRED: { description: 'The payment was not paid within 24 hours. Money that arrives later is still accepted.' },
  REFUNDED: { description: "The panel's payment provider reported that all of the money went back. This changes no service." },
} satisfies Record<StatusName, { readonly description: string }>;

const CustomerPaymentStatus = builder.enumType('CustomerPaymentStatus', {
  description: "The status of a customer's payment, by the database's clock (R54).",
  values: statuses,
});

function statusAt({ expiresAt, status }: Pick<PaymentRow, 'expiresAt' | 'status'>, now: Date): StatusName {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status;
}

/** A PENDING payment past its time counts as EXPIRED, although EXPIRED is written to the row only a little later. */
function whereStatus(status: StatusName | null | undefined, now: Date): Prisma.CustomerPaymentWhereInput {
  if (!status) return {};
  if (status === 'EXPIRED') return { OR: [{ status }, { status: 'PENDING', expiresAt: { lte: now } }] };
  return status === 'PENDING' ? { status, expiresAt: { gt: now } } : { status };
}

export const CustomerPayment = builder.prismaObject('CustomerPayment', {
  description: 'A payment of a customer to its panel, made from the page of its renewal link. It is a copy of the chosen plan (R54).',
  interfaces: [Node],
  ...reached(
    ...['id', 'status', 'customer', 'planName', 'priceMinor', 'currency', 'periods', 'screens'],
    ...['createdAt', 'expiresAt', 'paidAt', 'provider', 'reference', 'returnedMinor', 'appliedBy'],
  ),
  fields: (t) => ({
    id: t.id(idField('CustomerPayment', (payment) => payment)),
    status: t.field({
      type: CustomerPaymentStatus,
      description: 'The present status.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (payment, _args, ctx) => statusAt(payment, await momentOf(ctx)),
    }),
    customer: t.relation('customer', { description: 'The customer who pays.' }),
    planName: t.exposeString('planName', { description: 'The name of the plan when it was chosen.' }),
    priceMinor: t.expose('priceMinor', { type: 'MinorUnits', description: 'The price, in minor units of `currency`.' }),
    currency: t.exposeString('currency', { description: 'The currency in ISO 4217, for example BRL.' }),
    periods: t.exposeInt('periods', { description: 'The number of 30-day periods.' }),
    screens: t.exposeInt('screens', { description: 'The number of screens. The renewal costs periods × screens credits.' }),
    createdAt: t.expose('openedAt', { type: 'DateTime', description: 'When the customer chose the plan.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When a payment that is still PENDING becomes EXPIRED.' }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true, description: 'When the payment was confirmed. Null before that.' }),
    provider: t.field({
      type: PaymentProvider,
      nullable: true,
      description: "Who confirmed the payment: the panel's payment provider, or MANUAL for the panel itself. Null before that.",
      select: { paidBy: true, provider: true },
      resolve: ({ paidBy, provider }) => {
        if (paidBy === null) return null;
        return paidBy === PROVIDER_ACTOR_ID ? provider : 'MANUAL';
      },
    }),
    reference: t.exposeString('reference', {
      nullable: true,
      description: 'The reference under which the panel or the provider that confirmed the payment knows it.',
    }),
    returnedMinor: t.expose('returnedMinor', {
      type: 'MinorUnits',
      description: 'The amount that the provider has returned to the customer. The whole price makes it REFUNDED; a part changes nothing.',
    }),
    appliedBy: t.field({
      type: Transfer,
      nullable: true,
      description: 'The transfer of the renewal, or of the activation if the customer was on trial. Null until it is APPLIED.',
      complexity: STATEMENT_COMPLEXITY,
      select: { tenantId: true, transferId: true },
      resolve: ({ tenantId, transferId }, _args, ctx) =>
        transferId === null ? null : loadersOf(ctx).transfer.load({ tenantId, id: transferId }),
    }),
  }),
});

const CustomerPaymentConnection = builder.connectionObject(
  { type: CustomerPayment, name: 'CustomerPaymentConnection', description: "A page of customers' payments." },
  { name: 'CustomerPaymentEdge', description: 'A payment and its cursor.' },
);

builder.objectField(Viewer, 'customerPayments', (t) =>
  t.connection(
    {
      type: CustomerPayment,
      nullable: true,
      description:
        "The payments of your panel's customers, newest first. Confirm a PENDING or EXPIRED payment when its money arrives. PAID_UNFUNDED payments wait for credits. Null if the viewer has no panel.",
      authScopes: { unlocked: true },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        status: t.arg({ type: CustomerPaymentStatus, description: 'Returns only payments with this status.' }),
        customerId: t.arg.id({ description: 'Returns only payments of this customer.' }),
      },
      resolve: async ({ panel, tenantId }, args, ctx, info) => {
        if (panel === null) return null;
        const page = readPage(args, BY_ID);
        const { where, ...query } = newestPage(page);
        const named = args.customerId == null ? null : decodeIdOf(ctx, 'Customer', args.customerId);
        const ofCustomer = args.customerId == null ? {} : { customerId: { in: named === null ? [] : [named.id] } };
        const asked = { tenantId, resellerId: panel.id, ...ofCustomer, ...whereStatus(args.status, await momentOf(ctx)) };
        const { customerPayment } = ctx.ports.prisma;
        const rows = await customerPayment.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'CustomerPayment', path: ['edges', 'node'] }),
          ...query,
          where: { AND: [asked, where ?? {}] },
        });
        return toConnection(
          rows,
          page,
          BY_ID,
          ({ id }) => id,
          () => customerPayment.count({ where: asked }),
        );
      },
    },
    CustomerPaymentConnection,
  ),
);

/** Null for every id while the viewer's panel is locked (R8). */
export async function findCustomerPayment(ctx: Context, { id, tenantId }: RowId, query: object) {
  if (viewerOf(ctx).panel !== null && (await isClosedByLock(ctx))) return null;
  const where = { tenantId_id: { tenantId, id }, AND: [visibleCustomers(ctx)] };
  return ctx.ports.prisma.customerPayment.findUnique({ ...query, where });
}

const ConfirmCustomerPaymentInput = builder.inputType('ConfirmCustomerPaymentInput', {
  description: "A customer's payment whose money arrived.",
  fields: (t) => ({
    paymentId: t.id({ required: true, description: "A payment of one of your panel's customers." }),
    reference: t.string({ description: 'Your reference for the payment, for example its number at the bank: up to 255 characters.' }),
  }),
});

const ConfirmCustomerPaymentPayload = builder.objectRef<Done>('ConfirmCustomerPaymentPayload').implement({
  description: 'The payment is confirmed. The customer was renewed, or will be renewed as soon as the panel can spend.',
  ...reached('payment', 'account', 'replayed'),
  fields: (t) => ({
    payment: t.prismaField({
      type: CustomerPayment,
      description: 'The payment as it is now.',
      resolve: (query, done, _args, { ports: { prisma } }) =>
        prisma.customerPayment.findUniqueOrThrow({ ...query, where: paymentKey(done) }),
    }),
    account: t.field({ type: Account, description: 'Your account after the renewal.', resolve: ({ from }) => accountOf(from) }),
    replayed: t.boolean({
      description: 'Whether the payment was confirmed before. The account is then as it is now.',
      resolve: isReplayed,
    }),
  }),
});

mutation('confirmCustomerPayment', {
  description:
    "Confirms that a customer's money arrived, in whatever way. The same commit renews the customer. If the panel lacks credits or something else prevents the renewal, the payment waits as PAID_UNFUNDED and is applied later (R54). One payment is one renewal, even if it is confirmed again. For OWNER, OPERATOR and FINANCE.",
  who: { role: PAYMENT_ROLES },
  input: ConfirmCustomerPaymentInput,
  argument: 'The payment and your reference for it.',
  payload: ConfirmCustomerPaymentPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The payment, or why it was not confirmed.',
  run: (input, ctx) => confirmCustomerPayment(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'CustomerPayment', input.paymentId)),
});
