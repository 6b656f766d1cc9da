/** Counts the direct children of panels. */

import { plainArray, textArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';

export interface ChildrenAsked {
  readonly tenantId: string;
  readonly parentId: string;
  /** For ILIKE; null: all. */
  readonly pattern: string | null;
}

/** How many direct children each panel has whose name matches, in the order asked for, in one statement. */
export async function countChildren(sql: Sql, asked: readonly ChildrenAsked[]): Promise<number[]> {
  const rows = await sql<{ children: number }[]>`
    SELECT (
      SELECT count(*) FROM reseller
      WHERE reseller.tenant_id = asked.tenant_id AND reseller.parent_id = asked.parent_id
        AND (asked.pattern IS NULL OR reseller.name ILIKE asked.pattern)
    ) AS children
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.parentId))}::uuid[],
      ${textArray(asked.map((one) => one.pattern))}::text[]) WITH ORDINALITY AS asked (tenant_id, parent_id, pattern, position)
    ORDER BY asked.position`;
  return rows.map((row) => row.children);
}
