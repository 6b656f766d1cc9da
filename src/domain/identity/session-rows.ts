import type { Sql } from '../../db/sql.ts';
import type { Actor, Role } from '../../kernel/actor.ts';
import { plainArray } from '../../ledger/array-literal.ts';

/** Lifetimes in milliseconds. */
export interface SessionLifetimes {
  /** Without use for this long a session ends. */
  readonly idleMs: number;
  /** However much it is used, it ends after this long. */
  readonly maxMs: number;
}

/** A session that is valid now, and whose it is. */
export interface SessionRow {
  readonly tenant_id: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly role: Role;
  readonly panel_id: string | null;
  readonly panel_path: string | null;
  readonly panel_depth: number | null;
  readonly expires_at_ms: number;
  /** By the database's clock, at the time of the query. */
  readonly remaining_ms: number;
  /** It was used without its expiry having moved for a while. */
  readonly is_due: boolean;
}

// A session in constant use writes its row once a minute, not at every request; a short one four times in its life.
const MAX_SLIDE_EVERY_MS = 60_000;

function slideEveryMs(idleMs: number): number {
  return Math.min(MAX_SLIDE_EVERY_MS, idleMs / 4);
}

export function actorOf(row: SessionRow): Actor {
  const { panel_id: id, panel_path: path, panel_depth: depth } = row;
  return {
    userId: row.user_id,
    tenantId: row.tenant_id,
    email: row.email,
    role: row.role,
    sessionId: row.session_id,
    sessionExpiresAtMs: row.expires_at_ms,
    key: null,
    panel: id === null || path === null || depth === null ? null : { id, path, depth },
  };
}

/** Columns of SessionRow, from a session `s`, its user `u`, its panel `r` and the present time `t.now`. */
function columns(sql: Sql, idleMs: number) {
  return sql`
    s.tenant_id, s.id AS session_id, u.id AS user_id, u.email, u.role,
    r.id AS panel_id, r.path AS panel_path, r.depth AS panel_depth,
    round(extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_at_ms,
    round(extract(epoch FROM s.expires_at - t.now) * 1000)::bigint AS remaining_ms,
    s.expires_at < least(s.ends_at, t.now + ${milliseconds(sql, idleMs - slideEveryMs(idleMs))}) AS is_due`;
}

function milliseconds(sql: Sql, duration: number) {
  return sql`${duration}::float8 * interval '1 millisecond'`;
}

/** Whoever is disabled, or whose panel is closed (R17), has no valid session. */
function userAndPanel(sql: Sql) {
  return sql`
    JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.disabled_at IS NULL
    LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id`;
}

export async function insertSession(
  sql: Sql,
  session: { readonly tenantId: string; readonly id: string; readonly userId: string; readonly tokenHash: Buffer },
  { idleMs, maxMs }: SessionLifetimes,
): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    WITH t AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS now),
    s AS (
      INSERT INTO session (tenant_id, id, user_id, token_hash, created_at, expires_at, ends_at)
      SELECT u.tenant_id, ${session.id}::uuid, u.id, ${session.tokenHash}, t.now,
        t.now + ${milliseconds(sql, Math.min(idleMs, maxMs))}, t.now + ${milliseconds(sql, maxMs)}
      FROM t, app_user u LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
      WHERE u.tenant_id = ${session.tenantId} AND u.id = ${session.userId} AND u.disabled_at IS NULL AND r.closed_at IS NULL
      RETURNING *
    )
    SELECT ${columns(sql, idleMs)} FROM t, s ${userAndPanel(sql)}`;
  return row ?? null;
}

export async function selectSession(sql: Sql, tokenHash: Buffer, idleMs: number): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    SELECT ${columns(sql, idleMs)}
    FROM (SELECT clock_timestamp() AS now) t, session s ${userAndPanel(sql)}
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > t.now AND r.closed_at IS NULL`;
  return row ?? null;
}

/** Those of the sessions that are valid, in one query whatever their number. */
export async function selectSessions(
  sql: Sql,
  sessions: readonly { readonly tenantId: string; readonly sessionId: string }[],
  idleMs: number,
): Promise<readonly SessionRow[]> {
  const tenantIds = plainArray(sessions.map((session) => session.tenantId));
  const ids = plainArray(sessions.map((session) => session.sessionId));
  return await sql<SessionRow[]>`
    SELECT ${columns(sql, idleMs)}
    FROM (SELECT clock_timestamp() AS now) t,
      unnest(${tenantIds}::uuid[], ${ids}::uuid[]) AS asked (tenant_id, id)
      JOIN session s ON s.tenant_id = asked.tenant_id AND s.id = asked.id ${userAndPanel(sql)}
    WHERE s.expires_at > t.now AND r.closed_at IS NULL`;
}

/** Moves the expiry of a session in use, never past its end. Answers the new one, or null if somebody else just did. */
export async function slideSession(sql: Sql, row: SessionRow, idleMs: number): Promise<number | null> {
  const [moved] = await sql<{ expires_at_ms: number }[]>`
    UPDATE session s SET expires_at = least(s.ends_at, t.now + ${milliseconds(sql, idleMs)})
    FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS now) t
    WHERE s.tenant_id = ${row.tenant_id} AND s.id = ${row.session_id} AND s.expires_at > t.now
      AND s.expires_at < least(s.ends_at, t.now + ${milliseconds(sql, idleMs - slideEveryMs(idleMs))})
    RETURNING round(extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_at_ms`;
  return moved?.expires_at_ms ?? null;
}

export async function deleteSession(sql: Sql, tenantId: string, sessionId: string): Promise<void> {
  await sql`DELETE FROM session WHERE tenant_id = ${tenantId} AND id = ${sessionId}`;
}

/** Removes at most `limit` sessions that are over. Answers how many it removed. */
export async function deleteExpiredSessions(sql: Sql, limit: number): Promise<number> {
  const { count } = await sql`
    DELETE FROM session WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM session WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT ${limit})`;
  return count;
}
