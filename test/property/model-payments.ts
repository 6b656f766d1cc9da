import { PROVIDER_ACTOR_ID } from '../../src/kernel/actor.ts';
import type { PaymentCommand } from '../../src/ledger/command.ts';
import { type Data, type ModelPayment, panelOf, type Rules, spenderOf, timeOf } from './model-data.ts';
import { paidRenewal } from './model-service.ts';

/** R54. */
export function paymentRules(data: Data, command: PaymentCommand): Rules {
  const payment = data.payments.find(({ id, panelId }) => id === command.paymentId && panelId === command.scopeId);
  const isRepeated = payment !== undefined && payment.status !== 'OPEN';
  if (command.kind === 'applyCustomerPayment') {
    // What could be applied was, before this was decided.
    const rules = payment === undefined ? null : paidRenewal(data, payment);
    return {
      words: [
        ['NOT_FOUND', !payment],
        ['REPLAYED', payment?.status === 'APPLIED'],
        ['INVALID_STATE', payment?.status === 'OPEN'],
        ...(rules?.words ?? []),
      ],
      deed: () => {
        throw new Error('the model had left a payment that could be applied');
      },
    };
  }
  const isByHand = command.actorId !== PROVIDER_ACTOR_ID;
  return {
    words: [
      ['RECOVERED', isRepeated && payment.settledBy === command.settlementId],
      ['REPLAYED', isRepeated],
      ...(isByHand ? spenderOf(data, command).words : []),
      ['NOT_FOUND', !payment],
    ],
    deed: () => {
      if (!payment) return;
      payment.settledBy = command.settlementId;
      payment.paidAtMs = timeOf(data, panelOf(data, command.tenantId, command.scopeId));
      payment.status = 'WAITING';
      apply(data, payment);
      payment.waited = payment.status === 'WAITING';
    },
  };
}

/** What waits in these panels and can be applied now, the oldest first; what cannot holds up nothing. */
export function applyWaiting(data: Data, panelIds: readonly string[]): void {
  for (const panelId of panelIds) {
    const waiting = data.payments.filter((one) => one.panelId === panelId && one.status === 'WAITING');
    for (const payment of waiting.sort((one, other) => one.paidAtMs - other.paidAtMs || (one.id < other.id ? -1 : 1))) apply(data, payment);
  }
}

function apply(data: Data, payment: ModelPayment): void {
  const { deed, words } = paidRenewal(data, payment);
  if (words.some(([, applies]) => applies)) return;
  deed();
  payment.status = 'APPLIED';
}
