import type { Outcome, Posted, Replayed } from '../ledger/command.ts';

/** What was done, now or by an earlier call with the same key; throws the refusal otherwise. */
export function accepted(outcome: Outcome): Posted | Replayed {
  if (outcome.status === 'refused') throw outcome.refusal;
  return outcome;
}
