/** Turns customer payments into renewals: R54, ADR-0101. */

import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { InvalidState, NotFound, Refusal } from '../../kernel/errors.ts';
import type { ApplyCustomerPayment, PaymentCommand, RefundCustomerPayment, SettleCustomerPayment } from '../command.ts';
import type { CustomerPaymentState, CustomerPaymentStatus, CustomerState, Outcome, Posted, Refused, Replayed } from '../outcome.ts';
import { commandKind } from './command-kind.ts';
import { ownCustomer } from './customer.ts';
import { isActive, refuseService } from './limits.ts';
import { move, payerOf, posted, refuse, refuseCost, timeOf } from './movement.ts';
import type { State } from './state.ts';
import { activation, renewal, serviceOf, type Term } from './terms.ts';

/** The most paid renewals of one panel that may wait for credits: each batch that touches the panel reads all of them. */
const MAX_WAITING = 500;
const SETTLED: readonly CustomerPaymentStatus[] = ['PAID', 'PAID_UNFUNDED', 'APPLIED'];

const ofPayment = {
  accessEvent: 'CUSTOMER_RENEWED',
  transferAccounts: ({ scopeId }: PaymentCommand) => ({ fromId: scopeId, toId: null }),
  reads: ({ customerId, paymentId }: PaymentCommand) => ({ customerId, customerPaymentId: paymentId }),
  fills: (state: State, command: PaymentCommand) => {
    const customer = ownCustomer(state, command);
    return customer && !isActive(customer, state.nowMs) ? ('customers' as const) : null;
  },
};

export const settleCustomerPayment = commandKind<SettleCustomerPayment>({
  ...ofPayment,
  mark: ({ settlementId }) => settlementId,
  decide: decideSettlement,
  audit: ({ address, customerId, settlementId, turn }, { payment }) =>
    payment?.settlementId !== settlementId
      ? null
      : {
          ...{ id: settlementId, action: 'CUSTOMER_PAYMENT_CONFIRMED', address, customerId, subject: null },
          changes: [{ field: 'status', before: turn === 0 ? 'PENDING' : 'REFUNDED', after: payment.status }],
          atMs: turn === 0 ? payment.paidAtMs : null,
        },
});

export const refundCustomerPayment = commandKind<RefundCustomerPayment>({
  transferAccounts: ({ scopeId }) => ({ fromId: scopeId, toId: null }),
  reads: ({ customerId, paymentId }) => ({ customerId, customerPaymentId: paymentId }),
  mark: ({ settlementId }) => settlementId,
  decide: decideRefund,
  audit: ({ customerId, settlementId }) => ({
    ...{ id: settlementId, action: 'CUSTOMER_PAYMENT_REFUNDED', address: null, customerId, subject: null },
    changes: [{ field: 'status', before: 'PAID', after: 'REFUNDED' }],
    atMs: null,
  }),
});

export const applyCustomerPayment = commandKind<ApplyCustomerPayment>({
  ...ofPayment,
  mark: ({ paymentId }) => paymentId,
  decide: decideApplication,
});

/**
 * Marks a payment as paid, once and however late, and applies it at once if the panel can spend. Otherwise the payment waits: too few
 * credits, a reserve, a limit or 36 periods prevent the renewal. If a provider reports the money, a lock or a suspension also makes
 * it wait. A provider may also report that refunded money arrived again: then the payment continues where it was before the refund.
 */
function decideSettlement(state: State, command: SettleCustomerPayment): Outcome {
  const found = state.customerPayment(command.tenantId, command.paymentId);
  const payment = found?.resellerId === command.scopeId ? found : undefined;
  const isProviders = command.actorId === PROVIDER_ACTOR_ID;
  if (payment && (SETTLED.includes(payment.status) || isOwn(payment, command))) return settledBefore(state, command, payment);
  // A provider's report is recorded in any state of the panel. A person may confirm only if the panel may act (R8, R11).
  const payer = isProviders ? null : payerOf(state, command);
  if (payer?.status === 'refused') return payer;
  if (!payment) return refuse(new NotFound());
  if (payment.status === 'REFUNDED') {
    if (!isProviders) return refuse(new InvalidState('The payment was refunded.'));
    if (payment.reference === command.reference && command.turn < payment.turn) return replayOf(state, command, payment);
    // The parent got this panel's customers and open payments, but does not get this money: it went to the panel's own account.
    const isClosed = state.panel(command.tenantId, command.scopeId)?.closed !== false;
    if (isClosed && payment.transferId === null) return refuse(new InvalidState('The panel is closed.'));
  }
  const account = state.account(command.tenantId, command.scopeId);
  if (!account) return refuse(new NotFound());
  const { actorId: paidBy, reference, settlementId, turn } = command;
  const paidAtMs = payment.paidAtMs ?? timeOf(state, account);
  const paid = { ...payment, status: 'PAID_UNFUNDED', paidAtMs, paidBy, settlementId, reference, turn } as const;
  // One payment is one renewal, however often its money goes back and arrives again.
  if (payment.transferId !== null) return posted({ from: account, payment: { ...paid, status: 'APPLIED' } });
  const applied = apply(state, command, paid);
  if (applied.status === 'posted') return applied;
  if (payer !== null && state.waitingPayments(command.tenantId, command.scopeId).length >= MAX_WAITING) {
    return refuse(new InvalidState(`${MAX_WAITING} paid renewals wait for credits already: buy credits first.`));
  }
  return posted({ from: account, payment: paid });
}

