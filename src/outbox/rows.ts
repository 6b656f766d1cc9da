/** The statements of the outbox: write, take, settle, count, sweep. */

import { plainArray, textArray } from '../db/arrays/literal.ts';
import { isOf, tenantOr } from '../db/by-tenant.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';

/** A lane's full name. */
export interface LaneId {
  readonly tenantId: string;
  readonly channel: string;
  readonly lane: string;
}

/** A lane that this worker has, until its lease ends. */
export interface TakenLane extends LaneId {
  readonly target: string;
  /** Unique for each time that a lane is taken. */
  readonly takenBy: string;
}

/** The first message of a taken lane. The present attempt is already counted. */
export interface Head extends LaneId {
  readonly id: string;
  readonly body: string;
  readonly attempt: number;
  readonly lastError: string | null;
  readonly isExpired: boolean;
}

export interface MessageRow extends LaneId {
  readonly id: string;
  readonly target: string;
  readonly body: string;
  readonly expiresInMs: number | null;
}

/**
 * The position is counted under the lock of the lane's row, which the writer holds until it commits. So positions are in the order
 * of commits. A time or a sequence would be in the order in which transactions began or wrote.
 */
export async function insertMessage(tx: Transaction, message: MessageRow): Promise<void> {
  const { tenantId, channel, lane, target, id, body, expiresInMs } = message;
  await tx`
    WITH lane AS (
      INSERT INTO outbox_lane (tenant_id, channel, lane, target, written, due_at)
      VALUES (${tenantId}, ${channel}, ${lane}, ${target}, 1, statement_timestamp())
      ON CONFLICT (tenant_id, channel, lane) DO UPDATE SET written = outbox_lane.written + 1
      RETURNING written
    )
    INSERT INTO outbox_message (tenant_id, id, channel, lane, position, body, created_at, expires_at)
    SELECT ${tenantId}, ${id}::uuid, ${channel}, ${lane}, written, ${body}, t.now, t.now + ${expiresInMs}::float8 * interval '1 millisecond'
    FROM lane, (SELECT date_trunc('milliseconds', statement_timestamp()) AS now) t`;
}

export interface Taking {
  readonly channels: readonly string[];
  /** Targets that already have their share of this worker's attempts. */
  readonly busyTargets: readonly string[];
  readonly takenBy: string;
  readonly leaseMs: number;
  readonly limit: number;
}

/**
 * Takes due lanes for the time of the lease, longest waiting first. Skips locked lanes, which are being written or settled. On a
 * distributed database, takes them tenant by tenant.
 */
