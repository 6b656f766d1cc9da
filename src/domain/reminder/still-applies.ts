/** Checks whether a reminder that is about to be sent still applies (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { lateAfter } from './late.ts';

/**
 * The condition for a message `m` with its customer `c`, its rule `r` and its panel `p`. The customer was not renewed, muted,
 * canceled or moved to another panel. The rule exists, the panel can renew, and six hours have not passed.
 */
export function stillApplies(sql: Sql | Transaction, tenantId: string) {
  return sql`(r.rule IS NOT NULL AND c.expires_at = m.expires_at AND NOT c.muted AND c.canceled_at IS NULL AND c.reseller_id = m.reseller_id
    AND m.due_at > clock_timestamp() - ${lateAfter(sql)} AND p.closed_at IS NULL AND NOT EXISTS (
      SELECT FROM reseller s
      WHERE s.tenant_id = ${tenantId} AND s.suspended_at IS NOT NULL AND s.path <= p.path AND starts_with(p.path, s.path)))`;
}

/** Returns whether the reminder may still be sent. Each attempt to deliver it checks this. */
export async function mayStillBeSent(sql: Sql, { id, tenantId }: RowId): Promise<boolean> {
  const { count } = await sql`
    SELECT FROM reminder_message m
    JOIN reseller p ON p.tenant_id = m.tenant_id AND p.id = m.reseller_id
    JOIN customer c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
    LEFT JOIN reminder_rule r ON r.tenant_id = ${tenantId} AND r.reseller_id = m.reseller_id AND r.rule = m.rule
    WHERE m.tenant_id = ${tenantId} AND m.id = ${id} AND ${stillApplies(sql, tenantId)}`;
  return count > 0;
}
