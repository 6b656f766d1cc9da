// How tests wait for a condition, and for how long.
import { setTimeout as delay } from 'node:timers/promises';
import { Overloaded } from '../../src/kernel/errors.ts';

/** Only a broken product takes longer than this, even on a slow machine. No wait for something that works lasts so long. */
export const PATIENCE_MS = 240_000;

const POLL_MS = 10;

/** Polls until the answer is neither undefined nor false, for conditions that emit no event. Tests do not set `patienceMs`. */
export async function until<T>(ask: () => Promise<T | undefined | false> | T | undefined | false, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`condition not met after ${patienceMs} ms: ${ask}`);
    await delay(POLL_MS);
  }
}

/**
 * Whether the event comes before a timer of this process that fires after `ms` milliseconds. Timers of one process
 * fire in order, however late they are. It checks what a timer of the product in this process must do by then.
 */
export function before(ms: number, event: Promise<unknown>): Promise<boolean> {
  return Promise.race([event.then(() => true), delay(ms).then(() => false)]);
}

/** Repeats a call that is refused as Overloaded, as its callers do: nothing of it was done. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const { value } = await until(() =>
    call().then(
      (value) => ({ value }),
      (error: unknown) => (error instanceof Overloaded ? undefined : Promise.reject(error)),
    ),
  );
  return value;
}