export async function takeLanes(sql: Sql, taking: Taking, topology: Topology = 'single'): Promise<readonly TakenLane[]> {
  if (topology === 'single') return takeIn(sql, null, taking);
  const { channels, busyTargets, limit } = taking;
  const due = await sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM outbox_lane
    WHERE channel = ANY(${plainArray(channels)}::text[]) AND due_at <= now() AND target <> ALL(${textArray(busyTargets)}::text[])
    GROUP BY tenant_id ORDER BY min(due_at) LIMIT ${limit}`;
  const taken: TakenLane[] = [];
  for (const { tenantId } of due) {
    if (taken.length < limit) taken.push(...(await takeIn(sql, tenantId, { ...taking, limit: limit - taken.length })));
  }
  return taken;
}

async function takeIn(
  sql: Sql,
  tenantId: string | null,
  { channels, busyTargets, takenBy, leaseMs, limit }: Taking,
): Promise<readonly TakenLane[]> {
  return await sql<TakenLane[]>`
    WITH due AS (
      SELECT tenant_id, channel, lane FROM outbox_lane
      WHERE ${isOf(sql, tenantId)} AND channel = ANY(${plainArray(channels)}::text[]) AND due_at <= now()
        AND target <> ALL(${textArray(busyTargets)}::text[])
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_lane l SET due_at = statement_timestamp() + ${leaseMs}::float8 * interval '1 millisecond', taken_by = ${takenBy}
    FROM due WHERE l.tenant_id = ${tenantOr(sql, tenantId, 'due.tenant_id')} AND l.channel = due.channel AND l.lane = due.lane
    RETURNING l.tenant_id AS "tenantId", l.channel, l.lane, l.target, l.taken_by AS "takenBy"`;
}

/**
 * Counts an attempt of the first message of a taken lane, and returns the message, or null if the lane has none. It is a separate
 * statement, so that it sees everything committed before the lane was taken.
 */
export async function takeHead(sql: Sql, { tenantId, channel, lane }: LaneId): Promise<Head | null> {
  const [head] = await sql<Head[]>`
    UPDATE outbox_message SET attempts = attempts + 1
    WHERE tenant_id = ${tenantId} AND id = (
      SELECT id FROM outbox_message
      WHERE tenant_id = ${tenantId} AND channel = ${channel} AND lane = ${lane} AND dead_at IS NULL ORDER BY position LIMIT 1)
    RETURNING tenant_id AS "tenantId", channel, lane, id, body, attempts AS attempt, last_error AS "lastError",
      coalesce(expires_at <= (SELECT statement_timestamp()), false) AS "isExpired"`;
  return head ?? null;
}

/** Locks the lane until the transaction ends. Returns whether this worker still has it. */
export async function holdLane(tx: Transaction, { tenantId, channel, lane, takenBy }: TakenLane): Promise<boolean> {
  const { count } = await tx`
    SELECT FROM outbox_lane
    WHERE tenant_id = ${tenantId} AND channel = ${channel} AND lane = ${lane} AND taken_by = ${takenBy} FOR UPDATE`;
  return count === 1;
}

export async function deleteMessage(tx: Transaction, { tenantId, id }: Pick<Head, 'tenantId' | 'id'>): Promise<void> {
  await tx`DELETE FROM outbox_message WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export async function buryMessage(tx: Transaction, { tenantId, id }: Pick<Head, 'tenantId' | 'id'>, why: string): Promise<void> {
  await tx`
    UPDATE outbox_message SET body = NULL, last_error = ${why}, dead_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export async function noteFailure(tx: Transaction, { tenantId, id }: Pick<Head, 'tenantId' | 'id'>, why: string): Promise<void> {
  await tx`UPDATE outbox_message SET last_error = ${why} WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** Returns a held lane, due after the pause. */
export async function postponeLane(tx: Transaction, { tenantId, channel, lane }: LaneId, pauseMs: number): Promise<void> {
  await tx`
    UPDATE outbox_lane SET taken_by = NULL, due_at = statement_timestamp() + ${pauseMs}::float8 * interval '1 millisecond'
    WHERE tenant_id = ${tenantId} AND channel = ${channel} AND lane = ${lane}`;
}

/** Returns a held lane: due at once if it has another message, else deleted. Writers wait for the lane's lock, so no message is missed. */
export async function releaseLane(tx: Transaction, id: LaneId): Promise<void> {
  const { tenantId, channel, lane } = id;
  const gone = await tx`
    DELETE FROM outbox_lane WHERE tenant_id = ${tenantId} AND channel = ${channel} AND lane = ${lane} AND NOT EXISTS (
      SELECT FROM outbox_message
      WHERE tenant_id = ${tenantId} AND channel = ${channel} AND lane = ${lane} AND dead_at IS NULL)`;
  if (gone.count === 0) await postponeLane(tx, id, 0);
}

export interface WaitingRow {
  readonly channel: string;
  readonly waiting: number;
  readonly oldestSeconds: number;
}

export async function countWaiting(sql: Sql): Promise<readonly WaitingRow[]> {
  return await sql<WaitingRow[]>`
    SELECT channel, count(*)::int AS waiting, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS "oldestSeconds"
    FROM outbox_message WHERE dead_at IS NULL GROUP BY channel`;
}

/** Removes at most `limit` messages that have been dead for `days` days. */
export async function deleteDead(sql: Sql, days: number, limit: number, topology: Topology = 'single'): Promise<void> {
  if (topology === 'single') return deleteIn(sql, null, days, limit);
  const tenants = await sql<{ tenantId: string }[]>`
    SELECT DISTINCT tenant_id AS "tenantId" FROM outbox_message WHERE dead_at < now() - ${days}::float8 * interval '1 day'`;
  for (const { tenantId } of tenants) await deleteIn(sql, tenantId, days, limit);
}

async function deleteIn(sql: Sql, tenantId: string | null, days: number, limit: number): Promise<void> {
  await sql`
    DELETE FROM outbox_message WHERE ${isOf(sql, tenantId)} AND (tenant_id, id) IN (
      SELECT tenant_id, id FROM outbox_message
      WHERE ${isOf(sql, tenantId)} AND dead_at < now() - ${days}::float8 * interval '1 day' ORDER BY dead_at LIMIT ${limit})`;
}
