/** Which endpoints are told whom to remind (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';

/** Of an endpoint `e`: it is a panel's own, is not disabled, and asks for it. */
export function takesReminders(sql: Sql | Transaction) {
  return sql`e.scope = 'PANEL' AND e.disabled_at IS NULL AND e.removed_at IS NULL AND 'CUSTOMER_REMINDED' = ANY (e.events)`;
}
