// How long tests wait for what announces itself by no event, and the one way in which they do.
import { setTimeout as delay } from 'node:timers/promises';

/** Only what is broken takes longer, on however slow a machine; what works is never waited for so long. */
export const PATIENCE_MS = 240_000;

const POLL_MS = 10;

/** Asks until the answer is neither undefined nor false, for conditions that announce themselves by no event. Tests leave `patienceMs` as it is. */
export async function until<T>(ask: () => Promise<T | undefined | false> | T | undefined | false, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`still not so after ${patienceMs} ms: ${ask}`);
    await delay(POLL_MS);
  }
}

/**
 * Whether it comes within so many milliseconds of this process' own timers, whose order holds however late all of them are:
 * for what a timer of the product in this process must do by then.
 */
export function before(ms: number, event: Promise<unknown>): Promise<boolean> {
  return Promise.race([event.then(() => true), delay(ms).then(() => false)]);
}
