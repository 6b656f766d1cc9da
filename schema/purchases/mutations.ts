/** The mutations on purchases: buy, cancel, confirm, charge back. */

import type { Account as AccountRow, Transfer as TransferRow } from '../../prisma/generated/client/client.ts';
import type { RowId } from '../../src/domain/input.ts';
import { SALE_ROLES } from '../../src/domain/purchase/as-seller.ts';
import { BUY_ROLES, buyCredits } from '../../src/domain/purchase/buy-credits.ts';
import { cancelPurchase } from '../../src/domain/purchase/cancel-purchase.ts';
import { chargeBackPurchase } from '../../src/domain/purchase/charge-back-purchase.ts';
import { confirmPurchase } from '../../src/domain/purchase/confirm-purchase.ts';
import { reportPayment } from '../../src/domain/purchase/report-payment.ts';
import {
  BelowMinimum,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidInput,
  InvalidState,
  NotFound,
  PanelLocked,
  PanelSuspended,
  RateLimited,
} from '../../src/kernel/errors.ts';
import type { AccountState } from '../../src/kernel/journal.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { IDEMPOTENCY_KEY } from '../core/descriptions.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { type Done, isReplayed, madePurchase, transferOf } from '../core/posted.ts';
import { accountRow, transferRow } from '../core/prisma-rows.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { isVisible } from '../core/visibility.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { PaymentProvider, Purchase } from './purchase.ts';

const REPEATED = 'Whether it had been done before: the accounts are then as they are now.';

/** The field that every payload has. */
function readPurchase(query: object, done: Done, { ports: { prisma } }: Context) {
  return prisma.purchase.findUniqueOrThrow({ ...query, where: madePurchase(done) });
}

const BuyCreditsInput = builder.inputType('BuyCreditsInput', {
  description: 'An order of credits.',
  fields: (t) => ({
    quantity: t.field({
      type: 'Credits',
      required: true,
      description: 'Credits to buy: `TenantPolicy.minimumPurchase` or more, 1,000,000,000 at most.',
    }),
    provider: t.field({
      type: PaymentProvider,
      description: 'One of `paymentMethods`; not given: the first of them, which is MANUAL where the seller has set up no other.',
    }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const BuyCreditsPayload = builder.objectRef<Done>('BuyCreditsPayload').implement({
  description: 'The purchase was made; its credits come when it is paid for.',
  ...reached('purchase', 'replayed'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase.',
      resolve: (query, done, _args, ctx) => readPurchase(query, done, ctx),
    }),
    replayed: t.boolean({ description: 'Whether an earlier call with the same key and input had made it.', resolve: isReplayed }),
  }),
});

mutation('buyCredits', {
  description:
    'Orders credits at the price of now, from whoever sells to the viewer. A locked or suspended panel may. The purchase unlocks nothing until it is paid for.',
  who: { role: BUY_ROLES },
  input: BuyCreditsInput,
  argument: 'What to buy.',
  payload: BuyCreditsPayload,
  refusals: [Forbidden, InvalidInput, BelowMinimum, IdempotencyConflict, InvalidState],
  result: 'The purchase, or why there is none.',
  run: (input, ctx) => buyCredits(ctx.ports, viewerOf(ctx), input),
});

const CancelPurchaseInput = builder.inputType('CancelPurchaseInput', {
  description: 'A purchase that is not wanted any more.',
  fields: (t) => ({ purchaseId: t.id({ required: true, description: 'One of your own, still PENDING.' }) }),
});

const CancelPurchasePayload = builder.objectRef<Done>('CancelPurchasePayload').implement({
  description: 'The purchase is canceled.',
  ...reached('purchase'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase as it is now.',
      resolve: (query, done, _args, ctx) => readPurchase(query, done, ctx),
    }),
  }),
});

mutation('cancelPurchase', {
  description: "Cancels a purchase of the viewer's panel that was not paid for. A locked or suspended panel may.",
  who: { role: BUY_ROLES },
  input: CancelPurchaseInput,
  argument: 'The purchase to cancel.',
  payload: CancelPurchasePayload,
  refusals: [Forbidden, NotFound, InvalidState],
  result: 'The purchase, or why it was not canceled.',
  run: ({ purchaseId }, ctx) => cancelPurchase(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Purchase', purchaseId)),
});

const ReportPaymentInput = builder.inputType('ReportPaymentInput', {
  description: 'A purchase that was paid for.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'One of your own, still PENDING.' }),
    note: t.string({ description: 'What the seller should know, as who paid from which bank: up to 200 characters.' }),
  }),
});

const ReportPaymentPayload = builder.objectRef<RowId>('ReportPaymentPayload').implement({
  description: 'The seller was notified.',
  ...reached('purchase'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase as it is now.',
      resolve: (query, tenantId_id, _args, { ports: { prisma } }) =>
        prisma.purchase.findUniqueOrThrow({ ...query, where: { tenantId_id } }),
    }),
  }),
});

