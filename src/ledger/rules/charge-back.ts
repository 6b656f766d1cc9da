/** Takes a purchase's credits back when its money goes back to the payer, and returns them when the dispute is won: R29. */

import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import type { ChargeBackPurchase, ReverseChargeBack } from '../command.ts';
import type { ClaimState, Outcome, PurchaseState } from '../outcome.ts';
import { actingPanel, commandKind, keyName, transferIdOf } from './command-kind.ts';
import { Books, payerOf, posted, refuse, responsiblePanel } from './movement.ts';
import { isParty, replayOf, wrongStatus } from './purchase.ts';
import type { State } from './state.ts';

export const chargeBackPurchase = commandKind<ChargeBackPurchase>({
  transferAccounts: ({ buyerId }) => ({ fromId: buyerId, toId: null }),
  alsoLocks: sellerAndActor,
  names: (command) => (command.key !== null && command.scopeTenantId !== command.tenantId ? [keyName(command)] : []),
  reads: ({ purchaseId }) => ({ purchaseId, claims: true }),
  mark: transferIdOf,
  decide: decideChargeBack,
  subject: ({ purchaseId }) => purchaseId,
  marksKey: true,
});

export const reverseChargeBack = commandKind<ReverseChargeBack>({
  transferAccounts: ({ buyerId }) => ({ fromId: null, toId: buyerId }),
  alsoLocks: sellerAndActor,
  reads: ({ purchaseId }) => ({ purchaseId, claims: true }),
  mark: transferIdOf,
  decide: decideReverse,
});

function sellerAndActor(command: ChargeBackPurchase | ReverseChargeBack): readonly string[] {
  return command.sellerId === null ? actingPanel(command) : [command.sellerId, ...actingPanel(command)];
}

function decideChargeBack(state: State, command: ChargeBackPurchase): Outcome {
  const purchase = state.purchase(command.tenantId, command.purchaseId);
  const mayAct = purchase !== undefined && isParty(state, command, purchase);
  const known = mayAct ? state.claimsOf(purchase).find((claim) => isSame(claim, command)) : undefined;
  if (mayAct && known && endsAgain(command, purchase, known)) return posted({ purchase: { ...purchase, status: 'CANCELED' } });
  if (mayAct && (known || (purchase.status === 'CHARGED_BACK' && command.key === null))) {
    return replayOf(state, command, purchase, known?.id === command.transferId);
  }
  if (command.by === 'SELLER' && command.scopeTenantId === command.tenantId) {
    const actor = payerOf(state, command);
    if (actor.status === 'refused') return actor;
  }
  if (!mayAct) return refuse(new NotFound());
  return purchase.status === 'PAID' ? takeBack(state, command, purchase) : endUnposted(state, command, purchase);
}

/** Whether the dispute was reported before its payment, so that it had already canceled the order: the late payment's money is gone again. */
function endsAgain({ by, transferId }: ChargeBackPurchase, { status }: PurchaseState, { id, reversedAtMs }: ClaimState): boolean {
  return by === 'PROVIDER' && status === 'PAID_UNFUNDED' && reversedAtMs === null && id !== transferId;
}

/** Whether this claim shows that the dispute was handled or won before, or that this command was committed and its answer was lost. */
function isSame({ dispute, id, reverses }: ClaimState, command: ChargeBackPurchase): boolean {
  return id === command.transferId || (command.dispute !== null && dispute === command.dispute && reverses === null);
}

function takeBack(state: State, command: ChargeBackPurchase, purchase: PurchaseState): Outcome {
  const left = purchase.quantity - purchase.chargedBack;
  const quantity = command.quantity ?? left;
  if (quantity > left) return refuse(new InvalidState(`Only ${left} credits of this purchase are left to charge back.`));
  const books = new Books(state, command, state.nowMs);
  const claim = claimOf(state, command, purchase, quantity);
  books.claim(claim, command.memo);
  const chargedBack = purchase.chargedBack + quantity;
  const status = chargedBack === purchase.quantity ? 'CHARGED_BACK' : 'PAID';
  const from = books.account(claim.debtorId ?? '');
  return posted({ ...books.closed(), from, purchase: { ...purchase, status, chargedBack } });
}

