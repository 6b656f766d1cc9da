/** Leaves the processor and the database to others between the pieces of an import. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** A rest is so many times as long as what was worked since the last one. */
const TIMES = 3;
/** What took longer than this mostly waited for others itself. */
const LONGEST_MS = 500;

/** Rests while somebody waits for the ledger: who is alone goes on at once. Throws when the signal breaks off. */
export function createRest({ ledger }: { readonly ledger: Pick<Ledger, 'depth'> }, signal: AbortSignal): () => Promise<void> {
  let sinceMs = monotonicMs();
  return async () => {
    if (ledger.depth > 0) await delay(Math.min(LONGEST_MS, TIMES * (monotonicMs() - sinceMs)), undefined, { signal });
    sinceMs = monotonicMs();
  };
}
