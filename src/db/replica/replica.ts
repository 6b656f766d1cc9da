/** The interface of a read replica: a read from it sees everything that was committed before the read was requested (ADR-0117). */

import type { PrismaClient } from '../prisma.ts';
import type { Sql } from '../sql.ts';

/** Read-only clients of one server. They fail if it is restarted, so what it has replayed stays visible to them. */
export interface ReplicaClients {
  readonly prisma: PrismaClient;
  readonly lists: Sql;
  readonly reports: Sql;
}

export interface Replica {
  /**
   * Returns the clients of a replica that has everything that any process committed before this call, or null if the caller must read
   * the primary. Waits for the replica for a short time, and never rejects. If the replica fails, reads by the clients fail: see `failed`.
   */
  caughtUp(): Promise<ReplicaClients | null>;
  /** Call this when a read by the clients failed and is repeated on the primary. */
  failed(): void;
  close(): Promise<void>;
}

/** Where a read was sent: to the replica; to the primary, because the replica was behind or away; to both, because the replica failed. */
type ReplicaRead = 'replica' | 'behind' | 'away' | 'failed';

/** Callbacks for metrics. */
export interface ReplicaObserver {
  replicaRead(outcome: ReplicaRead): void;
  /** Receives a function that reads the bytes of the write-ahead log which the replica had not replayed at the last check. */
  replicaBehind(read: () => number): void;
}

/** All limits of the replica. Tests set smaller ones. */
export interface ReplicaLimits {
  /** How long a read waits for the replica to catch up. */
  readonly waitMs: number;
  /** The time between two queries to the replica while a read waits for it. */
  readonly pollMs: number;
  /** How often the replica is checked while no read waits for it. */
  readonly checkEveryMs: number;
  /** A server that does not answer within this time counts as away. */
  readonly deadlineMs: number;
  /** The time limit to connect to both servers and to compare them. */
  readonly attachMs: number;
  /** How long a replica is not used after it was behind or away. */
  readonly pauseMs: number;
}

export const REPLICA_LIMITS: ReplicaLimits = {
  waitMs: 50,
  pollMs: 3,
  checkEveryMs: 500,
  deadlineMs: 1_000,
  attachMs: 5_000,
  pauseMs: 2_000,
};
