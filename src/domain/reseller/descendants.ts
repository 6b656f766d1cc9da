/** Reads a page of a branch's panels, nearest first. */

import type { Sql } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';
import { MAX_DEPTH } from '../../ledger/rules/tree.ts';

interface Level {
  readonly depth: number;
  readonly path: string;
}

export interface DescendantsPage {
  /** The most rows to return. */
  readonly limit: number;
  /** Starts with the farthest panel. */
  readonly backward: boolean;
  readonly after: Level | null;
  readonly before: Level | null;
  /** A pattern for ILIKE. null matches all names. */
  readonly pattern: string | null;
}

/**
 * Returns the ids of the panels below `panel`, nearest first: by depth, then by path. Each level of a branch is one range of the
 * index (tenant_id, depth, path), and at most `limit` rows of each level are read.
 */
export async function descendantIds(
  sql: Sql,
  panel: { readonly tenantId: string; readonly path: string; readonly depth: number },
  page: DescendantsPage,
): Promise<string[]> {
  const { after, backward, before, limit, pattern } = page;
  const order = backward ? sql`DESC` : sql`ASC`;
  const bounds = sql`
    ${after === null ? sql`` : sql`AND (level.depth, reseller.path) > (${after.depth}::int, ${after.path}::text COLLATE "C")`}
    ${before === null ? sql`` : sql`AND (level.depth, reseller.path) < (${before.depth}::int, ${before.path}::text COLLATE "C")`}
    ${pattern === null ? sql`` : sql`AND reseller.name ILIKE ${pattern}`}`;
  const first = Math.max(panel.depth + 1, after?.depth ?? 0);
  const last = Math.min(MAX_DEPTH, before?.depth ?? MAX_DEPTH);
  const rows = await sql<{ id: string }[]>`
    SELECT below.id
    FROM generate_series(${first}::int, ${last}::int) AS level (depth)
    CROSS JOIN LATERAL (
      SELECT reseller.id, reseller.path
      FROM reseller
      WHERE reseller.tenant_id = ${panel.tenantId} AND reseller.depth = level.depth
        AND reseller.path >= ${panel.path} AND reseller.path < ${branchEnd(panel.path)} ${bounds}
      ORDER BY reseller.path ${order}
      LIMIT ${limit}
    ) AS below
    ORDER BY level.depth ${order}, below.path ${order}
    LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
