/** Starts an embedded Postgres again that ended while the server lives: killed for memory, or by hand. */
import { setTimeout as delay } from 'node:timers/promises';

/** How soon an end is noticed, and how long after a start that failed the next one is tried. Milliseconds. */
const LOOK_EVERY_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export interface Supervised {
  isRunning(): Promise<boolean>;
  /** Starts it where it was, on the same port. */
  restart(): Promise<void>;
  readonly log: (line: string) => void;
}

/** Watches until the returned function is called; that resolves when no start is under way any more. */
export function supervise({ isRunning, restart, log }: Supervised): () => Promise<void> {
  const ended = new AbortController();
  const watching = (async () => {
    let pauseMs = LOOK_EVERY_MS;
    while (await passed(pauseMs, ended.signal)) {
      if (await isRunning()) {
        pauseMs = LOOK_EVERY_MS;
        continue;
      }
      log('PostgreSQL has ended: starting it again.');
      try {
        await restart();
        log('PostgreSQL is back.');
        pauseMs = LOOK_EVERY_MS;
      } catch (error) {
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        log(`PostgreSQL could not be started: ${error instanceof Error ? error.message : error}`);
      }
    }
  })();
  return () => {
    ended.abort();
    return watching;
  };
}

/** Whether the time passed before the end. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal, ref: false }).catch(() => false);
}
