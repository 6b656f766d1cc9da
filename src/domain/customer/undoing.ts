/** Reads which transfers undid given spends, and until when the others may be undone (R45). */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { MAX_UNDOS_PER_DAY } from '../../ledger/rules/undo.ts';
import type { RowId } from '../input.ts';

export interface Undoing {
  /** The id of the transfer that undid it. */
  readonly undoneById: string | null;
  /** null if it cannot be undone, or no longer. */
  readonly undoableUntil: Date | null;
}

const NEITHER: Undoing = { undoneById: null, undoableUntil: null };

/**
 * Returns both facts of each transfer, in the order of `asked`, by the rules of decideUndo and the database's clock. A transfer that
 * is not a spend has neither.
 */
export async function undoings(sql: Sql, asked: readonly RowId[]): Promise<readonly Undoing[]> {
  const itsTenant = tenantFragment(sql, asked, 'wanted.tenant_id');
  const rows = await sql<({ readonly position: number } & Undoing)[]>`
    SELECT wanted.position, u.undo_id AS "undoneById",
      CASE WHEN c.last_spending_id = wanted.id AND t.undo_minutes > 0 AND ends.at >= clock_timestamp() AND (
        SELECT count(*) FROM undone_spending d
        WHERE d.tenant_id = ${itsTenant} AND d.reseller_id = s.from_id AND d.undone_at > clock_timestamp() - interval '24 hours'
      ) < ${MAX_UNDOS_PER_DAY} THEN ends.at END AS "undoableUntil"
    FROM unnest(${plainArray(asked.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(asked.map(({ id }) => id))}::uuid[])
      WITH ORDINALITY AS wanted (tenant_id, id, position)
    JOIN transfer s ON s.tenant_id = ${itsTenant} AND s.id = wanted.id AND s.kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS')
    JOIN tenant t ON t.id = ${itsTenant}
    JOIN customer c ON c.tenant_id = ${itsTenant} AND c.id = s.customer_id
    LEFT JOIN undone_spending u ON u.tenant_id = ${itsTenant} AND u.spending_id = s.id
    CROSS JOIN LATERAL (SELECT s.created_at + t.undo_minutes * interval '1 minute' AS at) AS ends`;
  const found = new Map(rows.map(({ position, undoableUntil, undoneById }) => [position, { undoneById, undoableUntil }]));
  return asked.map((_, index) => found.get(index + 1) ?? NEITHER);
}
