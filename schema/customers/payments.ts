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
import { accountOf, type Done, isReplayed, madePayment } from '../core/posted.ts';
import { actingOf, isClosedByLock, reached, viewerOf } from '../core/scopes.ts';
import { visibleCustomers } from '../core/visibility.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Viewer } from '../people/viewer.ts';
import { PaymentProvider } from '../purchases/purchase.ts';

const statuses = {
  PENDING: { description: 'The customer has chosen a plan; the money has not arrived.' },
  PAID: { description: 'The money arrived. It goes on to APPLIED or PAID_UNFUNDED in the same commit, and rests in neither list.' },
  PAID_UNFUNDED: { description: 'The money arrived, and the renewal waits for credits, or for what else stands in the way of one.' },
  APPLIED: { description: 'The money arrived, and the customer was renewed for it.' },
  EXPIRED: { description: 'It was not paid within 24 hours. Money that comes later is taken all the same.' },
  REFUNDED: { description: "All of the money went back, as the panel's payment provider says. It changes no service." },
} satisfies Record<StatusName, { readonly description: string }>;

const CustomerPaymentStatus = builder.enumType('CustomerPaymentStatus', {
  description: "How a customer's payment stands now, by the database's clock.",
  values: statuses,
});

function statusAt({ expiresAt, status }: Pick<PaymentRow, 'expiresAt' | 'status'>, now: Date): StatusName {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status;
}

/** What is PENDING past its time is EXPIRED, and is written as such a little later. */
function whereStatus(status: StatusName | null | undefined, now: Date): Prisma.CustomerPaymentWhereInput {
  if (!status) return {};
  if (status === 'EXPIRED') return { OR: [{ status }, { status: 'PENDING', expiresAt: { lte: now } }] };
  return status === 'PENDING' ? { status, expiresAt: { gt: now } } : { status };
}

export const CustomerPayment = builder.prismaObject('CustomerPayment', {
  description: 'What a customer pays its panel, from the page of its link: a copy of the plan that was chosen.',
  interfaces: [Node],
  ...reached(
    ...['id', 'status', 'customer', 'planName', 'priceMinor', 'currency', 'periods', 'screens'],
    ...['createdAt', 'expiresAt', 'paidAt', 'provider', 'reference', 'returnedMinor', 'appliedBy'],
  ),
  fields: (t) => ({
    id: t.id(idField('CustomerPayment', (payment) => payment)),
    status: t.field({
      type: CustomerPaymentStatus,
      description: 'How it stands now.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (payment, _args, ctx) => statusAt(payment, await momentOf(ctx)),
    }),
    customer: t.relation('customer', { description: 'Who pays.' }),
    planName: t.exposeString('planName', { description: 'What the plan was called.' }),
    priceMinor: t.expose('priceMinor', { type: 'MinorUnits', description: 'What is paid.' }),
    currency: t.exposeString('currency', { description: 'ISO 4217, as BRL.' }),
    periods: t.exposeInt('periods', { description: 'For how many periods of 30 days it is.' }),
    screens: t.exposeInt('screens', { description: 'For how many screens it is. The renewal costs periods × screens credits.' }),
    createdAt: t.expose('openedAt', { type: 'DateTime', description: 'When the customer chose the plan.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it is to be paid.' }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true, description: 'When it was said that the money arrived.' }),
    provider: t.field({
      type: PaymentProvider,
      nullable: true,
      description: "Who said that the money arrived: the panel's payment provider, or by MANUAL the panel itself; null: nobody yet.",
      select: { paidBy: true, provider: true },
      resolve: ({ paidBy, provider }) => {
        if (paidBy === null) return null;
        return paidBy === PROVIDER_ACTOR_ID ? provider : 'MANUAL';
      },
    }),
    reference: t.exposeString('reference', { nullable: true, description: 'What whoever confirmed it knows the payment by.' }),
    returnedMinor: t.expose('returnedMinor', {
      type: 'MinorUnits',
      description: 'How much of it has gone back, as its provider says. All of it makes it REFUNDED; a part changes nothing.',
    }),
    appliedBy: t.field({
      type: Transfer,
      nullable: true,
      description: 'The renewal, or for a trial the activation, that it became; null: none yet.',
      complexity: STATEMENT_COMPLEXITY,
      select: { tenantId: true, transferId: true },
      resolve: ({ tenantId, transferId }, _args, ctx) =>
        transferId === null ? null : loadersOf(ctx).transfer.load({ tenantId, id: transferId }),
    }),
  }),
});

const CustomerPaymentConnection = builder.connectionObject(
  { type: CustomerPayment, name: 'CustomerPaymentConnection', description: "Customers' payments of a list." },
  { name: 'CustomerPaymentEdge', description: 'A payment and its place in the list.' },
);

builder.objectField(Viewer, 'customerPayments', (t) =>
  t.connection(
    {
      type: CustomerPayment,
      nullable: true,
      description:
        "What the own panel's customers pay, the newest first: those that are PENDING or EXPIRED are confirmed when their money arrives, those that are PAID_UNFUNDED wait for credits. null: the viewer has no panel.",
      authScopes: { unlocked: true },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        status: t.arg({ type: CustomerPaymentStatus, description: 'Only those of this status.' }),
        customerId: t.arg.id({ description: 'Only those of this customer.' }),
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

/** A locked panel gets at none (R8). */
export async function findCustomerPayment(ctx: Context, { id, tenantId }: RowId, query: object) {
  if (viewerOf(ctx).panel !== null && (await isClosedByLock(ctx))) return null;
  const where = { tenantId_id: { tenantId, id }, AND: [visibleCustomers(ctx)] };
  return ctx.ports.prisma.customerPayment.findUnique({ ...query, where });
}

const ConfirmCustomerPaymentInput = builder.inputType('ConfirmCustomerPaymentInput', {
  description: "A customer's payment whose money arrived.",
  fields: (t) => ({
    paymentId: t.id({ required: true, description: "One of your own panel's customers." }),
    reference: t.string({ description: 'What you know the payment by, as its number at the bank: up to 255 characters.' }),
  }),
});

const ConfirmCustomerPaymentPayload = builder.objectRef<Done>('ConfirmCustomerPaymentPayload').implement({
  description: 'The payment is paid: the customer was renewed, or is as soon as the panel can spend.',
  ...reached('payment', 'account', 'replayed'),
  fields: (t) => ({
    payment: t.prismaField({
      type: CustomerPayment,
      description: 'The payment as it is now.',
      resolve: (query, done, _args, { ports: { prisma } }) =>
        prisma.customerPayment.findUniqueOrThrow({ ...query, where: madePayment(done) }),
    }),
    account: t.field({ type: Account, description: "The panel's account, after it.", resolve: ({ from }) => accountOf(from) }),
    replayed: t.boolean({ description: 'Whether it had been confirmed before: the account is then as it is now.', resolve: isReplayed }),
  }),
});

mutation('confirmCustomerPayment', {
  description:
    'Says that the money of a customer arrived, by whatever way. The customer is renewed with it in the same commit; where the panel has not the credits, or something else stands in the way of a renewal, the payment waits and is applied by the commit that brings what it waits for. Once, however often it is said.',
  who: { role: PAYMENT_ROLES },
  input: ConfirmCustomerPaymentInput,
  argument: 'The payment, and what it is known by.',
  payload: ConfirmCustomerPaymentPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The payment, or why it was not taken.',
  run: (input, ctx) => confirmCustomerPayment(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'CustomerPayment', input.paymentId)),
});