/** Marks a payment as refunded, if the report is about the money that settled it or is the first report of any money. */
function decideRefund(state: State, command: RefundCustomerPayment): Outcome {
  const payment = state.customerPayment(command.tenantId, command.paymentId);
  const account = state.account(command.tenantId, command.scopeId);
  if (payment?.resellerId !== command.scopeId || !account) return refuse(new NotFound());
  const { actorId: paidBy, reference, settlementId, turn } = command;
  if (payment.paidAtMs === null) {
    const paid = { paidAtMs: timeOf(state, account), paidBy, settlementId, reference };
    return posted({ from: account, payment: { ...payment, ...paid, status: 'REFUNDED', turn } });
  }
  if (payment.reference !== reference || turn <= payment.turn) return replayOf(state, command, payment);
  return posted({ from: account, payment: { ...payment, status: 'REFUNDED', turn } });
}

/** Renews the customer by a payment that waits. */
export function decideApplication(state: State, command: ApplyCustomerPayment): Outcome {
  const payment = state.customerPayment(command.tenantId, command.paymentId);
  if (payment?.resellerId !== command.scopeId) return refuse(new NotFound());
  if (payment.status === 'APPLIED') return replayOf(state, command, payment);
  if (payment.status !== 'PAID_UNFUNDED') return refuse(new InvalidState(`The payment is ${payment.status}.`));
  return apply(state, command, payment);
}

/** The command by which a batch applies a waiting payment, in the name of whoever confirmed it. */
export function applicationOf({ customerId, id, paidBy, resellerId, tenantId }: CustomerPaymentState): ApplyCustomerPayment {
  if (paidBy === null) throw new Error('a payment waits to be applied, but nobody has confirmed it');
  return {
    kind: 'applyCustomerPayment',
    ...{ tenantId, scopeTenantId: tenantId, scopeId: resellerId, actorId: paidBy, roles: [], key: null, hash: null },
    ...{ paymentId: id, customerId },
  };
}

/**
 * Renews the customer for the paid periods and screens, by the rules of an ordinary renewal. The transfer has the payment's
 * id, so the journal accepts it only once.
 */
function apply(state: State, command: PaymentCommand, payment: CustomerPaymentState): Posted | Refused {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { account, panel } = payer;
  const before = ownCustomer(state, command);
  if (!before) return refuse(new NotFound());
  const at = timeOf(state, account);
  const term = paidTerm(before, payment, at);
  if (term instanceof Refusal) return refuse(term);
  const { cost } = term;
  const transferId = payment.id;
  const customer = { ...term.customer, lastSpending: { transferId, before: serviceOf(before) } };
  const refusal = refuseService(state, panel, before, customer, at) ?? refuseCost(payer, cost, false);
  if (refusal) return refuse(refusal);
  const from = { ...account, consumed: account.consumed + cost };
  const kind = before.isTrial ? 'ACTIVATION' : 'RENEWAL';
  const done = move(state, command, { transferId, kind, amount: cost, from, to: null, customerId: customer.id }, at);
  return { ...done, customer, payment: { ...payment, status: 'APPLIED', appliedAtMs: at, transferId } };
}

/** The term that was paid for. A trial begins its paid term (R19); another customer is renewed at the payment's screens (R20, R22). */
function paidTerm(
  customer: CustomerState,
  { periods, screens }: Pick<CustomerPaymentState, 'periods' | 'screens'>,
  atMs: number,
): Term | Refusal {
  return customer.isTrial ? activation(customer, periods, screens, atMs) : renewal({ ...customer, nextScreens: screens }, periods, atMs);
}

/** Whether the command finds its own earlier commit. */
function isOwn({ reference, settlementId, turn }: CustomerPaymentState, command: PaymentCommand): boolean {
  if (command.kind === 'refundCustomerPayment') return reference === command.reference && turn === command.turn;
  return command.kind === 'settleCustomerPayment' && settlementId === command.settlementId;
}

/**
 * The payment is settled already. Stores a newer turn (its money went back and arrived again), so that a late report of
 * that refund counts as old.
 */
function settledBefore(state: State, command: SettleCustomerPayment, payment: CustomerPaymentState): Outcome {
  const isLater = command.actorId === PROVIDER_ACTOR_ID && payment.reference === command.reference && command.turn > payment.turn;
  if (payment.status === 'REFUNDED' || !isLater) return replayOf(state, command, payment);
  const account = state.account(command.tenantId, command.scopeId) ?? null;
  return posted({ from: account, payment: { ...payment, turn: command.turn } });
}

function replayOf(state: State, command: PaymentCommand, payment: CustomerPaymentState): Replayed {
  return {
    status: 'replayed',
    tenantId: payment.tenantId,
    transferId: payment.transferId,
    subjectId: payment.id,
    from: state.account(command.tenantId, command.scopeId) ?? null,
    to: null,
    own: isOwn(payment, command),
  };
}
