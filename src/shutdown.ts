/** Ends a process: closes everything that was opened, the last thing first. */

import closeWithGrace from 'close-with-grace';
import type { Config } from './config.ts';
import { monotonicMs } from './kernel/clock.ts';
import type { Logger } from './kernel/log.ts';

/** One step of the end; the last one added runs first. */
export type Cleanup = () => Promise<void>;

/** A Ctrl-C reaches this process twice, from the terminal and from npm. Signals within this time count as one. Milliseconds. */
const SAME_SIGNAL_MS = 500;
/** How long a stop may take beyond the drain itself: closing connections, stopping the embedded Postgres. Milliseconds. */
const STOP_MARGIN_MS = 15_000;

/** The action on SIGHUP: null means the same as for other signals; several processes are replaced instead. */
export interface HangUp {
  restart: (() => void) | null;
}

/**
 * Drains once, at the first signal or after an unexpected error, which may have left the process in any state. A later signal exits
 * at once. The returned function ends the process without a signal.
 */
export function endGracefully(config: Config, log: Logger, starting: Promise<void>, cleanups: Cleanup[], hangUp?: HangUp): () => void {
  const grace = closeWithGrace(
    { delay: config.drainSeconds * 1000 + STOP_MARGIN_MS, skip: ['SIGHUP', 'SIGINT', 'SIGTERM'], logger: false },
    async ({ err }) => {
      if (err) log.fatal({ err }, 'ending after an unexpected error');
      await starting;
      await runCleanups(cleanups);
    },
  );
  let firstSignalAtMs: number | undefined;
  const end = () => {
    if (firstSignalAtMs !== undefined) return;
    firstSignalAtMs = monotonicMs();
    grace.close();
  };
  const onSignal = () => {
    if (firstSignalAtMs === undefined) end();
    else if (monotonicMs() - firstSignalAtMs > SAME_SIGNAL_MS) process.exit(1);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', () => (hangUp?.restart ?? onSignal)());
  return end;
}

/** Runs every step, even after one has failed. */
export async function runCleanups(cleanups: Cleanup[]): Promise<void> {
  const step = cleanups.pop();
  if (!step) return;
  try {
    await step();
  } finally {
    await runCleanups(cleanups);
  }
}
