/** Makes commands that settle, apply and refund a customer's payment. */

import { PROVIDER_ACTOR_ID } from '../../../src/kernel/actor.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Command } from '../../../src/ledger/command.ts';
import type { Draft } from '../drafts.ts';
import type { ModelPanel, ModelPayment } from '../model-data.ts';
import type { Drawing } from './drawing.ts';

/** The states in which a command of this kind changes a payment. */
const FITTING: Readonly<Partial<Record<Draft['kind'], readonly ModelPayment['status'][]>>> = {
  apply: ['WAITING'],
  confirm: ['OPEN', 'OPEN', 'REFUNDED'],
  giveBack: ['WAITING', 'APPLIED', 'OPEN'],
};

/** Usually picks a payment in such a state, and acts as the panel whose customer pays. */
export function ofPayment(drawing: Drawing, draft: Draft, anybody: ModelPanel): Command {
  const { payments } = drawing.model.data;
  const fitting = payments.filter(({ status }) => FITTING[draft.kind]?.includes(status));
  const paymentId = drawing.subject(draft, draft.rightful && fitting.length > 0 ? fitting : payments) ?? uuidv7();
  const payment = payments.find(({ id }) => id === paymentId);
  const panel = (draft.subject !== 'any' && payment && drawing.model.panel(payment.panelId)) || anybody;
  const isProviders = draft.kind !== 'confirm' || draft.by === 'PROVIDER';
  const by = { ...drawing.byPanel(draft, panel, []), key: null, hash: null, paymentId, customerId: payment?.customerId ?? uuidv7() };
  const acting = isProviders ? { ...by, actorId: PROVIDER_ACTOR_ID } : by;
  if (draft.kind === 'apply') return { ...acting, kind: 'applyCustomerPayment' };
  // Usually the payment's own reference with the next turn: a provider counts how often money went back and came again.
  const reference =
    (draft.rightful ? payment?.reference : null) ??
    (isProviders || draft.reference !== null ? `${drawing.run} pays ${draft.reference}` : null);
  const known = draft.rightful && payment?.reference === reference ? payment.turn : 2 * (draft.hours % 3);
  const isBack = draft.kind === 'giveBack';
  const turn = known + ((known % 2 === 0) === isBack ? 1 : 0);
  if (isBack) return { ...acting, kind: 'refundCustomerPayment', settlementId: uuidv7(), reference: reference ?? 'no payment', turn };
  const word = { settlementId: uuidv7(), reference, turn: isProviders ? turn : 0, address: null };
  return { ...acting, kind: 'settleCustomerPayment', ...word };
}
