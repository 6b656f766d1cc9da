import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Asks until the answer is neither undefined nor false, for conditions that announce themselves by no event. */
export async function until<T>(ask: () => Promise<T | undefined | false> | T | undefined | false, timeoutMs = 20_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms`);
    await delay(POLL_MS);
  }
}
