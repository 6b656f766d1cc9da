/** Deletes old messages, sent or not. */

import { isOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';

/** How long messages are stored. Rules only move forward day by day, so a deleted message is not made again. */
const KEPT_DAYS = 60;
/** The most rows of one statement, and the most statements of one sweep. */
const BATCH_ROWS = 1_000;
const BATCHES = 20;

export async function sweepMessages(ports: Pick<Ports, 'sql' | 'topology'>): Promise<void> {
  const { sql } = ports;
  const tenants = await tenantsWithWork(
    ports,
    () => sql<TenantWithWork[]>`
      SELECT DISTINCT tenant_id AS "tenantId" FROM reminder_message WHERE due_at < now() - ${KEPT_DAYS}::integer * interval '1 day'`,
  );
  for (const tenantId of tenants) await sweepIn(sql, tenantId);
}

async function sweepIn(sql: Sql, tenantId: string | null): Promise<void> {
  for (let batch = 0, rows = BATCH_ROWS; batch < BATCHES && rows === BATCH_ROWS; batch += 1) {
    const old = await sql`
      DELETE FROM reminder_message WHERE ${isOf(sql, tenantId)} AND (tenant_id, customer_id, rule, expires_at) IN (
        SELECT tenant_id, customer_id, rule, expires_at FROM reminder_message
        WHERE ${isOf(sql, tenantId)} AND due_at < now() - ${KEPT_DAYS}::integer * interval '1 day' ORDER BY due_at LIMIT ${BATCH_ROWS})`;
    rows = old.count;
  }
}
