/** The model of customer payments. */

import { PROVIDER_ACTOR_ID } from '../../src/kernel/actor.ts';
import type { PaymentCommand, RefundCustomerPayment, SettleCustomerPayment } from '../../src/ledger/command.ts';
import { type Data, type ModelPayment, panelOf, type Rules, spenderOf, timeOf } from './model-data.ts';
import { paidRenewal } from './model-service.ts';

/** The model of R54. */
export function paymentRules(data: Data, command: PaymentCommand): Rules {
  const payment = data.payments.find(({ id, panelId }) => id === command.paymentId && panelId === command.scopeId);
  if (command.kind === 'settleCustomerPayment') return settling(data, command, payment);
  if (command.kind === 'refundCustomerPayment') return refunding(data, command, payment);
  // A payment that could be applied was already applied before this command.
  const rules = payment === undefined ? null : paidRenewal(data, payment);
  return {
    words: [
      ['NOT_FOUND', !payment],
      ['REPLAYED', payment?.status === 'APPLIED'],
      ['INVALID_STATE', payment?.status === 'OPEN' || payment?.status === 'REFUNDED'],
      ...(rules?.words ?? []),
    ],
    deed: () => {
      throw new Error('the model had left a payment that could be applied');
    },
  };
}

/** The money arrived. It pays once. Refunded money may come again, and a message older than the known state changes nothing. */
function settling(data: Data, command: SettleCustomerPayment, payment: ModelPayment | undefined): Rules {
  const isByHand = command.actorId !== PROVIDER_ACTOR_ID;
  const isThere = payment?.status === 'WAITING' || payment?.status === 'APPLIED';
  const isBack = payment?.status === 'REFUNDED';
  const isSame = !isByHand && payment?.reference === command.reference;
  const isNews = isSame && command.turn > (payment?.turn ?? 0);
  const panel = panelOf(data, command.tenantId, command.scopeId);
  return {
    words: [
      ['RECOVERED', (isBack || (isThere && !isNews)) && payment?.settledBy === command.settlementId],
      ['REPLAYED', isThere && !isNews],
      ...(isByHand && !isThere ? spenderOf(data, command).words : []),
      ['NOT_FOUND', !payment],
      ['INVALID_STATE', isBack && isByHand],
      ['REPLAYED', isBack && isSame && !isNews],
      ['INVALID_STATE', isBack && !payment?.renewed && panel?.closed !== false],
    ],
    deed: () => {
      if (!payment) return;
      payment.turn = command.turn;
      if (isThere) return;
      payment.settledBy = command.settlementId;
      payment.reference = command.reference;
      if (!isBack) payment.paidAtMs = timeOf(data, panel);
      payment.status = payment.renewed ? 'APPLIED' : 'WAITING';
      if (payment.renewed) return;
      apply(data, payment);
      payment.waited = payment.status === 'WAITING';
    },
  };
}

/** All of the money went back, of the payment that paid or of one that had paid nothing yet. The service stays. */
function refunding(data: Data, command: RefundCustomerPayment, payment: ModelPayment | undefined): Rules {
  const isOpen = payment?.status === 'OPEN';
  const isSame = payment?.reference === command.reference;
  return {
    words: [
      ['NOT_FOUND', !payment],
      ['RECOVERED', !isOpen && isSame && payment?.turn === command.turn],
      ['REPLAYED', !isOpen && !(isSame && command.turn > payment.turn)],
    ],
    deed: () => {
      if (!payment) return;
      if (isOpen) {
        payment.settledBy = command.settlementId;
        payment.reference = command.reference;
        payment.paidAtMs = timeOf(data, panelOf(data, command.tenantId, command.scopeId));
      }
      payment.status = 'REFUNDED';
      payment.turn = command.turn;
    },
  };
}

/**
 * Applies the waiting payments of these panels, the oldest first. A payment that cannot be applied delays no other,
 * and the one being refunded is left out.
 */
export function applyWaiting(data: Data, panelIds: readonly string[], refundedId: string | null = null): void {
  for (const panelId of panelIds) {
    const waiting = data.payments.filter((one) => one.panelId === panelId && one.status === 'WAITING' && one.id !== refundedId);
    for (const payment of waiting.sort((one, other) => one.paidAtMs - other.paidAtMs || (one.id < other.id ? -1 : 1))) apply(data, payment);
  }
}

function apply(data: Data, payment: ModelPayment): void {
  const { deed, words } = paidRenewal(data, payment);
  if (words.some(([, applies]) => applies)) return;
  deed();
  payment.status = 'APPLIED';
  payment.renewed = true;
}
