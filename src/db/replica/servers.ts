/** What a primary and a read replica say of themselves: where they are in the log of writes, and whose data they have. */

import { StartupProblem } from '../../kernel/startup-problem.ts';
import { codeOf, isUnavailable } from '../retry.ts';
import type { Sql } from '../sql.ts';
import { NoAnswer } from '../within.ts';

/** A place in the log of writes, in bytes, and the server that said so: when it was started. */
export interface Standing {
  readonly position: number;
  readonly server: string;
}

/** The database cannot be read as a replica at the moment: it takes writes, or follows another primary. */
export class NotFollowing extends Error {}

/** Every commit that was answered or seen before the question is below this position. */
export async function readPrimary(sql: Sql): Promise<Standing> {
  // A commit is seen after its record is flushed, unless commits are told not to wait for that.
  const [row] = await sql<Standing[]>`
    SELECT (CASE WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END
      - '0/0')::bigint AS position, pg_postmaster_start_time()::text AS server`;
  if (!row) throw new Error('a SELECT without FROM answers one row');
  return row;
}

/** Whoever reads this server after the question sees every commit below this position. */
export async function readReplica(sql: Sql): Promise<Standing> {
  const [row] = await sql<{ isFollowing: boolean; position: number | null; server: string }[]>`
    SELECT pg_is_in_recovery() AS "isFollowing", (pg_last_wal_replay_lsn() - '0/0')::bigint AS position,
      pg_postmaster_start_time()::text AS server`;
  if (!row?.isFollowing) throw new NotFollowing('it takes writes: it is no read replica');
  if (row.position === null) throw new NotFollowing('it does not say what it has replayed');
  return { position: row.position, server: row.server };
}

/**
 * Throws a StartupProblem when the replica has another cluster's data or another database of it, and NotFollowing while it stands
 * on another timeline than the primary: after a failover what it has replayed may be what the new primary never had.
 */
export async function assertFollows(replica: Sql, primary: Sql): Promise<void> {
  const [[ofPrimary], [ofReplica]] = await Promise.all([
    primary<{ cluster: string; database: string; timeline: string }[]>`
      SELECT system_identifier::text AS cluster, current_database()::text AS database,
        left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) AS timeline FROM pg_control_system()`,
    replica<{ cluster: string; database: string; timeline: string }[]>`
      SELECT system_identifier::text AS cluster, current_database()::text AS database,
        upper(lpad(to_hex(greatest(min_recovery_end_timeline, timeline_id)), 8, '0')) AS timeline
      FROM pg_control_system(), pg_control_recovery(), pg_control_checkpoint()`,
  ]);
  if (ofPrimary?.cluster !== ofReplica?.cluster || ofPrimary?.database !== ofReplica?.database) {
    throw new StartupProblem('READ_DATABASE_URL has other data than DATABASE_URL: give it a streaming replica of the same database.');
  }
  if (ofPrimary?.timeline !== ofReplica?.timeline) throw new NotFollowing('it follows another timeline than the primary');
}

/** Whether it may be another time: nothing is wrong with the settings. */
export function isPassing(error: unknown): boolean {
  return error instanceof NotFollowing || error instanceof NoAnswer || isUnavailable(error);
}

/** Why it cannot be read, in a few words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== '') return code;
  return error instanceof Error ? error.message : String(error);
}
