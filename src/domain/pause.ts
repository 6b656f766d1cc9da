/** Pauses between the steps of long background work, so that people's requests get the processor and the database. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';

type OthersWork = Readonly<{ ledger: Pick<Ledger, 'depth'> }>;

/** How many times longer a pause is than the work since the previous pause. */
const PAUSE_FACTOR = 3;
/** The longest pause. A step that was so slow that it would need a longer one mostly waited for others itself. */
const LONGEST_MS = 500;

/** Returns a function that pauses if commands wait for the ledger, and otherwise returns at once. It throws when the signal aborts. */
export function createPause(ports: OthersWork, signal: AbortSignal): () => Promise<void> {
  let sinceMs = monotonicMs();
  return async () => {
    const ms = pauseAfterMs(ports, monotonicMs() - sinceMs);
    if (ms > 0) await delay(ms, undefined, { signal });
    sinceMs = monotonicMs();
  };
}

/** How long to pause after a step that took `workedMs`. 0 if no command waits for the ledger. */
export function pauseAfterMs({ ledger }: OthersWork, workedMs: number): number {
  return ledger.depth > 0 ? Math.min(LONGEST_MS, PAUSE_FACTOR * workedMs) : 0;
}
