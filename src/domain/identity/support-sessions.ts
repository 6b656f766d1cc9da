/** Lists the support sessions that are open in a panel, for those whose panel it is (R43). */

import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { isOpenSupport } from './session-rows.ts';

/** Shown at most: the newest. */
const MAX_LISTED = 20;

export interface OpenSupport {
  readonly tenantId: string;
  readonly resellerId: string;
  /** Who is above does not exist for a panel (R18), so it is not told who exactly. */
  readonly openedBy: 'PLATFORM' | 'PARENT';
  readonly reason: string;
  readonly expiresAt: Date;
}

/** Newest first. */
export async function supportSessions(sql: Sql, { id, tenantId }: RowId): Promise<readonly OpenSupport[]> {
  return await sql<OpenSupport[]>`
    SELECT s.tenant_id AS "tenantId", s.reseller_id AS "resellerId",
      CASE u.role WHEN 'PLATFORM' THEN 'PLATFORM' ELSE 'PARENT' END AS "openedBy", s.reason, s.expires_at AS "expiresAt"
    FROM (SELECT clock_timestamp() AS now) t, support_session s
    JOIN session o ON o.tenant_id = s.opener_tenant_id AND o.id = s.opener_session_id
    JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.user_id
    JOIN reseller r ON r.tenant_id = s.tenant_id AND r.id = s.reseller_id
    LEFT JOIN reseller p ON p.tenant_id = u.tenant_id AND p.id = u.reseller_id
    WHERE s.tenant_id = ${tenantId} AND s.reseller_id = ${id} AND ${isOpenSupport(sql)}
    ORDER BY s.id DESC LIMIT ${MAX_LISTED}`;
}
