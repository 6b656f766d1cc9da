/** Turns a ledger outcome into its result, or throws its refusal. */

import type { Outcome, Posted, Replayed } from '../ledger/outcome.ts';

/** Returns the result of this call, or of an earlier call with the same key. Throws the refusal otherwise. */
export function accepted(outcome: Outcome): Posted | Replayed {
  if (outcome.status === 'refused') throw outcome.refusal;
  return outcome;
}
