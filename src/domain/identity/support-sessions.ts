/** Lists the open support sessions of panels, for the panels' own users (R43). */

import { plainArray } from '../../db/arrays/literal.ts';
import { byTenant } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { isOpenSupport } from './session-rows.ts';
import { openSupportOf } from './support-by-tenant.ts';

/** The most sessions that are listed for a panel, newest first. */
const MAX_LISTED = 20;

export interface OpenSupport {
  readonly tenantId: string;
  readonly resellerId: string;
  /** Panels and users above do not exist for a panel (R18), so this does not say who exactly. */
  readonly openedBy: 'PLATFORM' | 'PARENT';
  readonly reason: string;
  readonly expiresAt: Date;
  /** The ids with which the session ends. They are for internal use only, and never shown. */
  readonly id: string;
  readonly openerId: string;
  readonly openerSessionId: string;
}

/** Returns each panel's sessions, newest first, in the order of `panels`. Uses one statement, or a few for each tenant. */
export function supportSessions(
  { sql, topology }: Pick<Ports, 'sql' | 'topology'>,
  panels: readonly RowId[],
): Promise<readonly (readonly OpenSupport[])[]> {
  return topology === 'single' ? ofAll(sql, panels) : byTenant(panels, (tenantId, own) => ofTenant(sql, tenantId, own));
}

async function ofTenant(sql: Sql, tenantId: string, panels: readonly RowId[]): Promise<readonly (readonly OpenSupport[])[]> {
  const open = await openSupportOf(sql, tenantId, { panelIds: panels.map(({ id }) => id) });
  return panels.map(({ id }) =>
    open
      .filter(({ panel }) => panel.resellerId === id)
      .slice(0, MAX_LISTED)
      .map(({ opener, panel }) => ({
        ...{ tenantId, resellerId: id, reason: panel.reason, expiresAt: panel.expiresAt, id: panel.id },
        ...{
          openedBy: opener.role === 'PLATFORM' ? 'PLATFORM' : 'PARENT',
          openerId: panel.openerId,
          openerSessionId: panel.openerSessionId,
        },
      })),
  );
}

async function ofAll(sql: Sql, panels: readonly RowId[]): Promise<readonly (readonly OpenSupport[])[]> {
  const rows = await sql<(OpenSupport & { readonly position: number })[]>`
    SELECT asked.position::integer AS position, s.tenant_id AS "tenantId", s.reseller_id AS "resellerId", s."openedBy", s.reason,
      s.expires_at AS "expiresAt", s.id, s.opener_id AS "openerId", s.opener_session_id AS "openerSessionId"
    FROM (SELECT clock_timestamp() AS now) t,
      unnest(${plainArray(panels.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(panels.map(({ id }) => id))}::uuid[])
        WITH ORDINALITY AS asked (tenant_id, id, position),
      LATERAL (
        SELECT s.*, CASE u.role WHEN 'PLATFORM' THEN 'PLATFORM' ELSE 'PARENT' END AS "openedBy"
        FROM support_session s
        JOIN session o ON o.tenant_id = s.opener_tenant_id AND o.id = s.opener_session_id
        JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.user_id
        JOIN reseller r ON r.tenant_id = s.tenant_id AND r.id = s.reseller_id
        LEFT JOIN reseller p ON p.tenant_id = u.tenant_id AND p.id = u.reseller_id
        WHERE s.tenant_id = asked.tenant_id AND s.reseller_id = asked.id AND ${isOpenSupport(sql)}
        ORDER BY s.id DESC LIMIT ${MAX_LISTED}
      ) s
    ORDER BY asked.position, s.id DESC`;
  const lists = panels.map((): OpenSupport[] => []);
  for (const { position, ...open } of rows) lists[position - 1]?.push(open);
  return lists;
}
