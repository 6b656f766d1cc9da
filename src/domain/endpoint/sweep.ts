/** Deletes old deliveries, deliveries of removed endpoints, and endpoints of closed panels; counts waiting deliveries. */

import { isOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';

/** How long a finished delivery can be listed and replayed. */
const KEPT_DAYS = 30;
/** The most rows of one statement, and the most statements of one sweep. */
const BATCH_ROWS = 1_000;
const BATCHES = 20;

export async function sweepDeliveries(ports: Pick<Ports, 'sql' | 'topology'>): Promise<void> {
  const { sql } = ports;
  const closed = await tenantsWithWork(
    ports,
    () => sql<TenantWithWork[]>`
      SELECT DISTINCT e.tenant_id AS "tenantId" FROM webhook_endpoint e JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id
      WHERE r.closed_at IS NOT NULL AND e.removed_at IS NULL`,
  );
  for (const tenantId of closed) await removeOfClosed(sql, tenantId);
  const removed = await sql<RowId[]>`
    SELECT tenant_id AS "tenantId", id FROM webhook_endpoint WHERE removed_at IS NOT NULL ORDER BY removed_at LIMIT ${BATCHES}`;
  for (const endpoint of removed) await removeSome(sql, endpoint);
  const old = await tenantsWithWork(
    ports,
    () => sql<TenantWithWork[]>`
      SELECT DISTINCT tenant_id AS "tenantId" FROM webhook_delivery WHERE finished_at < now() - ${KEPT_DAYS}::integer * interval '1 day'`,
  );
  for (const tenantId of old) await deleteOld(sql, tenantId);
}

async function removeOfClosed(sql: Sql, tenantId: string | null): Promise<void> {
  await sql`
    UPDATE webhook_endpoint e SET removed_at = date_trunc('milliseconds', statement_timestamp()), due_at = NULL
    FROM reseller r WHERE ${isOf(sql, tenantId, 'e.tenant_id')} AND r.tenant_id = e.tenant_id AND r.id = e.reseller_id AND r.closed_at IS NOT NULL AND e.removed_at IS NULL`;
}

async function deleteOld(sql: Sql, tenantId: string | null): Promise<void> {
  for (let batch = 0, rows = BATCH_ROWS; batch < BATCHES && rows === BATCH_ROWS; batch += 1) {
    const old = await sql`
      DELETE FROM webhook_delivery WHERE ${isOf(sql, tenantId)} AND (tenant_id, id) IN (
        SELECT tenant_id, id FROM webhook_delivery
        WHERE ${isOf(sql, tenantId)} AND finished_at < now() - ${KEPT_DAYS}::integer * interval '1 day' ORDER BY finished_at LIMIT ${BATCH_ROWS})`;
    rows = old.count;
  }
}

/** Deletes a batch of a removed endpoint's deliveries, and the endpoint itself after the last one. */
async function removeSome(sql: Ports['sql'], { id, tenantId }: RowId): Promise<void> {
  const { count } = await sql`
    DELETE FROM webhook_delivery WHERE tenant_id = ${tenantId} AND id IN (
      SELECT id FROM webhook_delivery WHERE tenant_id = ${tenantId} AND endpoint_id = ${id} LIMIT ${BATCH_ROWS})`;
  if (count === BATCH_ROWS) return;
  await sql`DELETE FROM webhook_account WHERE tenant_id = ${tenantId} AND endpoint_id = ${id}`;
  await sql`
    DELETE FROM webhook_endpoint e WHERE e.tenant_id = ${tenantId} AND e.id = ${id} AND e.removed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.tenant_id = ${tenantId} AND d.endpoint_id = e.id)`;
}

export async function countWaiting({ sql }: Pick<Ports, 'sql'>): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`SELECT count(*)::integer AS waiting FROM webhook_delivery WHERE finished_at IS NULL`;
  return row?.waiting ?? 0;
}
