/** After how long a reminder is late, and leaves no more (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';

export const LATE_MS = 6 * 3_600_000;

/** The same, within a statement. */
export function lateAfter(sql: Sql | Transaction) {
  return sql`interval '6 hours'`;
}
