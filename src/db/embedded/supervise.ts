/** Starts an embedded Postgres again if it ends while the server runs, for example killed for memory or by a person. */
import { setTimeout as delay } from 'node:timers/promises';

/** How often the process is checked, and the first pause after a failed start. */
const CHECK_EVERY_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export interface Supervised {
  isRunning(): Promise<boolean>;
  /** Starts it again in the same folder, on the same port. */
  restart(): Promise<void>;
  readonly log: (line: string) => void;
}

/** Watches until the returned function is called. The function's promise resolves when no start is running any more. */
export function supervise({ isRunning, restart, log }: Supervised): () => Promise<void> {
  const ended = new AbortController();
  const watching = (async () => {
    let pauseMs = CHECK_EVERY_MS;
    while (await passed(pauseMs, ended.signal)) {
      if (await isRunning()) {
        pauseMs = CHECK_EVERY_MS;
        continue;
      }
      log('PostgreSQL has ended: starting it again.');
      try {
        await restart();
        log('PostgreSQL is back.');
        pauseMs = CHECK_EVERY_MS;
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

/** Waits, and returns false if the supervision ended meanwhile. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal, ref: false }).catch(() => false);
}
