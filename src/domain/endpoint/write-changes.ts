/** Writes deliveries of a changed purchase or panel for the endpoints that it concerns. */

import type { Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { type PurchaseEventRow, purchaseEvent, type ResellerEventRow, resellerEvents, type WriteId } from './payloads.ts';
import { type NewDelivery, writeDeliveries } from './write-deliveries.ts';

/** Deliveries, and the endpoints that receive them. */
interface Addressed {
  /** The panels whose own endpoints receive them. */
  readonly panels: readonly string[];
  /** Whether endpoints of the scope TENANT receive them too. */
  readonly tenant: boolean;
  readonly deliveries: readonly NewDelivery[];
}

/** Writes the deliveries of a changed purchase. Returns how many. */
export function writePurchaseEvents(tx: Transaction, writeId: WriteId, row: PurchaseEventRow): Promise<number> {
  const panels = [row.buyerId, ...(row.sellerId === null ? [] : [row.sellerId])];
  return writeFor(tx, row, { panels, tenant: false, deliveries: [purchaseEvent(writeId, row)] });
}

/** The same for a changed panel. `isNew`: its creation was not delivered yet. */
export function writeResellerEvents(tx: Transaction, writeId: WriteId, row: ResellerEventRow, isNew: boolean): Promise<number> {
  const panels = [row.id, ...(row.parentId === null ? [] : [row.parentId])];
  return writeFor(tx, row, { panels, tenant: true, deliveries: resellerEvents(writeId, isNew, row) });
}

/** Waits for the endpoints' row locks, because the change must be recorded for all of them. A disabled endpoint receives nothing. */
async function writeFor(tx: Transaction, { tenantId }: RowId, { deliveries, panels, tenant }: Addressed): Promise<number> {
  if (deliveries.length === 0) return 0;
  const endpoints = await tx<{ id: string; events: string }[]>`
    SELECT e.id, array_to_string(e.events, ' ') AS events FROM webhook_endpoint e
    JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id AND r.closed_at IS NULL
    WHERE e.tenant_id = ${tenantId} AND e.disabled_at IS NULL AND e.removed_at IS NULL
      AND (e.reseller_id = ANY (${`{${panels.join(',')}}`}::uuid[]) OR (${tenant} AND e.scope = 'TENANT'))
    ORDER BY e.id FOR NO KEY UPDATE OF e`;
  let written = 0;
  for (const { events, id } of endpoints) {
    const wanted = deliveries.filter(({ event }) => events.split(' ').includes(event));
    await writeDeliveries(tx, { tenantId, id }, wanted);
    written += wanted.length;
  }
  return written;
}

/** The columns of an event, from a purchase `p`. */
export function purchaseColumns(tx: Transaction) {
  return tx`p.tenant_id AS "tenantId", p.id, p.revision, p.buyer_id AS "buyerId", p.seller_id AS "sellerId", p.number, p.status, p.quantity,
    p.total_minor AS "totalMinor", p.currency, p.provider, p.expires_at AS "expiresAt", p.reported_at AS "reportedAt", clock_timestamp() AS now`;
}

/** The columns of an event, from a panel `r` and its row `w` of changes. */
export function resellerColumns(tx: Transaction) {
  return tx`r.tenant_id AS "tenantId", r.id, w.revision, r.parent_id AS "parentId", r.name, r.suspended_at IS NOT NULL AS suspended,
    r.closed_at IS NOT NULL AS closed, r.created_at AS "createdAt", clock_timestamp() AS now`;
}
