/** Turns a ledger outcome into its result, or throws its refusal. */

import type { Outcome, Posted, Replayed } from '../ledger/outcome.ts';

/** What was done, now or by an earlier call with the same key; throws the refusal otherwise. */
export function accepted(outcome: Outcome): Posted | Replayed {
  if (outcome.status === 'refused') throw outcome.refusal;
  return outcome;
}
