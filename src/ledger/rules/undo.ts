/** Undoes a spend that was a mistake: R45. */

import { InvalidState, LimitReached, NotFound, Unauthenticated } from '../../kernel/errors.ts';
import type { UndoSpending } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { commandKind, transferIdOf } from './command-kind.ts';
import { ownCustomer } from './customer.ts';
import { move, refuse, timeOf } from './movement.ts';
import type { State } from './state.ts';
import { undone } from './terms.ts';

/** The most undos of a panel in any 24 h (R45). */
export const MAX_UNDOS_PER_DAY = 5;
const MINUTE_MS = 60_000;

export const undoSpending = commandKind<UndoSpending>({
  accessEvent: 'SPENDING_UNDONE',
  transferAccounts: ({ scopeId }) => ({ fromId: null, toId: scopeId }),
  reads: ({ customerId }) => ({ customerId, undos: true }),
  mark: transferIdOf,
  decide: decideUndo,
  remember: (facts, { scopeId }) => facts.putCounts(scopeId, { ...facts.counts(scopeId), undos: facts.counts(scopeId).undos + 1 }),
  subject: ({ customerId }) => customerId,
});

/** A locked or suspended panel may undo a spend: the mistake itself may have locked the panel. */
function decideUndo(state: State, command: UndoSpending): Outcome {
  const account = state.account(command.tenantId, command.scopeId);
  if (!account) return refuse(new Unauthenticated('The session has ended.'));
  const { spending, transferId } = command;
  const found = ownCustomer(state, command);
  if (spending === null || !found) return refuse(new NotFound());
  const at = timeOf(state, account);
  const { undoMinutes } = state.policy(command.tenantId);
  if (found.lastSpending?.transferId !== spending.transferId) {
    return refuse(new InvalidState('The customer was changed since, or the spend was undone already.'));
  }
  if (undoMinutes === 0 || at > spending.createdAtMs + undoMinutes * MINUTE_MS) {
    return refuse(new InvalidState(`A spend may be undone for ${undoMinutes} minutes: the policy of the tenant.`));
  }
  const { undos } = state.counts(command.scopeId);
  if (undos >= MAX_UNDOS_PER_DAY) return refuse(new LimitReached('undosPerDay', MAX_UNDOS_PER_DAY, undos));
  const { amount } = spending;
  const customer = undone(found, found.lastSpending, amount, at);
  const to = { ...account, consumed: account.consumed - amount };
  return { ...move(state, command, { transferId, kind: 'UNDO', amount, from: null, to, customerId: customer.id }, at), customer };
}