mutation('reportPayment', {
  description:
    "Says that a purchase of the viewer's panel was paid for. It moves nothing: the seller is notified, and confirms. A locked or suspended panel may. Once in 10 minutes a purchase; the same words again are answered as the first time.",
  who: { role: BUY_ROLES },
  input: ReportPaymentInput,
  argument: 'The purchase, and a note for the seller.',
  payload: ReportPaymentPayload,
  refusals: [Forbidden, InvalidInput, NotFound, InvalidState, RateLimited],
  result: 'The purchase, or why nobody was notified.',
  run: (input, ctx) => reportPayment(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});

const ConfirmPurchaseInput = builder.inputType('ConfirmPurchaseInput', {
  description: 'A purchase whose money arrived.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'One that you sell, PENDING or PAID_UNFUNDED.' }),
    reference: t.string({ description: 'What you know the payment by, as its number at the bank: up to 255 characters.' }),
  }),
});

const ConfirmPurchasePayload = builder.objectRef<Done>('ConfirmPurchasePayload').implement({
  description: 'The purchase is paid for, and its credits were posted.',
  ...reached('purchase', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase as it is now.',
      resolve: (query, done, _args, ctx) => readPurchase(query, done, ctx),
    }),
    account: t.field({
      type: Account,
      nullable: true,
      description: "The buyer's account, after it; null: outside what the viewer may see.",
      resolve: ({ to }, _args, ctx) => accountIfSeen(ctx, to),
    }),
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the credits.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
    replayed: t.boolean({ description: REPEATED, resolve: isReplayed }),
  }),
});

mutation('confirmPurchase', {
  description: 'The seller says that the money arrived: the credits are posted with it, once, however often it is said.',
  who: { role: SALE_ROLES },
  input: ConfirmPurchaseInput,
  argument: 'The purchase that was paid for.',
  payload: ConfirmPurchasePayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, InsufficientCredits],
  result: 'What was posted, or why nothing was.',
  run: (input, ctx) => confirmPurchase(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});

const ChargeBackPurchaseInput = builder.inputType('ChargeBackPurchaseInput', {
  description: 'A purchase whose money went back.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'One that you sold, PAID; or PAID_UNFUNDED, whose money you sent back.' }),
    reason: t.string({ required: true, description: '1 to 500 characters; the buyer sees it.' }),
    quantity: t.field({ type: 'Credits', description: 'How many credits go back; all that is left of the purchase when not given.' }),
    idempotencyKey: t.string({
      description: 'For a `quantity`: a call that is sent again with it takes nothing more. 1 to 255 characters.',
    }),
  }),
});

/** What went back at once. A repetition answers with the first, which is found by the purchase. */
async function takenBy({ ports: { prisma } }: Context, done: Done): Promise<TransferRow | null> {
  if (done.status === 'posted') return done.transfer && transferRow(done.transfer);
  const { id: purchaseId, tenantId } = madePurchase(done).tenantId_id;
  if (done.transferId === null) return null;
  return prisma.transfer.findFirst({ where: { tenantId, purchaseId, kind: 'CHARGEBACK' }, orderBy: { id: 'asc' } });
}

/** The side of the buyer is null when the viewer may no longer see it (R18). */
async function accountIfSeen(ctx: Context, state: AccountState | null): Promise<AccountRow | null> {
  if (state === null) return null;
  const { id, tenantId } = state;
  const account = await loadersOf(ctx).account.load({ tenantId, id });
  return account !== null && isVisible(ctx, account.reseller) ? accountRow(state) : null;
}

const ChargeBackPurchasePayload = builder.objectRef<Done>('ChargeBackPurchasePayload').implement({
  description: 'The purchase was charged back.',
  ...reached('purchase', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase as it is now.',
      resolve: (query, done, _args, ctx) => readPurchase(query, done, ctx),
    }),
    account: t.field({
      type: Account,
      nullable: true,
      description:
        "The buyer's account, or that of the panel that took its balance, after it; null: nothing was posted, or outside what the viewer may see.",
      resolve: (done, _args, ctx) => accountIfSeen(ctx, done.status === 'posted' ? done.from : (done.to ?? done.from)),
    }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'What went back; null when nothing was left.',
      resolve: (done, _args, ctx) => takenBy(ctx, done),
    }),
    replayed: t.boolean({ description: REPEATED, resolve: isReplayed }),
  }),
});

mutation('chargeBackPurchase', {
  description:
    'The seller says that the money of a settled purchase went back: what the buyer has left of its credits goes back to whose they were; the rest is owed, and suspends the buyer until it is repaid. Of a purchase that is PAID_UNFUNDED: the money was sent back, and it is CANCELED.',
  who: { role: SALE_ROLES },
  input: ChargeBackPurchaseInput,
  argument: 'Which purchase, and why.',
  payload: ChargeBackPurchasePayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'What was withdrawn, or why nothing was.',
  run: (input, ctx) => chargeBackPurchase(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});
