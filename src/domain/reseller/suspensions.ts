/** Reads the suspension that applies to each panel (R11). */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { BranchRoot } from './branch-summary.ts';

/** The suspension of the panel itself, or of the nearest suspended panel above it (R11). */
export interface Suspension {
  readonly reason: string | null;
}

/** The reason shown for a panel that no ancestor suspended: it is suspended for its debt alone (R29). */
const OWES = 'Credits are owed after a charged-back purchase: credits that come in repay them first.';

/** Reads in one statement the suspension that applies to each panel, in the order of `panels`. null where there is none. */
export async function suspensions(sql: Sql, panels: readonly BranchRoot[]): Promise<(Suspension | null)[]> {
  const asked = panels.flatMap(({ tenantId, path }) => prefixes(path).map((prefix) => ({ tenantId, prefix })));
  const itsTenant = tenantFragment(sql, asked, 'asked.tenant_id');
  const rows = await sql<{ tenant_id: string; path: string; suspension_reason: string | null }[]>`
    SELECT DISTINCT reseller.tenant_id, reseller.path,
      CASE WHEN reseller.in_debt AND reseller.suspended_by IS NULL THEN ${OWES} ELSE reseller.suspension_reason END AS suspension_reason
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.prefix))}::text[])
      AS asked (tenant_id, path)
    JOIN reseller ON reseller.tenant_id = ${itsTenant} AND reseller.path = asked.path AND reseller.suspended_at IS NOT NULL`;
  const found = new Map(rows.map((row) => [`${row.tenant_id}/${row.path}`, { reason: row.suspension_reason }]));
  return panels.map(({ tenantId, path }) => {
    for (const prefix of prefixes(path)) {
      const suspension = found.get(`${tenantId}/${prefix}`);
      if (suspension !== undefined) return suspension;
    }
    return null;
  });
}

/** The path itself and the paths of its ancestors, nearest first. */
function prefixes(path: string): string[] {
  const labels = path.split('.').slice(0, -1);
  return labels.map((_, index) => `${labels.slice(0, labels.length - index).join('.')}.`);
}
