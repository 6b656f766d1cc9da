/** The limits of the queue, and who counts what it does. */

import { LOCK_TIMEOUT_MS } from '../../db/session-settings.ts';
import type { RequestOrigin } from '../../kernel/request-origin.ts';

export interface QueueLimits {
  /** Batches in flight, each on its own connection: one is decided while another is flushed to disk. */
  readonly batchesInFlight: number;
  /** Commands a batch holds at most; a larger item posts alone. */
  readonly commandsPerBatch: number;
  /** At most this many commands are unanswered. */
  readonly maxOpenCommands: number;
  /** A command that would wait longer than this, at the present rate, is refused at once. */
  readonly maxWaitMs: number;
  /** An unanswered item is given up after this. */
  readonly deadlineMs: number;
  /** How long a batch waits for rows that other sessions hold; 0: without end. */
  readonly lockTimeoutMs: number;
  /** How often rows that other sessions hold are tried again. */
  readonly parkedRetryMs: number;
  /** The first pause after a lost race, an outage or an unknown outcome; it doubles up to half a second. */
  readonly retryPauseMs: number;
}

export const DEFAULT_QUEUE_LIMITS: QueueLimits = {
  batchesInFlight: 2,
  commandsPerBatch: 256,
  maxOpenCommands: 20_000,
  maxWaitMs: 2_000,
  deadlineMs: 10_000,
  lockTimeoutMs: LOCK_TIMEOUT_MS,
  parkedRetryMs: 50,
  retryPauseMs: 25,
};

/**
 * On a distributed database a batch is of one tenant, and takes several times as long: `batchesInFlight` is what one tenant has at once,
 * and there are connections for as many tenants (ADR-0131).
 */
export const TENANTS_AT_ONCE = 4;

/** Called by the queue for metrics, on the hot path: must be cheap and must not throw. */
export interface QueueObserver {
  posted(commands: number, ms: number): void;
  /** A command was decided and refused. Refusals at the door (OVERLOADED) reject, and are counted by who answers them. */
  refused(code: string): void;
  /** `requestIds`: whose commands these were, to be asked for where it is written down. */
  retried(reason: 'contended' | 'again' | 'unknown' | 'failed', requestIds: () => readonly string[]): void;
  /** A batch begins; what it returns is called when it ends. Absent: nobody is told. */
  begun?(origins: readonly (RequestOrigin | undefined)[], commands: number): (result: string) => void;
}
