/** The mutations on purchases: buy, cancel, report, confirm, charge back. */

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
import { type Done, isReplayed, purchaseKey, transferOf } from '../core/posted.ts';
import { accountRow, transferRow } from '../core/prisma-rows.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { isVisible } from '../core/visibility.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { PaymentProvider, Purchase } from './purchase.ts';

const REPEATED = 'Whether an earlier call already did this. The accounts are then as they are now.';

/** Reads the purchase, which is a field of every payload. */
function readPurchase(query: object, done: Done, { ports: { prisma } }: Context) {
  return prisma.purchase.findUniqueOrThrow({ ...query, where: purchaseKey(done) });
}

const BuyCreditsInput = builder.inputType('BuyCreditsInput', {
  description: 'An order for credits.',
  fields: (t) => ({
    quantity: t.field({
      type: 'Credits',
      required: true,
      description: 'Credits to buy: `TenantPolicy.minimumPurchase` or more, 1,000,000,000 at most.',
    }),
    provider: t.field({
      type: PaymentProvider,
      description:
        'One of `Query.paymentMethods`. If not given, the first of them. MANUAL is the only one if the seller has set up no provider.',
    }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const BuyCreditsPayload = builder.objectRef<Done>('BuyCreditsPayload').implement({
  description: 'The purchase was made. Its credits are posted when it is paid.',
  ...reached('purchase', 'replayed'),
  fields: (t) => ({
    purchase: t.prismaField({
      type: Purchase,
      description: 'The purchase.',
      resolve: (query, done, _args, ctx) => readPurchase(query, done, ctx),
    }),
    replayed: t.boolean({ description: 'Whether an earlier call with the same key and input already made it (R31).', resolve: isReplayed }),
  }),
});

mutation('buyCredits', {
  description:
    "Orders credits from the viewer's seller at the present price (R26, R27). A locked or suspended panel may buy too. The panel stays locked until the purchase is paid (R9). For OWNER and FINANCE.",
  who: { role: BUY_ROLES },
  input: BuyCreditsInput,
  argument: 'The order.',
  payload: BuyCreditsPayload,
  refusals: [Forbidden, InvalidInput, BelowMinimum, IdempotencyConflict, InvalidState],
  result: 'The purchase, or why it was not made.',
  run: (input, ctx) => buyCredits(ctx.ports, viewerOf(ctx), input),
});

const CancelPurchaseInput = builder.inputType('CancelPurchaseInput', {
  description: 'A purchase to cancel.',
  fields: (t) => ({ purchaseId: t.id({ required: true, description: 'A purchase of your own panel that is PENDING.' }) }),
});

const CancelPurchasePayload = builder.objectRef<Done>('CancelPurchasePayload').implement({
  description: 'The purchase was canceled.',
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
  description: "Cancels an unpaid purchase of the viewer's panel. A locked or suspended panel may do this. For OWNER and FINANCE.",
  who: { role: BUY_ROLES },
  input: CancelPurchaseInput,
  argument: 'The purchase to cancel.',
  payload: CancelPurchasePayload,
  refusals: [Forbidden, NotFound, InvalidState],
  result: 'The purchase, or why it was not canceled.',
  run: ({ purchaseId }, ctx) => cancelPurchase(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Purchase', purchaseId)),
});

const ReportPaymentInput = builder.inputType('ReportPaymentInput', {
  description: 'A purchase that the buyer has paid.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'A purchase of your own panel that is PENDING.' }),
    note: t.string({ description: 'A note for the seller, for example who paid from which bank: up to 200 characters.' }),
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
    "Reports to the seller that the viewer's panel has paid a purchase. It moves no credits: the seller is notified and has to confirm (R40). A locked or suspended panel may do this. Once in 10 minutes for a purchase: a repeated call with the same note returns the first result, with another note it is RATE_LIMITED. For OWNER and FINANCE.",
  who: { role: BUY_ROLES },
  input: ReportPaymentInput,
  argument: 'The purchase, and a note for the seller.',
  payload: ReportPaymentPayload,
  refusals: [Forbidden, InvalidInput, NotFound, InvalidState, RateLimited],
  result: 'The purchase, or why the seller was not notified.',
  run: (input, ctx) => reportPayment(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});

const ConfirmPurchaseInput = builder.inputType('ConfirmPurchaseInput', {
  description: 'A purchase whose money arrived.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'A purchase from you that is PENDING or PAID_UNFUNDED.' }),
    reference: t.string({ description: 'Your reference for the payment, for example its number at the bank: up to 255 characters.' }),
  }),
});

const ConfirmPurchasePayload = builder.objectRef<Done>('ConfirmPurchasePayload').implement({
  description: 'The purchase is paid, and its credits were posted.',
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
      description: "The buyer's account after the transfer. Null if you may not see it (R18).",
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
  description:
    'Confirms, as the seller, that the money of a purchase arrived. The same commit posts the credits. They are posted only once, even if the purchase is confirmed again (R28). For OWNER and FINANCE of the seller, and the platform.',
  who: { role: SALE_ROLES },
  input: ConfirmPurchaseInput,
  argument: 'The purchase whose money arrived.',
  payload: ConfirmPurchasePayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, InsufficientCredits],
  result: 'The posted credits, or why none were posted.',
  run: (input, ctx) => confirmPurchase(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});

const ChargeBackPurchaseInput = builder.inputType('ChargeBackPurchaseInput', {
  description: 'A purchase whose money went back to the buyer.',
  fields: (t) => ({
    purchaseId: t.id({ required: true, description: 'A purchase from you that is PAID, or PAID_UNFUNDED if you returned the money.' }),
    reason: t.string({ required: true, description: 'The reason, which the buyer sees: 1 to 500 characters.' }),
    quantity: t.field({
      type: 'Credits',
      description: 'The number of credits to take back. If not given, all credits of the purchase that were not charged back before.',
    }),
    idempotencyKey: t.string({
      description: 'Required for safe retries with `quantity`: a repeated key takes nothing more. 1 to 255 characters.',
    }),
  }),
});

/** The transfer of the credits that went back at once. For a replay, the first one of the purchase. */
async function takenBy({ ports: { prisma } }: Context, done: Done): Promise<TransferRow | null> {
  if (done.status === 'posted') return done.transfer && transferRow(done.transfer);
  const { id: purchaseId, tenantId } = purchaseKey(done).tenantId_id;
  if (done.transferId === null) return null;
  return prisma.transfer.findFirst({ where: { tenantId, purchaseId, kind: 'CHARGEBACK' }, orderBy: { id: 'asc' } });
}

/** The account, or null if the viewer may no longer see it (R18). */
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
        "The account of the buyer, or of the panel that took a closed buyer's balance, after the charge-back. Null if nothing was posted, or if you may not see it (R18).",
      resolve: (done, _args, ctx) => accountIfSeen(ctx, done.status === 'posted' ? done.from : (done.to ?? done.from)),
    }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The transfer of the credits that went back. Null if the buyer had none left.',
      resolve: (done, _args, ctx) => takenBy(ctx, done),
    }),
    replayed: t.boolean({ description: REPEATED, resolve: isReplayed }),
  }),
});

mutation('chargeBackPurchase', {
  description:
    "Records, as the seller, that the money of a PAID purchase went back. Credits up to the quantity go from the buyer's balance back to the seller. The rest becomes a debt, which suspends the buyer until it is repaid (R29). A PAID_UNFUNDED purchase becomes CANCELED. For OWNER and FINANCE of the seller, and the platform.",
  who: { role: SALE_ROLES },
  input: ChargeBackPurchaseInput,
  argument: 'The purchase, and the reason.',
  payload: ChargeBackPurchasePayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The charge-back, or why it was not made.',
  run: (input, ctx) => chargeBackPurchase(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Purchase', input.purchaseId)),
});
