/** Leaves the processor and the database to people between the pieces of long work. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';

type OthersWork = Readonly<{ ledger: Pick<Ledger, 'depth'> }>;

/** A rest is so many times as long as what was worked since the last one. */
const TIMES = 3;
/** What took longer than this mostly waited for others itself. */
const LONGEST_MS = 500;

/** Rests while somebody waits for the ledger: who is alone goes on at once. Throws when the signal breaks off. */
export function createRest(ports: OthersWork, signal: AbortSignal): () => Promise<void> {
  let sinceMs = monotonicMs();
  return async () => {
    const ms = restMs(ports, monotonicMs() - sinceMs);
    if (ms > 0) await delay(ms, undefined, { signal });
    sinceMs = monotonicMs();
  };
}

/** For how long to rest after a piece that took so long; 0: nobody waits for the ledger. */
export function restMs({ ledger }: OthersWork, workedMs: number): number {
  return ledger.depth > 0 ? Math.min(LONGEST_MS, TIMES * workedMs) : 0;
}
