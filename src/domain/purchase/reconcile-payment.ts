/** Updates a purchase to the known facts of its payment: whether the money arrived, and how much of it went back (R28, R29). */

import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import type { PaymentAccount } from './payment-accounts.ts';
import { type PaymentState, refuseEvent } from './payment-records.ts';
import { findPurchase, type PurchaseRow, paidOrderOf } from './purchase-row.ts';
import { untilFactsHold } from './until-facts-hold.ts';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'directory'>;

const WENT_BACK = 'The payment was disputed or refunded.';
const CAME_AGAIN = 'The dispute was won, or the refund failed.';

/** Acts on all recorded facts of the payment, not on the single event, so events may arrive in any order. */
export function reconcilePayment(
  ports: Needed,
  account: PaymentAccount,
  event: PaymentEvent,
  { id, tenantId }: PurchaseRow,
): Promise<void> {
  return untilFactsHold(ports.sql, account, event, async (facts) => {
    const purchase = await findPurchase(ports.sql, { tenantId, id });
    if (purchase === null) throw new Error('a payment has no purchase');
    await follow(ports, account, event, purchase, facts);
    return 'done';
  });
}

async function follow(
  ports: Needed,
  account: PaymentAccount,
  event: PaymentEvent,
  purchase: PurchaseRow,
  facts: PaymentState,
): Promise<void> {
  if (facts.isRefused) return;
  const { reference, status } = purchase;
  const isBack = facts.returnedMinor >= purchase.totalMinor;
  const isSettledByIt = status !== 'PENDING' && status !== 'CANCELED' && reference === event.reference;
  if (isSettledByIt || status === 'CANCELED') await showReturned(ports, purchase, facts.returnedMinor);
  if (isBack) {
    // A purchase that another payment or the seller has settled stays as it is.
    if (isSettledByIt || status === 'PENDING') accept(await chargeBack(ports, purchase, timeOf(event, facts.recovered)));
    return;
  }
  if (!isSettledByIt) {
    if (!facts.isPaid || !(await settle(ports, account, event, purchase))) return;
    await showReturned(ports, purchase, facts.returnedMinor);
  }
  // Once for each time that the money returned. The ledger ignores a reversal that it has posted before.
  for (let time = 0; time < facts.recovered; time += 1) accept(await reverse(ports, purchase, timeOf(event, time)));
}

/** The id of one occasion on which a whole payment went back. For each id the ledger takes credits once, and returns them once. */
function timeOf({ reference }: PaymentEvent, recoveredBefore: number): string {
  return `${reference} ${recoveredBefore}`;
}

/** Shows a partial return to the seller, who decides how many credits go back: it takes none by itself (R29). */
async function showReturned({ sql }: Needed, { id, tenantId, totalMinor }: PurchaseRow, returnedMinor: number): Promise<void> {
  const shown = Math.min(returnedMinor, totalMinor);
  await sql`UPDATE purchase SET returned_minor = ${shown} WHERE tenant_id = ${tenantId} AND id = ${id} AND returned_minor <> ${shown}`;
}

/** Returns whether this payment is the one that pays for the purchase. */
async function settle(ports: Needed, account: PaymentAccount, event: PaymentEvent, purchase: PurchaseRow): Promise<boolean> {
  const refuse = (why: string) => refuseEvent(ports, account, event, paidOrderOf(purchase), why);
  const outcome = await ports.ledger.post({ ...commonFields(purchase), kind: 'settlePurchase', reference: event.reference });
  if (outcome.status === 'refused') {
    if (!(outcome.refusal instanceof InvalidState)) throw outcome.refusal;
    // The seller has confirmed another purchase with this very reference.
    await refuse(outcome.refusal.message);
    return false;
  }
  const settled = await findPurchase(ports.sql, purchase);
  if (settled?.reference === event.reference) return true;
  await refuse('the purchase was settled before, by another payment or by the seller');
  return false;
}

/** Ignores InvalidState: the purchase is canceled or its credits went back before, so there is nothing left to do. */
function accept(outcome: Outcome): void {
  if (outcome.status === 'refused' && !(outcome.refusal instanceof InvalidState)) throw outcome.refusal;
}

/** All the money went back, so the remaining credits go back: once for each `dispute`, and not if it was won already. */
function chargeBack({ ledger }: Needed, purchase: PurchaseRow, dispute: string): Promise<Outcome> {
  return ledger.post({ ...commonFields(purchase), kind: 'chargeBackPurchase', dispute, quantity: null, memo: WENT_BACK });
}

/** The money returned: the credits that the charge-back took are given back once, and the debt for it ends. */
function reverse({ ledger }: Needed, purchase: PurchaseRow, dispute: string): Promise<Outcome> {
  return ledger.post({ ...commonFields(purchase), kind: 'reverseChargeBack', dispute, memo: CAME_AGAIN });
}

function commonFields({ buyerId, id, sellerId, tenantId }: PurchaseRow) {
  return {
    ...{ tenantId, scopeTenantId: sellerId === null ? PLATFORM_TENANT_ID : tenantId, scopeId: sellerId ?? PLATFORM_TENANT_ID },
    ...{ key: null, hash: null, actorId: PROVIDER_ACTOR_ID, roles: [], transferId: uuidv7(), by: 'PROVIDER' as const },
    ...{ purchaseId: id, buyerId, sellerId },
  };
}
