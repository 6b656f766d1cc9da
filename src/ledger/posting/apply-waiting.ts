/** Applies, within a batch, the customer payments that wait for credits of its panels (R54). */

import type { Command } from '../command.ts';
import { applicationOf, decideApplication } from '../rules/customer-payment.ts';
import type { WorkingState } from '../rules/working-state.ts';
import type { Accepted } from '../statements/part.ts';

interface Panel {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * Applies the waiting payments, oldest first. A payment that cannot be applied yet does not hold up the ones behind it.
 * Applies nothing in a panel that the command closes: its payments and customers go to the parent unchanged, because the
 * one write statement must not change a row twice. Skips the payment that the command refunds.
 */
export function applyWaiting(state: WorkingState, { id, tenantId }: Panel, besides: Command, accepted: Accepted[]): void {
  if (besides.kind === 'closeReseller' && besides.panelId === id) return;
  const refundedId = besides.kind === 'refundCustomerPayment' ? besides.paymentId : null;
  for (const payment of state.waitingPayments(tenantId, id)) {
    if (payment.id === refundedId) continue;
    const balance = state.account(tenantId, id)?.balance ?? 0;
    if (balance === 0) return;
    if (payment.periods * payment.screens > balance) continue;
    const command = applicationOf(payment);
    const outcome = decideApplication(state, command);
    state.apply(command, outcome);
    if (outcome.status === 'posted') accepted.push({ command, posted: outcome });
  }
}
