import type { Sql } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';
import { plainArray } from '../../ledger/array-literal.ts';

/** Where a branch begins. */
export interface BranchRoot {
  readonly tenantId: string;
  readonly path: string;
}

export interface BranchSummary {
  /** Panels, the branch's own root included. */
  readonly resellers: number;
  readonly lockedResellers: number;
  readonly creditsHeld: number;
  readonly creditsConsumed: number;
}

/**
 * Sums of each branch, in the order asked for, in one statement: a branch is one range of paths, and every account keeps its
 * own cumulative sums, so the journal is not read.
 */
export async function branchSummaries(sql: Sql, roots: readonly BranchRoot[]): Promise<BranchSummary[]> {
  const tenants = plainArray(roots.map((root) => root.tenantId));
  const paths = plainArray(roots.map((root) => root.path));
  const ends = plainArray(roots.map((root) => branchEnd(root.path)));
  return await sql<BranchSummary[]>`
    SELECT summary.*
    FROM unnest(${tenants}::uuid[], ${paths}::text[], ${ends}::text[]) WITH ORDINALITY AS branch (tenant_id, path, path_end, position)
    CROSS JOIN LATERAL (
      SELECT count(*) AS "resellers", count(*) FILTER (WHERE account.locked) AS "lockedResellers",
        coalesce(sum(account.balance), 0)::bigint AS "creditsHeld", coalesce(sum(account.consumed), 0)::bigint AS "creditsConsumed"
      FROM reseller
      JOIN account ON account.tenant_id = reseller.tenant_id AND account.id = reseller.id
      WHERE reseller.tenant_id = branch.tenant_id AND reseller.path >= branch.path AND reseller.path < branch.path_end
    ) AS summary
    ORDER BY branch.position`;
}
