/** SQL statements that read, create and end sessions and API keys. */

import { plainArray } from '../../db/arrays/literal.ts';
import { isOf } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { Actor, ApiKeyScope, Role, Support } from '../../kernel/actor.ts';

/** Lifetimes in milliseconds. */
export interface SessionLifetimes {
  /** A session ends after this long without use. */
  readonly idleMs: number;
  /** A session ends after this long even if it is in use. */
  readonly maxMs: number;
}

/** A valid session or API key, with its user and panel. */
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
  /** Whether its use was not recorded for a while, so that it should be recorded now. */
  readonly is_due: boolean;
  /** null for a session. */
  readonly key_scope: ApiKeyScope | null;
  /** Whether it is a session of a user with a one-time password. */
  readonly must_change_password: boolean;
  /** The four fields of a support session; null otherwise. */
  readonly opener_tenant_id: string | null;
  readonly opener_session_id: string | null;
  readonly opener_role: Role | null;
  readonly support_reason: string | null;
}

// A session in constant use writes its row once a minute, not at every request; a short one four times in its idle time.
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
    key: row.key_scope === null ? null : { scope: row.key_scope },
    mustChangePassword: row.must_change_password,
    support: supportOf(row),
    panel: id === null || path === null || depth === null ? null : { id, path, depth },
  };
}

function supportOf(row: SessionRow): Support | null {
  const { opener_role: openerRole, opener_session_id: openerSessionId, opener_tenant_id: openerTenantId, support_reason: reason } = row;
  if (openerTenantId === null || openerSessionId === null || openerRole === null || reason === null) return null;
  return { openerTenantId, openerSessionId, openerRole, reason };
}

function noSupport(sql: Sql) {
  return sql`
    NULL::uuid AS opener_tenant_id, NULL::uuid AS opener_session_id, NULL::user_role AS opener_role, NULL::text AS support_reason`;
}

/** Columns of SessionRow, from a session `s`, its user `u`, its panel `r` and the present time `t.now`. */
function columns(sql: Sql, idleMs: number) {
  return sql`
    s.tenant_id, s.id AS session_id, u.id AS user_id, u.email, u.role,
    r.id AS panel_id, r.path AS panel_path, r.depth AS panel_depth,
    round(extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_at_ms,
    round(extract(epoch FROM s.expires_at - t.now) * 1000)::bigint AS remaining_ms,
    s.expires_at < least(s.ends_at, t.now + ${milliseconds(sql, idleMs - slideEveryMs(idleMs))}) AS is_due,
    NULL::api_key_scope AS key_scope, u.one_time_password_until IS NOT NULL AS must_change_password, ${noSupport(sql)}`;
}

function milliseconds(sql: Sql, duration: number) {
  return sql`${duration}::float8 * interval '1 millisecond'`;
}

/**
 * The password of the user `u` is the user's own, or a one-time password that has not expired (R41). Otherwise its sessions are
 * invalid too.
 */
function hasPassword(sql: Sql) {
  return sql`(u.one_time_password_until IS NULL OR u.one_time_password_until > t.now)`;
}

/** Joins the user and the panel. A disabled user has no valid session; callers also check that the panel is not closed (R17). */
function userAndPanel(sql: Sql) {
  return sql`
    JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.disabled_at IS NULL
    LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id`;
}

/** The user of a new session, and the client that opened it. */
export interface NewSession {
  readonly tenantId: string;
  readonly userId: string;
  /** The user's password hash when it was verified. If the password was changed since, no session is opened. */
  readonly passwordHash?: string;
  readonly address?: string | null;
  readonly userAgent?: string | null;
}

export const MAX_USER_AGENT_CHARACTERS = 200;
export const MAX_ADDRESS_CHARACTERS = 100;

/** Cuts the text to `max` characters that Postgres can store. Returns null if nothing is left. */
export function cut(text: string | null | undefined, max: number): string | null {
  return text?.replaceAll('\0', '').toWellFormed().slice(0, max).toWellFormed() || null;
}

/** A new session as it is stored, with the hash of its token. */
export interface OpeningSession extends NewSession {
  readonly id: string;
  readonly tokenHash: Buffer;
}

