import type { Sql } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';
import { plainArray } from '../../ledger/array-literal.ts';
import type { BranchRoot } from './branch-summary.ts';

/** How many customers of each branch are ACTIVE, by the database's clock, in the order asked for, in one statement. */
export async function activeCustomers(sql: Sql, branches: readonly BranchRoot[]): Promise<number[]> {
  const tenants = plainArray(branches.map((branch) => branch.tenantId));
  const paths = plainArray(branches.map((branch) => branch.path));
  const ends = plainArray(branches.map((branch) => branchEnd(branch.path)));
  const rows = await sql<{ active: number }[]>`
    SELECT (
      SELECT count(*)
      FROM reseller JOIN customer ON customer.tenant_id = reseller.tenant_id AND customer.reseller_id = reseller.id
      WHERE reseller.tenant_id = asked.tenant_id AND reseller.path >= asked.path AND reseller.path < asked.path_end
        AND customer.expires_at > statement_timestamp() AND customer.canceled_at IS NULL AND NOT customer.is_trial
    ) AS active
    FROM unnest(${tenants}::uuid[], ${paths}::text[], ${ends}::text[]) WITH ORDINALITY AS asked (tenant_id, path, path_end, position)
    ORDER BY asked.position`;
  return rows.map((row) => row.active);
}
