/** The condition for endpoints that receive reminders (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';

/** The endpoint `e` has the scope PANEL, is enabled, and selects CUSTOMER_REMINDED. */
export function takesReminders(sql: Sql | Transaction) {
  return sql`e.scope = 'PANEL' AND e.disabled_at IS NULL AND e.removed_at IS NULL AND 'CUSTOMER_REMINDED' = ANY (e.events)`;
}
