/** Updates a customer's payment to the known facts of the provider's payment: whether the money arrived, and how much went back (R54). */

import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import type { PaymentAccount } from '../purchase/payment-accounts.ts';
import { type PaymentState, refuseEvent } from '../purchase/payment-records.ts';
import { type Followed, untilFactsHold } from '../purchase/until-facts-hold.ts';
import { findProvidersPayment, type ProvidersPayment, paidOrderOfCustomer } from './providers-payment.ts';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'directory'>;

/**
 * As for purchases (ADR-0045), it acts on all recorded facts, not on the single event. Each command has the turn of its facts. So if
 * two deliveries run at once, the one with the newer facts wins, whichever is posted last.
 */
export function reconcileCustomerPayment(ports: Needed, account: PaymentAccount, event: PaymentEvent, { id }: RowId): Promise<void> {
  return untilFactsHold(ports.sql, account, event, async (facts) => {
    const payment = await findProvidersPayment(ports.sql, account, id);
    if (payment === null) throw new Error('a provider reported an unknown payment');
    return await follow(ports, account, event, payment, facts);
  });
}

async function follow(
  ports: Needed,
  account: PaymentAccount,
  event: PaymentEvent,
  payment: ProvidersPayment,
  facts: PaymentState,
): Promise<Followed> {
  if (facts.isRefused) return 'done';
  const isBack = facts.returnedMinor >= payment.priceMinor;
  // The turn is even while the money is here, and odd after it went back. It only increases.
  const turn = 2 * facts.recovered + Number(isBack);
  const isPaidByIt = payment.reference === event.reference;
  const isOpen = payment.status === 'PENDING' || payment.status === 'EXPIRED';
  const isOwn = payment.resellerId === account.sellerId;
  let followed: Followed = 'done';
  // A payment that another provider's payment or the panel has settled stays. The closed panel's account cannot pay the parent that
  // took over its customers.
  if (isBack && (isPaidByIt || (isOpen && isOwn))) followed = await refund(ports, event, payment, turn);
  if (!isBack && facts.isPaid) followed = await settle(ports, account, event, payment, turn);
  await showReturned(ports, event, payment, facts.returnedMinor);
  return followed;
}

/** Shows a partial return to the panel. It changes nothing else. */
async function showReturned({ sql }: Needed, { reference }: PaymentEvent, payment: ProvidersPayment, returnedMinor: number): Promise<void> {
  const { id, priceMinor, tenantId } = payment;
  const shown = Math.min(returnedMinor, priceMinor);
  await sql`
    UPDATE customer_payment SET returned_minor = ${shown}
    WHERE tenant_id = ${tenantId} AND id = ${id} AND reference = ${reference} AND returned_minor <> ${shown}`;
}

async function settle(
  ports: Needed,
  account: PaymentAccount,
  event: PaymentEvent,
  payment: ProvidersPayment,
  turn: number,
): Promise<Followed> {
  const refuse = (why: string) => refuseEvent(ports, account, event, paidOrderOfCustomer(payment), why);
  if (payment.resellerId !== account.sellerId) {
    // A payment settled before the panel was closed stays so. Later events of its account spend none of the parent's credits.
    if (payment.reference !== event.reference || turn > payment.turn) await refuse('the panel that was paid is closed');
    return 'done';
  }
  const outcome = await ports.ledger.post({
    ...commonFields(payment, turn),
    kind: 'settleCustomerPayment',
    reference: event.reference,
    address: null,
  });
  if (outcome.status === 'refused') return refused(outcome.refusal, refuse);
  const settled = await findProvidersPayment(ports.sql, account, payment.id);
  if (settled?.reference !== event.reference) await refuse('it was paid before, by another payment or by the seller');
  return 'done';
}

async function refund({ ledger }: Needed, { reference }: PaymentEvent, payment: ProvidersPayment, turn: number): Promise<Followed> {
  if (reference === null) return 'done';
  const outcome = await ledger.post({ ...commonFields(payment, turn), kind: 'refundCustomerPayment', reference });
  return outcome.status === 'refused' ? refused(outcome.refusal, null) : 'done';
}

async function refused(refusal: Refusal, refuse: ((why: string) => Promise<void>) | null): Promise<Followed> {
  // Its panel was closed between the read and the lock: it belongs to the parent now.
  if (refusal instanceof NotFound) return 'again';
  if (refuse === null || !(refusal instanceof InvalidState)) throw refusal;
  await refuse(refusal.message);
  return 'done';
}

type Refusal = Extract<Outcome, { readonly status: 'refused' }>['refusal'];

function commonFields({ customerId, id, resellerId, tenantId }: ProvidersPayment, turn: number) {
  return {
    ...{ tenantId, scopeTenantId: tenantId, scopeId: resellerId, actorId: PROVIDER_ACTOR_ID, roles: [], key: null, hash: null },
    ...{ paymentId: id, customerId, settlementId: uuidv7(), turn },
  };
}
