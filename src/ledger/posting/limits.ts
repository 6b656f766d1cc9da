/** The limits of the queue, and the interface through which it is observed for metrics. */

import { LOCK_TIMEOUT_MS } from '../../db/session-settings.ts';
import type { RequestOrigin } from '../../kernel/request-origin.ts';

export interface QueueLimits {
  /** The most batches in flight, each on its own connection: one is decided while another is flushed to disk. */
  readonly batchesInFlight: number;
  /** The most commands in a batch. A larger submission is posted alone. */
  readonly commandsPerBatch: number;
  /** The most unanswered commands. */
  readonly maxOpenCommands: number;
  /** A command that would wait longer than this, at the present rate, is refused at once. */
  readonly maxWaitMs: number;
  /** A submission that is not answered after this time is rejected. */
  readonly deadlineMs: number;
  /** How long a batch waits for rows that other sessions have locked; 0 for no limit. */
  readonly lockTimeoutMs: number;
  /** The time between two attempts for rows that other sessions have locked. */
  readonly parkedRetryMs: number;
  /** The first pause after a lost race, an outage or an unknown outcome. It doubles up to half a second. */
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
 * The number of tenants that can post at the same time on a distributed database. There a batch contains one tenant's commands and takes
 * several times as long. `batchesInFlight` limits the batches of one tenant, and there are connections for this many tenants (ADR-0131).
 */
export const TENANTS_AT_ONCE = 4;

/** Called by the queue on its hot path, for metrics: must be cheap and must not throw. */
export interface QueueObserver {
  posted(commands: number, ms: number): void;
  /** A command was decided and refused. A command that does not enter the queue (OVERLOADED) is counted where that error is answered. */
  refused(code: string): void;
  /** A batch must be posted again. `requestIds` returns the requests of its commands; call it only to log them. */
  retried(reason: 'contended' | 'again' | 'unknown' | 'failed', requestIds: () => readonly string[]): void;
  /** A batch begins. The queue calls the returned function when the batch ends. */
  begun?(origins: readonly (RequestOrigin | undefined)[], commands: number): (result: string) => void;
}
