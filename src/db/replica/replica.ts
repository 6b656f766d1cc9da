/** A read replica: what is read of it has everything that was committed before the read was asked for (ADR-0117). */

import type { PrismaClient } from '../prisma.ts';
import type { Sql } from '../sql.ts';

/** Read-only, of one server that is not restarted: what it has replayed it goes on to have. */
export interface ReplicaClients {
  readonly prisma: PrismaClient;
  readonly lists: Sql;
  readonly reports: Sql;
}

export interface Replica {
  /**
   * Clients of a replica that has everything that was committed before this call, by whatever process; null: ask the primary.
   * Waits for the replica shortly, and never rejects. When the replica fails, so does what is read by the clients: see `failed`.
   */
  caughtUp(): Promise<ReplicaClients | null>;
  /** What was read by the clients failed, and is read from the primary. */
  failed(): void;
  close(): Promise<void>;
}

/** Where a read went: to the replica; to the primary, because the replica was behind or away; to both, because the replica failed. */
type ReplicaRead = 'replica' | 'behind' | 'away' | 'failed';

/** Plain callbacks for metrics. */
export interface ReplicaObserver {
  replicaRead(outcome: ReplicaRead): void;
  /** Bytes of the log of writes that the replica had not replayed when it was last asked. */
  replicaBehind(read: () => number): void;
}

/** Every bound of the replica, by name. Tests make them small. */
export interface ReplicaLimits {
  /** How long a read waits for the replica to catch up. */
  readonly waitMs: number;
  /** Between two questions to a replica that is waited for. */
  readonly pollMs: number;
  /** How often a replica is asked that nobody waits for. */
  readonly lookEveryMs: number;
  /** A server that does not answer within this is away. */
  readonly deadlineMs: number;
  /** To connect to both servers, and to compare them. */
  readonly attachMs: number;
  /** A replica that was behind is left alone for this long, and so is one that was away. */
  readonly pauseMs: number;
}

export const REPLICA_LIMITS: ReplicaLimits = {
  waitMs: 50,
  pollMs: 3,
  lookEveryMs: 500,
  deadlineMs: 1_000,
  attachMs: 5_000,
  pauseMs: 2_000,
};
