/**
 * Reads sessions in a distributed database. A support session has a panel's side in the panel's tenant, and an opener's side in the
 * opener's tenant.
 */

import { plainArray } from '../../db/arrays/literal.ts';
import { rowsByTenant } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { Role } from '../../kernel/actor.ts';
import { type SessionRow, selectSomeOf } from './session-rows.ts';

interface SupportPanel {
  readonly tenantId: string;
  readonly id: string;
  readonly resellerId: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  readonly openerTenantId: string;
  readonly openerId: string;
  readonly openerSessionId: string;
  readonly reason: string;
  readonly expiresAt: Date;
  readonly nowMs: number;
}

interface SupportOpener {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly panelId: string | null;
  readonly expiresAtMs: number;
}

/** An open support session with its opener, by the same conditions as isOpenSupport on a single database (R43). */
export interface OpenSupportRow {
  readonly panel: SupportPanel;
  readonly opener: SupportOpener;
}

/** Selects some of a tenant's support sessions. */
export type Wanted = { readonly tokenHash: Buffer } | { readonly ids: readonly string[] } | { readonly panelIds: readonly string[] };

/** Returns the selected support sessions of this tenant that are open, newest first. */
export async function openSupportOf(sql: Sql | Transaction, tenantId: string, wanted: Wanted): Promise<readonly OpenSupportRow[]> {
  const panels = await readSupportPanels(sql, tenantId, wanted);
  if (panels.length === 0) return [];
  const openers = await rowsByTenant(
    panels.map(({ openerSessionId, openerTenantId }) => ({ tenantId: openerTenantId, sessionId: openerSessionId })),
    (openersTenantId, asked) =>
      readOpeners(
        sql,
        openersTenantId,
        asked.map(({ sessionId }) => sessionId),
      ),
  );
  const bySession = new Map(openers.map((opener) => [`${opener.tenantId}/${opener.sessionId}`, opener]));
  return panels.flatMap((panel) => {
    const opener = bySession.get(`${panel.openerTenantId}/${panel.openerSessionId}`);
    return opener !== undefined && mayOpen(panel, opener) ? [{ panel, opener }] : [];
  });
}

/** The opener is an OWNER of the panel's parent, or the platform for a root. */
function mayOpen(panel: SupportPanel, { panelId, role, tenantId, userId }: SupportOpener): boolean {
  if (userId !== panel.openerId) return false;
  if (role === 'PLATFORM') return panel.parentId === null;
  return role === 'OWNER' && tenantId === panel.tenantId && panelId !== null && panelId === panel.parentId;
}

async function readSupportPanels(sql: Sql | Transaction, tenantId: string, wanted: Wanted): Promise<readonly SupportPanel[]> {
  return await sql<SupportPanel[]>`
    SELECT s.tenant_id AS "tenantId", s.id, s.reseller_id AS "resellerId", r.parent_id AS "parentId", r.path, r.depth,
      s.opener_tenant_id AS "openerTenantId", s.opener_id AS "openerId", s.opener_session_id AS "openerSessionId", s.reason,
      s.expires_at AS "expiresAt", round(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs"
    FROM support_session s JOIN reseller r ON r.tenant_id = ${tenantId}::uuid AND r.id = s.reseller_id
    WHERE s.tenant_id = ${tenantId}::uuid AND s.expires_at > clock_timestamp() AND r.closed_at IS NULL AND ${isWanted(sql, wanted)}
    ORDER BY s.id DESC`;
}

function isWanted(sql: Sql | Transaction, wanted: Wanted) {
  if ('tokenHash' in wanted) return sql`s.token_hash = ${wanted.tokenHash}`;
  if ('ids' in wanted) return sql`s.id = ANY (${plainArray(wanted.ids)}::uuid[])`;
  return sql`s.reseller_id = ANY (${plainArray(wanted.panelIds)}::uuid[])`;
}

async function readOpeners(sql: Sql | Transaction, tenantId: string, sessionIds: readonly string[]): Promise<readonly SupportOpener[]> {
  return await sql<SupportOpener[]>`
    SELECT o.tenant_id AS "tenantId", o.id AS "sessionId", u.id AS "userId", u.email, u.role, u.reseller_id AS "panelId",
      round(extract(epoch FROM o.expires_at) * 1000)::bigint AS "expiresAtMs"
    FROM session o
    JOIN app_user u ON u.tenant_id = ${tenantId}::uuid AND u.id = o.user_id
    LEFT JOIN reseller p ON p.tenant_id = ${tenantId}::uuid AND p.id = u.reseller_id
    WHERE o.tenant_id = ${tenantId}::uuid AND o.id = ANY (${plainArray(sessionIds)}::uuid[]) AND o.expires_at > clock_timestamp()
      AND u.disabled_at IS NULL AND u.one_time_password_until IS NULL AND p.closed_at IS NULL`;
}

/** The row of a session that reads as a VIEWER of the panel. Its end is fixed, so its use need not be recorded. */
export function supportRow({ opener, panel }: OpenSupportRow): SessionRow {
  const expiresAtMs = panel.expiresAt.getTime();
  return {
    tenant_id: panel.tenantId,
    session_id: panel.id,
    user_id: opener.userId,
    email: opener.email,
    role: 'VIEWER',
    panel_id: panel.resellerId,
    panel_path: panel.path,
    panel_depth: panel.depth,
    expires_at_ms: expiresAtMs,
    remaining_ms: Math.min(expiresAtMs, opener.expiresAtMs) - panel.nowMs,
    is_due: false,
    key_scope: null,
    must_change_password: false,
    opener_tenant_id: panel.openerTenantId,
    opener_session_id: panel.openerSessionId,
    opener_role: opener.role,
    support_reason: panel.reason,
  };
}

/** The sessions that one statement checks. */
const SESSIONS_AT_ONCE = 1_000;

/** As selectSessions, for a distributed database: a statement for each thousand of a tenant, and both sides of support sessions. */
export async function selectSessionsByTenant(
  sql: Sql,
  sessions: readonly { readonly tenantId: string; readonly sessionId: string }[],
  idleMs: number,
): Promise<readonly SessionRow[]> {
  return rowsByTenant(sessions, async (tenantId, own) => {
    const found: SessionRow[] = [];
    for (let start = 0; start < own.length; start += SESSIONS_AT_ONCE) {
      const ids = own.slice(start, start + SESSIONS_AT_ONCE).map(({ sessionId }) => sessionId);
      found.push(...(await selectSomeOf(sql, tenantId, ids, idleMs)));
      found.push(...(await openSupportOf(sql, tenantId, { ids })).map(supportRow));
    }
    return found;
  });
}