/** Cancels a purchase that posted no credits, so that none are taken back. The seller returned the money, or the provider reports that. */
function endUnposted(state: State, command: ChargeBackPurchase, purchase: PurchaseState): Outcome {
  const { status } = purchase;
  const isRefused = command.by === 'SELLER' && status === 'PAID_UNFUNDED' && command.quantity === null;
  const isReversed = command.by === 'PROVIDER' && (status === 'PENDING' || status === 'PAID_UNFUNDED' || command.dispute !== null);
  if (status === 'CHARGED_BACK' || !(isRefused || isReversed)) return refuse(wrongStatus(status));
  const canceled = { ...purchase, status: 'CANCELED' } as const;
  if (command.dispute === null) return posted({ purchase: canceled });
  return posted({ purchase: canceled, claims: [claimOf(state, command, purchase, 0)] });
}

/** The buyer owes the panel that delivered the credits. A closed panel is replaced by the one that took its balance (R17). */
function claimOf(state: State, command: ChargeBackPurchase | ReverseChargeBack, purchase: PurchaseState, quantity: number): ClaimState {
  const { buyerId, deliveredBy, id: purchaseId, sellerId, tenantId } = purchase;
  const deliverer = deliveredBy ?? sellerId;
  const isPanels = deliverer !== null && deliverer !== PLATFORM_TENANT_ID;
  return {
    tenantId,
    id: command.transferId,
    purchaseId,
    dispute: command.dispute,
    reverses: null,
    debtorId: responsiblePanel(state, tenantId, buyerId),
    creditorId: isPanels ? responsiblePanel(state, tenantId, deliverer) : null,
    quantity,
    owed: 0,
    setOff: 0,
    createdAtMs: state.nowMs,
    reversedAtMs: null,
  };
}

/**
 * Gives the credits that the dispute's charge-back took back to the buyer, or to the panel that took a closed buyer's balance.
 * The unpaid rest of the charge-back is not owed any more. A panel that took the credits and has spent them now owes them to
 * the buyer. If the dispute is won before its charge-back is known, only that is recorded: the dispute will take nothing.
 */
function decideReverse(state: State, command: ReverseChargeBack): Outcome {
  const purchase = state.purchase(command.tenantId, command.purchaseId);
  if (!purchase) return refuse(new NotFound());
  const claim = state.claimsOf(purchase).find(({ dispute, reverses }) => dispute === command.dispute && reverses === null);
  const now = claimOf(state, command, purchase, 0);
  if (!claim) return posted({ purchase, claims: [{ ...now, reversedAtMs: state.nowMs }] });
  if (claim.reversedAtMs !== null) return replayOf(state, command, purchase, isOwn(state, command, purchase, claim));
  const books = new Books(state, command, state.nowMs);
  books.end(claim, state.nowMs);
  const given = claim.quantity - claim.owed;
  const back = { ...now, dispute: null, reverses: claim.id, debtorId: now.creditorId, creditorId: now.debtorId, quantity: given };
  books.claim(back, command.memo);
  return posted({ ...books.closed(), to: books.account(now.debtorId ?? ''), purchase: after(purchase, claim) });
}

function isOwn(state: State, { transferId }: ReverseChargeBack, purchase: PurchaseState, { id }: ClaimState): boolean {
  return id === transferId || state.claimsOf(purchase).some((claim) => claim.id === transferId);
}

/** The purchase after a won dispute, when its money has arrived again. If its credits were never posted, its seller can settle it. */
function after(purchase: PurchaseState, { quantity }: ClaimState): PurchaseState {
  const chargedBack = purchase.chargedBack - quantity;
  // A dispute before the credits were posted took none. Other charge-backs may have taken all of them since.
  if (purchase.status === 'CHARGED_BACK') return { ...purchase, chargedBack, status: quantity > 0 ? 'PAID' : 'CHARGED_BACK' };
  return purchase.status === 'CANCELED' ? { ...purchase, status: 'PAID_UNFUNDED' } : { ...purchase, chargedBack };
}
