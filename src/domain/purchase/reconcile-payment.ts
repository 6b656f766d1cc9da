/** Brings a purchase to what is known of its payment: that the money came, and how much of it has gone back (R28, R29). */

import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import type { PaymentAccount } from './payment-accounts.ts';
import { type PaymentState, refuseEvent } from './payment-records.ts';
import { findPurchase, type PurchaseRow, paidForOf } from './purchase-row.ts';
import { untilFactsHold } from './until-facts-hold.ts';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'directory'>;

const WENT_BACK = 'The payment was disputed or refunded.';
const CAME_AGAIN = 'The dispute was won, or the refund failed.';

/** Does what the facts ask for, not what the event says: so events may come in any order. */
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
    // What another payment, or the seller's own word, has settled stays.
    if (isSettledByIt || status === 'PENDING') accept(await chargeBack(ports, purchase, timeOf(event, facts.recovered)));
    return;
  }
  if (!isSettledByIt) {
    if (!facts.isPaid || !(await settle(ports, account, event, purchase))) return;
    await showReturned(ports, purchase, facts.returnedMinor);
  }
  // Each time that the money came again: what was given back before is not given back twice.
  for (let time = 0; time < facts.recovered; time += 1) accept(await reverse(ports, purchase, timeOf(event, time)));
}

/** Names a time that all of a payment went back, which the ledger takes credits for once, and gives them back for once. */
function timeOf({ reference }: PaymentEvent, recoveredBefore: number): string {
  return `${reference} ${recoveredBefore}`;
}

/** A part takes nothing by itself: the seller sees it, and says how many credits go back (R29). */
async function showReturned({ sql }: Needed, { id, tenantId, totalMinor }: PurchaseRow, returnedMinor: number): Promise<void> {
  const shown = Math.min(returnedMinor, totalMinor);
  await sql`UPDATE purchase SET returned_minor = ${shown} WHERE tenant_id = ${tenantId} AND id = ${id} AND returned_minor <> ${shown}`;
}

/** Whether it is this payment that pays for the purchase. */
async function settle(ports: Needed, account: PaymentAccount, event: PaymentEvent, purchase: PurchaseRow): Promise<boolean> {
  const refuse = (why: string) => refuseEvent(ports, account, event, paidForOf(purchase), why);
  const outcome = await ports.ledger.post({ ...wordOf(purchase), kind: 'settlePurchase', reference: event.reference });
  if (outcome.status === 'refused') {
    if (!(outcome.refusal instanceof InvalidState)) throw outcome.refusal;
    // The seller has confirmed another purchase with this very reference.
    await refuse(outcome.refusal.message);
    return false;
  }
  const settled = await findPurchase(ports.sql, purchase);
  if (settled?.reference === event.reference) return true;
  await refuse('the purchase was settled before, by another payment or by hand');
  return false;
}

/** Nothing is left to take back of what is canceled, or was taken back before. */
function accept(outcome: Outcome): void {
  if (outcome.status === 'refused' && !(outcome.refusal instanceof InvalidState)) throw outcome.refusal;
}

/** All the money went back: what is left of the credits goes back, once a `dispute`, and not where that was won already. */
function chargeBack({ ledger }: Needed, purchase: PurchaseRow, dispute: string): Promise<Outcome> {
  return ledger.post({ ...wordOf(purchase), kind: 'chargeBackPurchase', dispute, quantity: null, memo: WENT_BACK });
}

/** The money came again: what the charge-back took is given back once, and what is owed for it ends. */
function reverse({ ledger }: Needed, purchase: PurchaseRow, dispute: string): Promise<Outcome> {
  return ledger.post({ ...wordOf(purchase), kind: 'reverseChargeBack', dispute, memo: CAME_AGAIN });
}

function wordOf({ buyerId, id, sellerId, tenantId }: PurchaseRow) {
  return {
    ...{ tenantId, scopeTenantId: sellerId === null ? PLATFORM_TENANT_ID : tenantId, scopeId: sellerId ?? PLATFORM_TENANT_ID },
    ...{ key: null, hash: null, actorId: PROVIDER_ACTOR_ID, roles: [], transferId: uuidv7(), by: 'PROVIDER' as const },
    ...{ purchaseId: id, buyerId, sellerId },
  };
}
