/** Leaves the processor and the database to others between the pieces of a preview. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../kernel/clock.ts';

/** What took longer than this mostly waited for others itself. */
const LONGEST_MS = 100;

/** Rests for as long as was worked since it last did, and not longer than a moment. Throws when the signal breaks off. */
export function createRest(signal: AbortSignal): () => Promise<void> {
  let sinceMs = monotonicMs();
  return async () => {
    await delay(Math.min(LONGEST_MS, monotonicMs() - sinceMs), undefined, { signal });
    sinceMs = monotonicMs();
  };
}
