/** The age at which a reminder is late and is no longer sent (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';

export const LATE_MS = 6 * 3_600_000;

/** The same as an SQL interval. */
export function lateAfter(sql: Sql | Transaction) {
  return sql`interval '6 hours'`;
}