export async function insertSession(sql: Sql, session: OpeningSession, { idleMs, maxMs }: SessionLifetimes): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    WITH t AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS now),
    -- A concurrent change of the password waits for this session and then ends it, or this waits for it and is refused. So does disabling the user.
    signed_in AS (
      UPDATE app_user u SET last_sign_in_at = t.now FROM t
      WHERE u.tenant_id = ${session.tenantId} AND u.id = ${session.userId} AND u.disabled_at IS NULL AND ${hasPassword(sql)}
        AND u.password_hash = coalesce(${session.passwordHash ?? null}, u.password_hash)
        AND NOT EXISTS (
          SELECT FROM reseller r WHERE r.tenant_id = u.tenant_id AND r.id = u.reseller_id AND r.closed_at IS NOT NULL)
      RETURNING u.tenant_id, u.id
    ),
    s AS (
      INSERT INTO session (tenant_id, id, user_id, token_hash, user_agent, address, created_at, expires_at, ends_at)
      SELECT signed_in.tenant_id, ${session.id}::uuid, signed_in.id, ${session.tokenHash},
        ${cut(session.userAgent, MAX_USER_AGENT_CHARACTERS)}, ${cut(session.address, MAX_ADDRESS_CHARACTERS)}, t.now,
        t.now + ${milliseconds(sql, Math.min(idleMs, maxMs))}, t.now + ${milliseconds(sql, maxMs)}
      FROM t, signed_in
      RETURNING *
    )
    SELECT ${columns(sql, idleMs)} FROM t, s ${userAndPanel(sql)}`;
  return row ?? null;
}

/** A null `tenantId` searches all tenants, on a single database. */
export async function selectSession(sql: Sql, tenantId: string | null, tokenHash: Buffer, idleMs: number): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    SELECT ${columns(sql, idleMs)}
    FROM (SELECT clock_timestamp() AS now) t, session s ${userAndPanel(sql)}
    WHERE ${isOf(sql, tenantId, 's.tenant_id')} AND s.token_hash = ${tokenHash} AND s.expires_at > t.now AND r.closed_at IS NULL AND ${hasPassword(sql)}`;
  return row ?? null;
}

/** Columns of SessionRow, from an API key `k`. */
function keyColumns(sql: Sql) {
  return sql`
    k.tenant_id, k.id AS session_id, u.id AS user_id, u.email, u.role,
    r.id AS panel_id, r.path AS panel_path, r.depth AS panel_depth,
    coalesce(round(extract(epoch FROM k.expires_at) * 1000)::bigint, ${Number.MAX_SAFE_INTEGER}::bigint) AS expires_at_ms,
    coalesce(round(extract(epoch FROM k.expires_at - t.now) * 1000)::bigint, ${Number.MAX_SAFE_INTEGER}::bigint) AS remaining_ms,
    k.last_used_at IS NULL OR k.last_used_at < t.now - interval '1 minute' AS is_due,
    k.scope AS key_scope, false AS must_change_password, ${noSupport(sql)}`;
}

/** The key's user `u` is still an enabled OWNER of its panel `r`, and the panel is open. Otherwise the key is invalid. */
function isOpenOwner(sql: Sql) {
  return sql`u.role = 'OWNER' AND u.disabled_at IS NULL AND r.id = u.reseller_id AND r.closed_at IS NULL`;
}

function isOpenKey(sql: Sql) {
  return sql`k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > t.now)`;
}

export async function selectApiKey(sql: Sql, tenantId: string | null, prefix: string, tokenHash: Buffer): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    SELECT ${keyColumns(sql)}
    FROM (SELECT clock_timestamp() AS now) t, api_key k
    JOIN app_user u ON u.tenant_id = k.tenant_id AND u.id = k.user_id
    JOIN reseller r ON r.tenant_id = k.tenant_id AND r.id = k.reseller_id
    WHERE ${isOf(sql, tenantId, 'k.tenant_id')} AND k.prefix = ${prefix} AND k.token_hash = ${tokenHash} AND ${isOpenKey(sql)} AND ${isOpenOwner(sql)}`;
  return row ?? null;
}

/**
 * Columns of SessionRow, from a support session `s`, its opener `u`, the opener's session `o` and the panel `r`. It reads as a VIEWER
 * of that panel. Its end is fixed, so its use need not be recorded.
 */
function supportColumns(sql: Sql) {
  return sql`
    s.tenant_id, s.id AS session_id, u.id AS user_id, u.email, 'VIEWER'::user_role AS role,
    r.id AS panel_id, r.path AS panel_path, r.depth AS panel_depth,
    round(extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_at_ms,
    round(extract(epoch FROM least(s.expires_at, o.expires_at) - t.now) * 1000)::bigint AS remaining_ms,
    false AS is_due, NULL::api_key_scope AS key_scope, false AS must_change_password,
    s.opener_tenant_id, s.opener_session_id, u.role AS opener_role, s.reason AS support_reason`;
}

/**
 * The support session and its opener's session `o` are open, and the opener `u` may still open it: its panel `p` is the parent of
 * `r`, or it is the platform (R43).
 */
export function isOpenSupport(sql: Sql) {
  return sql`
    s.expires_at > t.now AND o.expires_at > t.now AND o.user_id = s.opener_id AND u.disabled_at IS NULL
    AND u.one_time_password_until IS NULL AND r.closed_at IS NULL AND p.closed_at IS NULL
    AND CASE u.role WHEN 'PLATFORM' THEN r.parent_id IS NULL WHEN 'OWNER' THEN p.tenant_id = r.tenant_id AND p.id = r.parent_id ELSE false END`;
}

export async function selectSupportSession(sql: Sql, tokenHash: Buffer): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    SELECT ${supportColumns(sql)}
    FROM (SELECT clock_timestamp() AS now) t, support_session s
    JOIN session o ON o.tenant_id = s.opener_tenant_id AND o.id = s.opener_session_id
    JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.user_id
    JOIN reseller r ON r.tenant_id = s.tenant_id AND r.id = s.reseller_id
    LEFT JOIN reseller p ON p.tenant_id = u.tenant_id AND p.id = u.reseller_id
    WHERE s.token_hash = ${tokenHash} AND ${isOpenSupport(sql)}`;
  return row ?? null;
}

