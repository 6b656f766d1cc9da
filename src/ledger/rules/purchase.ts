/** Decides orders for credits, their cancellation and their settlement: R26 to R30. */

import { isInBranch, PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { BelowMinimum, InsufficientCredits, InvalidState, NotFound, Refusal } from '../../kernel/errors.ts';
import type { AccountState } from '../../kernel/journal.ts';
import type { BuyCredits, CancelPurchase, ChargeBackPurchase, ReverseChargeBack, SettlePurchase } from '../command.ts';
import type { Outcome, PurchaseState, PurchaseStatus, Replayed } from '../outcome.ts';
import { actingPanel, commandKind, issuedName, transferIdOf } from './command-kind.ts';
import { aboveMaximum, move, payerOf, posted, refuse, timeOf } from './movement.ts';
import type { State } from './state.ts';

/** The most unpaid orders of one panel. */
const MAX_PENDING_PURCHASES = 50;

export const buyCredits = commandKind<BuyCredits>({
  transferAccounts: () => ({ fromId: null, toId: null }),
  alsoLocks: ({ scopeId }) => [scopeId],
  reads: ({ scopeId }) => ({ panelId: scopeId }),
  mark: ({ purchaseId }) => purchaseId,
  refuseValues: (state, { quantity, tenantId }) => {
    const { minimumPurchase } = state.policy(tenantId);
    return quantity < minimumPurchase ? new BelowMinimum('input.quantity', minimumPurchase) : null;
  },
  decide: decideBuy,
  remember: (facts, { scopeId }) => facts.putCounts(scopeId, { ...facts.counts(scopeId), pending: facts.counts(scopeId).pending + 1 }),
});

/** Allowed for a locked or suspended panel: buying is how it recovers (R8, R11). */
function decideBuy(state: State, command: BuyCredits): Outcome {
  const { currency, provider, purchaseId, quantity, scopeId, sellerId, tenantId, totalMinor } = command;
  const panel = state.panel(tenantId, scopeId);
  const seller = state.policy(tenantId).purchaseSource === 'PARENT' ? (panel?.parentId ?? null) : null;
  if (sellerId !== seller) return refuse(new InvalidState('The seller of this panel has changed meanwhile: try again.'));
  if (state.counts(scopeId).pending >= MAX_PENDING_PURCHASES) {
    return refuse(new InvalidState(`A panel has at most ${MAX_PENDING_PURCHASES} unpaid purchases: cancel some first.`));
  }
  const purchase: PurchaseState = {
    tenantId,
    id: purchaseId,
    buyerId: scopeId,
    sellerId,
    quantity,
    totalMinor,
    currency,
    provider,
    status: 'PENDING',
    createdBy: command.actorId,
    createdAtMs: state.nowMs,
    expiresAtMs: state.nowMs + command.expiresAfterMs,
    settledAtMs: null,
    transferId: null,
    reference: null,
    chargedBack: 0,
    deliveredBy: null,
  };
  return posted({ purchase });
}

export const cancelPurchase = commandKind<CancelPurchase>({
  transferAccounts: ({ buyerId }) => ({ fromId: null, toId: buyerId }),
  alsoLocks: actingPanel,
  reads: ({ purchaseId }) => ({ purchaseId }),
  mark: ({ purchaseId }) => purchaseId,
  decide: decideCancelPurchase,
  audit: ({ address, auditId }, { purchase }) =>
    purchase && {
      id: auditId,
      action: 'PURCHASE_CANCELED',
      address: address ?? null,
      customerId: null,
      subject: `${purchase.quantity} credits`,
      changes: [{ field: 'status', before: 'PENDING', after: 'CANCELED' }],
      atMs: null,
    },
});

function decideCancelPurchase(state: State, command: CancelPurchase): Outcome {
  const purchase = state.purchase(command.tenantId, command.purchaseId);
  if (!purchase || purchase.buyerId !== command.scopeId) return refuse(new NotFound());
  if (purchase.status === 'CANCELED') return replayOf(state, command, purchase);
  const status = statusOf(purchase, state.nowMs);
  if (status !== 'PENDING') return refuse(wrongStatus(status));
  return posted({ purchase: { ...purchase, status: 'CANCELED' } });
}

export const settlePurchase = commandKind<SettlePurchase>({
  transferAccounts: ({ buyerId, sellerId }) => ({ fromId: sellerId, toId: buyerId }),
  alsoLocks: actingPanel,
  names: (command) => {
    const names = mayIssue(command) ? [issuedName(command)] : [];
    return command.reference === null ? names : [...names, `payment ${command.sellerId} ${command.reference}`];
  },
  reads: (command) => {
    const { purchaseId, reference, sellerId } = command;
    const read = { purchaseId, issued: mayIssue(command) };
    return reference === null ? read : { ...read, payment: { sellerId, reference } };
  },
  mark: transferIdOf,
  decide: decideSettle,
  remember: (facts, { tenantId }, { transfer }) => {
    if (transfer?.fromId === null) facts.putIssued(tenantId, facts.issuedIn(tenantId) + transfer.amount);
  },
});

/** Whether its credits may be issued: the platform sells them, or settles the sale for a seller that cannot deliver. */
function mayIssue({ by, scopeTenantId, sellerId, tenantId }: SettlePurchase): boolean {
  return sellerId === null || (by === 'SELLER' && scopeTenantId !== tenantId);
}

function decideSettle(state: State, command: SettlePurchase): Outcome {
  const purchase = state.purchase(command.tenantId, command.purchaseId);
  if (purchase?.status === 'PAID' && isParty(state, command, purchase)) return replayOf(state, command, purchase);
  if (command.by === 'SELLER' && command.scopeTenantId === command.tenantId) {
    const seller = payerOf(state, command);
    if (seller.status === 'refused') return seller;
  }
  if (!purchase || !isParty(state, command, purchase)) return refuse(new NotFound());
  const settledBy =
    purchase.provider === 'MANUAL' || command.reference === null
      ? undefined
      : state.settledBy({ ...purchase, reference: command.reference });
  if (settledBy !== undefined && settledBy !== purchase.id) return refuse(new InvalidState('This payment belongs to another purchase.'));
  const outcome = settle(state, command, purchase);
  // A seller gets the refusal. A provider's report of money is recorded: the seller's confirmation settles it later.
  if (command.by === 'SELLER' || outcome.status !== 'refused') return outcome;
  // This payment's money was sent back or disputed before: a repeated report of it changes nothing.
  const isEnded = purchase.status === 'CANCELED' && purchase.reference !== null && purchase.reference === command.reference;
  if (isEnded || purchase.status === 'PAID_UNFUNDED' || purchase.status === 'CHARGED_BACK') return replayOf(state, command, purchase);
  return posted({ purchase: { ...purchase, status: 'PAID_UNFUNDED', reference: command.reference } });
}

function settle(state: State, command: SettlePurchase, purchase: PurchaseState): Outcome {
  const { buyerId, quantity, sellerId, tenantId } = purchase;
  const status = statusOf(purchase, state.nowMs);
  if (status !== 'PENDING' && status !== 'PAID_UNFUNDED') return refuse(wrongStatus(status));
  // If the purchase could not be settled when the money arrived, only the seller settles it (R28).
  if (status === 'PAID_UNFUNDED' && command.by === 'PROVIDER') return refuse(wrongStatus(status));
  const buyer = state.account(tenantId, buyerId);
  if (!buyer || state.panel(tenantId, buyerId)?.closed !== false) return refuse(new InvalidState('The panel that bought is closed.'));
  const deliverer = delivererOf(command, purchase);
  const from = deliverer === null ? null : sellerAccount(state, tenantId, deliverer, quantity);
  if (from instanceof Refusal) return refuse(from);
  if (buyer.balance + quantity > MAX_CREDITS) return refuse(aboveMaximum());
  if (from === null && state.issuedIn(tenantId) + quantity > MAX_CREDITS) return refuse(aboveMaximum());
  const at = timeOf(state, buyer, from ?? buyer);
  const to = from === null ? { ...buyer, issued: buyer.issued + quantity } : buyer;
  const { transferId } = command;
  const done = move(state, command, { transferId, kind: 'PURCHASE', amount: quantity, from, to, purchaseId: purchase.id }, at);
  const reference = command.reference ?? purchase.reference;
  const deliveredBy = deliverer === sellerId ? null : (deliverer ?? PLATFORM_TENANT_ID);
  return { ...done, purchase: { ...purchase, status: 'PAID', settledAtMs: at, transferId, reference, deliveredBy } };
}

/** The panel that delivers the credits: the seller, or the panel that settles the sale for it. Null if the credits are issued. */
function delivererOf({ by, scopeId, scopeTenantId, tenantId }: SettlePurchase, { sellerId }: PurchaseState): string | null {
  if (by === 'PROVIDER' || sellerId === null) return sellerId;
  return scopeTenantId === tenantId ? scopeId : null;
}

/** The account of a panel that can deliver the credits, or the refusal. */
function sellerAccount(state: State, tenantId: string, id: string, quantity: number): AccountState | Refusal {
  const seller = state.account(tenantId, id);
  const panel = state.panel(tenantId, id);
  if (!seller || !panel || panel.closed || panel.suspended) return new InvalidState('The panel that sells is suspended or closed.');
  return seller.balance < quantity ? new InsufficientCredits(quantity, seller.balance) : seller;
}

/**
 * Whether the caller may settle a sale or charge it back: its seller, or a provider on the seller's behalf. If the seller can no
 * longer deliver to the buyer, the tenant's owner and the platform may, so that no money stays that nobody can settle (R28).
 */
export function isParty(state: State, command: SettlePurchase | ChargeBackPurchase, purchase: PurchaseState): boolean {
  const { by, scopeId, scopeTenantId, tenantId } = command;
  if (by === 'PROVIDER') return true;
  const isPlatform = scopeTenantId !== tenantId;
  if (purchase.sellerId === null) return isPlatform;
  if (scopeId === purchase.sellerId) return true;
  const mayStandIn = isPlatform || (scopeId === tenantId && state.actor(command.actorId)?.role === 'OWNER');
  return mayStandIn && isStranded(state, purchase);
}

/** Whether the seller can no longer deliver to the buyer: one is closed, the seller is suspended, or the buyer has left its branch. */
function isStranded(state: State, { buyerId, sellerId, tenantId }: PurchaseState): boolean {
  const buyer = state.panel(tenantId, buyerId);
  const seller = sellerId === null ? undefined : state.panel(tenantId, sellerId);
  if (!buyer || !seller) return false;
  return buyer.closed || seller.closed || seller.suspended || !isInBranch(seller.path, buyer.path);
}

/** The present status: no job writes EXPIRED, it follows from the time (R28). */
function statusOf({ expiresAtMs, status }: PurchaseState, nowMs: number): PurchaseStatus {
  return status === 'PENDING' && expiresAtMs <= nowMs ? 'EXPIRED' : status;
}

export function wrongStatus(status: PurchaseStatus): InvalidState {
  return new InvalidState(`The purchase is ${status}.`);
}

type OfPurchase = CancelPurchase | SettlePurchase | ChargeBackPurchase | ReverseChargeBack;

export function replayOf(state: State, command: OfPurchase, purchase: PurchaseState, own = false): Replayed {
  const { buyerId, sellerId, tenantId } = command;
  return {
    status: 'replayed',
    tenantId,
    transferId: purchase.transferId,
    subjectId: purchase.id,
    from: sellerId === null ? null : (state.account(tenantId, sellerId) ?? null),
    to: state.account(tenantId, buyerId) ?? null,
    own: own || (command.kind === 'settlePurchase' && purchase.transferId === command.transferId),
  };
}
