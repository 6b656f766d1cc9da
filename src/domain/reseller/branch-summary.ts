/** Sums panels, credits and customers of branches. */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';

/** The panel at the top of a branch. */
export interface BranchRoot {
  readonly tenantId: string;
  readonly path: string;
}

export interface BranchSummary {
  /** Open panels, the branch's own root included. */
  readonly resellers: number;
  /** Open panels at balance 0. */
  readonly lockedResellers: number;
  readonly creditsHeld: number;
  readonly creditsConsumed: number;
}

/**
 * Closed panels are counted separately, by an index that holds only them, and subtracted. Their balance is 0 for good (R17), so the
 * count of locked panels includes them too. The credits that they consumed stay in the sums.
 */
const SUMS = `count(*) - gone.panels AS "resellers", count(*) FILTER (WHERE account.locked) - gone.panels AS "lockedResellers",
  coalesce(sum(account.balance), 0)::bigint AS "creditsHeld", coalesce(sum(account.consumed), 0)::bigint AS "creditsConsumed"`;

/**
 * Returns the sums of each branch, in the order of `branches`. It takes one statement, or two if `branches` has roots and other
 * panels. A branch is one range of paths, and every account stores its own cumulative sums, so the journal is not read. A root's
 * branch is the whole tenant, so the tree is not read either.
 */
export async function branchSummaries(sql: Sql, branches: readonly BranchRoot[]): Promise<BranchSummary[]> {
  const roots = branches.filter(isRoot);
  const others = branches.filter((branch) => !isRoot(branch));
  const [ofRoots, ofOthers] = await Promise.all([sumTenants(sql, roots), sumBranches(sql, others)]);
  const sums = new Map([...zip(roots, ofRoots), ...zip(others, ofOthers)]);
  return branches.map((branch) => sums.get(branch) ?? NOTHING);
}

const NOTHING: BranchSummary = { resellers: 0, lockedResellers: 0, creditsHeld: 0, creditsConsumed: 0 };

/** A root's path has one label. */
function isRoot({ path }: BranchRoot): boolean {
  return path.indexOf('.') === path.length - 1;
}

function zip(branches: readonly BranchRoot[], sums: readonly BranchSummary[]): [BranchRoot, BranchSummary][] {
  return branches.map((branch, index) => [branch, sums[index] ?? NOTHING]);
}

async function sumTenants(sql: Sql, roots: readonly BranchRoot[]): Promise<BranchSummary[]> {
  if (roots.length === 0) return [];
  const tenants = plainArray(roots.map((root) => root.tenantId));
  const itsTenant = tenantFragment(sql, roots, 'asked.tenant_id');
  return await sql<BranchSummary[]>`
    SELECT summary.*
    FROM unnest(${tenants}::uuid[]) WITH ORDINALITY AS asked (tenant_id, position)
    CROSS JOIN LATERAL (
      SELECT count(*) AS panels FROM reseller WHERE reseller.tenant_id = ${itsTenant} AND reseller.closed_at IS NOT NULL
    ) AS gone
    CROSS JOIN LATERAL (SELECT ${sql.unsafe(SUMS)} FROM account WHERE account.tenant_id = ${itsTenant}) AS summary
    ORDER BY asked.position`;
}

/**
 * The ids of a branch are one range of a covering index of panels that have a parent, which all panels below a root have
 * (ADR-0127). The accounts are then looked up with one list: Postgres sorts the ids and walks the leaves of the key once. A join
 * would descend for each id (50 branches of 1,000: 222 ms joined, 66 ms with a list). A list also leaves the planner no choice. With
 * a join, wrong statistics made it hash the whole tenant for a thousand panels (observed).
 */
async function sumBranches(sql: Sql, branches: readonly BranchRoot[]): Promise<BranchSummary[]> {
  if (branches.length === 0) return [];
  const tenants = plainArray(branches.map((branch) => branch.tenantId));
  const itsTenant = tenantFragment(sql, branches, 'asked.tenant_id');
  const paths = plainArray(branches.map((branch) => branch.path));
  const ends = plainArray(branches.map((branch) => branchEnd(branch.path)));
  return await sql<BranchSummary[]>`
    SELECT summary.*
    FROM unnest(${tenants}::uuid[], ${paths}::text[], ${ends}::text[]) WITH ORDINALITY AS asked (tenant_id, path, path_end, position)
    CROSS JOIN LATERAL (
      SELECT count(*) AS panels FROM reseller
      WHERE reseller.tenant_id = ${itsTenant} AND reseller.path >= asked.path AND reseller.path < asked.path_end
        AND reseller.closed_at IS NOT NULL
    ) AS gone
    CROSS JOIN LATERAL (
      SELECT ${sql.unsafe(SUMS)}
      FROM account
      WHERE account.tenant_id = ${itsTenant} AND account.id = ANY (ARRAY(
        SELECT reseller.id FROM reseller
        WHERE reseller.tenant_id = ${itsTenant} AND reseller.path >= asked.path AND reseller.path < asked.path_end
          AND reseller.parent_id IS NOT NULL
      ))
    ) AS summary
    ORDER BY asked.position`;
}
