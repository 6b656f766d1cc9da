/** Queries a primary and a read replica for their positions in the write-ahead log, and checks that they have the same data. */

import { StartupProblem } from '../../kernel/startup-problem.ts';
import { codeOf, isUnavailable } from '../retry.ts';
import type { Sql } from '../sql.ts';
import { NoAnswer } from '../within.ts';

/** A position in the write-ahead log, in bytes, and the server that reported it, identified by its start time. */
export interface LogPosition {
  readonly position: number;
  readonly server: string;
}

/** The database cannot be read as a replica at the moment: it accepts writes, or follows another primary. */
export class NotFollowing extends Error {}

/** Returns the primary's position. Every commit that was answered or visible before this query is below it. */
export async function readPrimary(sql: Sql): Promise<LogPosition> {
  // A commit becomes visible after its record is flushed, unless synchronous_commit is off.
  const [row] = await sql<LogPosition[]>`
    SELECT (CASE WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END
      - '0/0')::bigint AS position, pg_postmaster_start_time()::text AS server`;
  if (!row) throw new Error('the query for the position returned no row');
  return row;
}

/** Returns the replica's position. Every read after this query sees all commits below it. */
export async function readReplica(sql: Sql): Promise<LogPosition> {
  const [row] = await sql<{ isFollowing: boolean; position: number | null; server: string }[]>`
    SELECT pg_is_in_recovery() AS "isFollowing", (pg_last_wal_replay_lsn() - '0/0')::bigint AS position,
      pg_postmaster_start_time()::text AS server`;
  if (!row?.isFollowing) throw new NotFollowing('it accepts writes, so it is not a read replica');
  if (row.position === null) throw new NotFollowing('it does not report what it has replayed');
  return { position: row.position, server: row.server };
}

/**
 * Throws a StartupProblem if the replica has the data of another cluster or another database. Throws NotFollowing while it is on
 * another timeline than the primary: after a failover it may have replayed changes that the new primary never had.
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

/** Whether the error may disappear by itself, because nothing is wrong with the settings. */
export function isTransient(error: unknown): boolean {
  return error instanceof NotFollowing || error instanceof NoAnswer || isUnavailable(error);
}

/** A short reason why the replica cannot be read. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== '') return code;
  return error instanceof Error ? error.message : String(error);
}
