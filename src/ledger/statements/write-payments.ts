/** Writes the customer payments that a batch changed (R54). */

import type { CustomerPaymentState } from '../outcome.ts';
import { type Accepted, at, column, type Part, part } from './part.ts';

/** Writes each payment once, in its state after the last command. The ledger never inserts one: opening a payment moves no credits. */
export function customerPayments(accepted: readonly Accepted[]): Part {
  const final = new Map<string, CustomerPaymentState>();
  for (const { posted } of accepted) if (posted.payment) final.set(posted.payment.id, posted.payment);
  return part(
    'customer_payment',
    `updated_customer_payment AS (
      UPDATE customer_payment p SET status = n.status, paid_at = ${at('n.paid_ms')}, paid_by = n.paid_by, settlement_id = n.settlement_id,
        reference = n.reference, payment_turn = n.turn, applied_at = ${at('n.applied_ms')}, transfer_id = n.transfer_id
      FROM given n WHERE p.tenant_id = n.tenant_id AND p.id = n.id)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('status', 'customer_payment_status'),
      column('paid_ms', 'bigint'),
      column('paid_by', 'uuid'),
      column('settlement_id', 'uuid'),
      column('reference', 'text'),
      column('turn', 'integer'),
      column('applied_ms', 'bigint'),
      column('transfer_id', 'uuid'),
    ],
    (row) => {
      for (const p of final.values()) {
        row(p.tenantId, p.id, p.status, p.paidAtMs, p.paidBy, p.settlementId, p.reference, p.turn, p.appliedAtMs, p.transferId);
      }
    },
  );
}