/** Records that a key was used. If several processes try at once, only one writes. */
export async function touchApiKey(sql: Sql, row: SessionRow): Promise<void> {
  await sql`
    UPDATE api_key SET last_used_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${row.tenant_id} AND id = ${row.session_id}
      AND (last_used_at IS NULL OR last_used_at < date_trunc('milliseconds', statement_timestamp()) - interval '1 minute')`;
}

/** The sessions that one statement checks, which takes the database about ten milliseconds. */
const SESSIONS_AT_ONCE = 1_000;

/**
 * Returns those of the sessions and API keys that are valid, with one statement for each thousand. Every row is looked up by its key,
 * whatever the statistics say and whenever the plan was made. OFFSET 0 keeps the order of the look-ups, and with sequential scans off
 * each uses an index. A cached plan from when the tables were small read whole tables for every row (3,000 took ten seconds).
 */
export async function selectSessions(
  sql: Sql,
  sessions: readonly { readonly tenantId: string; readonly sessionId: string }[],
  idleMs: number,
): Promise<readonly SessionRow[]> {
  const found: SessionRow[] = [];
  await sql.begin('READ ONLY', async (tx) => {
    await tx`SELECT set_config('enable_seqscan', 'off', true)`;
    for (let start = 0; start < sessions.length; start += SESSIONS_AT_ONCE) {
      found.push(...(await selectSome(sql, tx, sessions.slice(start, start + SESSIONS_AT_ONCE), idleMs)));
    }
  });
  return found;
}

async function selectSome(
  sql: Sql,
  tx: Transaction,
  sessions: readonly { readonly tenantId: string; readonly sessionId: string }[],
  idleMs: number,
): Promise<readonly SessionRow[]> {
  const tenantIds = plainArray(sessions.map((session) => session.tenantId));
  const ids = plainArray(sessions.map((session) => session.sessionId));
  const asked = sql`(SELECT clock_timestamp() AS now OFFSET 0) t, unnest(${tenantIds}::uuid[], ${ids}::uuid[]) AS asked (tenant_id, id)`;
  return await tx<SessionRow[]>`
    SELECT ${columns(sql, idleMs)}
    FROM ${asked}
    CROSS JOIN LATERAL (SELECT * FROM session WHERE tenant_id = asked.tenant_id AND id = asked.id OFFSET 0) s
    CROSS JOIN LATERAL (SELECT * FROM app_user WHERE tenant_id = s.tenant_id AND id = s.user_id OFFSET 0) u
    LEFT JOIN LATERAL (SELECT * FROM reseller WHERE tenant_id = u.tenant_id AND id = u.reseller_id OFFSET 0) r ON true
    WHERE s.expires_at > t.now AND u.disabled_at IS NULL AND r.closed_at IS NULL AND ${hasPassword(sql)}
    UNION ALL
    SELECT ${keyColumns(sql)}
    FROM ${asked}
    CROSS JOIN LATERAL (SELECT * FROM api_key WHERE tenant_id = asked.tenant_id AND id = asked.id OFFSET 0) k
    CROSS JOIN LATERAL (SELECT * FROM app_user WHERE tenant_id = k.tenant_id AND id = k.user_id OFFSET 0) u
    CROSS JOIN LATERAL (SELECT * FROM reseller WHERE tenant_id = k.tenant_id AND id = k.reseller_id OFFSET 0) r
    WHERE ${isOpenKey(sql)} AND ${isOpenOwner(sql)}
    UNION ALL
    SELECT ${supportColumns(sql)}
    FROM ${asked}
    CROSS JOIN LATERAL (SELECT * FROM support_session WHERE tenant_id = asked.tenant_id AND id = asked.id OFFSET 0) s
    CROSS JOIN LATERAL (SELECT * FROM session WHERE tenant_id = s.opener_tenant_id AND id = s.opener_session_id OFFSET 0) o
    CROSS JOIN LATERAL (SELECT * FROM app_user WHERE tenant_id = o.tenant_id AND id = o.user_id OFFSET 0) u
    CROSS JOIN LATERAL (SELECT * FROM reseller WHERE tenant_id = s.tenant_id AND id = s.reseller_id OFFSET 0) r
    LEFT JOIN LATERAL (SELECT * FROM reseller WHERE tenant_id = u.tenant_id AND id = u.reseller_id OFFSET 0) p ON true
    WHERE ${isOpenSupport(sql)}`;
}

