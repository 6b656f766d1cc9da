/** Counts the direct children of panels. */

import { plainArray, textArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';

export interface ChildrenQuery {
  readonly tenantId: string;
  readonly parentId: string;
  /** A pattern for ILIKE. null counts all names. */
  readonly pattern: string | null;
  /** Counts only locked, or only unlocked, children. null counts both. */
  readonly locked: boolean | null;
}

/** Counts, in one statement, each panel's direct children with a matching name and lock. Returns the counts in the order of `asked`. */
export async function countChildren(sql: Sql, asked: readonly ChildrenQuery[]): Promise<number[]> {
  const itsTenant = tenantFragment(sql, asked, 'asked.tenant_id');
  const rows = await sql<{ children: number }[]>`
    SELECT (
      SELECT count(*) FROM reseller
      WHERE reseller.tenant_id = ${itsTenant} AND reseller.parent_id = asked.parent_id
        AND (asked.pattern IS NULL OR reseller.name ILIKE asked.pattern)
        AND (asked.locked IS NULL OR asked.locked = (
          SELECT account.locked FROM account WHERE account.tenant_id = ${itsTenant} AND account.id = reseller.id))
    ) AS children
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.parentId))}::uuid[],
      ${textArray(asked.map((one) => one.pattern))}::text[], ${textArray(asked.map(({ locked }) => (locked === null ? null : String(locked))))}::boolean[])
      WITH ORDINALITY AS asked (tenant_id, parent_id, pattern, locked, position)
    ORDER BY asked.position`;
  return rows.map((row) => row.children);
}