/** The same for one tenant, without support sessions. */
export async function selectSomeOf(sql: Sql, tenantId: string, ids: readonly string[], idleMs: number): Promise<readonly SessionRow[]> {
  const now = sql`(SELECT clock_timestamp() AS now) t`;
  return await sql<SessionRow[]>`
    SELECT ${columns(sql, idleMs)}
    FROM ${now}, session s
    JOIN app_user u ON u.tenant_id = ${tenantId}::uuid AND u.id = s.user_id AND u.disabled_at IS NULL
    LEFT JOIN reseller r ON r.tenant_id = ${tenantId}::uuid AND r.id = u.reseller_id
    WHERE s.tenant_id = ${tenantId}::uuid AND s.id = ANY (${plainArray(ids)}::uuid[]) AND s.expires_at > t.now AND r.closed_at IS NULL
      AND ${hasPassword(sql)}
    UNION ALL
    SELECT ${keyColumns(sql)}
    FROM ${now}, api_key k
    JOIN app_user u ON u.tenant_id = ${tenantId}::uuid AND u.id = k.user_id
    JOIN reseller r ON r.tenant_id = ${tenantId}::uuid AND r.id = k.reseller_id
    WHERE k.tenant_id = ${tenantId}::uuid AND k.id = ANY (${plainArray(ids)}::uuid[]) AND ${isOpenKey(sql)} AND ${isOpenOwner(sql)}`;
}

/** Extends the expiry of a session in use, never past its end. Returns the new expiry, or null if another request has just done so. */
export async function slideSession(sql: Sql, row: SessionRow, idleMs: number): Promise<number | null> {
  const [moved] = await sql<{ expiresAt: Date }[]>`
    UPDATE session s SET expires_at = least(s.ends_at, date_trunc('milliseconds', statement_timestamp()) + ${milliseconds(sql, idleMs)})
    WHERE s.tenant_id = ${row.tenant_id} AND s.id = ${row.session_id} AND s.expires_at > statement_timestamp()
      AND s.expires_at < least(s.ends_at, statement_timestamp() + ${milliseconds(sql, idleMs - slideEveryMs(idleMs))})
    RETURNING s.expires_at AS "expiresAt"`;
  return moved?.expiresAt.getTime() ?? null;
}

/** Deletes the session or the support session with this id. */
export async function deleteSession(sql: Sql, tenantId: string, sessionId: string): Promise<void> {
  await sql`
    WITH support AS (DELETE FROM support_session WHERE tenant_id = ${tenantId} AND id = ${sessionId})
    DELETE FROM session WHERE tenant_id = ${tenantId} AND id = ${sessionId}`;
}

/**
 * Deletes at most `limit` expired sessions, and as many support sessions. Returns how many sessions it deleted. `tenantId` is as in
 * selectSession.
 */
export async function deleteExpiredSessions(sql: Sql, tenantId: string | null, limit: number): Promise<number> {
  const isOver = sql`${isOf(sql, tenantId)} AND expires_at <= statement_timestamp()`;
  await sql`
    DELETE FROM support_session WHERE ${isOf(sql, tenantId)} AND (tenant_id, id) IN (
      SELECT tenant_id, id FROM support_session WHERE ${isOver} ORDER BY expires_at LIMIT ${limit})`;
  const { count } = await sql`
    DELETE FROM session WHERE ${isOf(sql, tenantId)} AND (tenant_id, id) IN (
      SELECT tenant_id, id FROM session WHERE ${isOver} ORDER BY expires_at LIMIT ${limit})`;
  return count;
}

/** Returns the tenants that have expired sessions or support sessions. */
export async function tenantsWithExpired(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM session WHERE expires_at <= statement_timestamp()
    UNION SELECT tenant_id FROM support_session WHERE expires_at <= statement_timestamp()`;
  return rows.map(({ tenantId }) => tenantId);
}
