/** Writes deliveries for new events of the access feed. */

import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { isWebhookEvent } from './events.ts';
import { type CustomerEventRow, customerEvent, type WriteId } from './payloads.ts';
import { holdForWriting, inSteps, type Step, writeDeliveries } from './write-deliveries.ts';

/** The most events in one transaction. */
const BATCH_ROWS = 500;

/** Returns whether anything was written. An endpoint that another transaction has locked is skipped until the next round. */
export async function followAccess(ports: Pick<Ports, 'sql'>, writeId: WriteId, stop?: AbortSignal): Promise<boolean> {
  // The position of a panel's endpoint moves only with the panel's own events, so each check reads one index range.
  const behind = await ports.sql<RowId[]>`
    SELECT e.tenant_id AS "tenantId", e.id FROM webhook_endpoint e
    JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id AND r.closed_at IS NULL
    WHERE e.disabled_at IS NULL AND e.removed_at IS NULL AND e.access_version < CASE e.scope
      WHEN 'TENANT' THEN (SELECT max(version) FROM access_event a WHERE a.tenant_id = e.tenant_id)
      ELSE (SELECT max(version) FROM access_event a WHERE a.tenant_id = e.tenant_id AND a.reseller_id = e.reseller_id) END`;
  let written = false;
  for (const endpoint of behind) written = (await inSteps(() => writeSome(ports, writeId, endpoint), stop)) || written;
  return written;
}

/** The endpoint's position moves in the commit of the deliveries, so after any crash no event is lost or written twice. */
function writeSome(ports: Pick<Ports, 'sql'>, writeId: WriteId, endpoint: RowId): Promise<Step> {
  return transact(ports, async (tx) => {
    const held = await holdForWriting(tx, endpoint);
    if (held === null) return { written: false, isMore: false };
    const { accessVersion, events, id, resellerId, scope, tenantId } = held;
    const rows = await tx<CustomerEventRow[]>`
      SELECT e.tenant_id AS "tenantId", e.version, e.event, e.customer_id AS "customerId", e.reseller_id AS "resellerId", e.active, e.screens,
        e.expires_at AS "expiresAt", e.at, a.login, c.name, c.contact
      FROM (
        SELECT * FROM access_event
        WHERE tenant_id = ${tenantId} AND version > ${accessVersion} ${scope === 'PANEL' ? tx`AND reseller_id = ${resellerId}` : tx``}
        ORDER BY version LIMIT ${BATCH_ROWS}
      ) AS e
      JOIN customer c ON c.tenant_id = ${tenantId} AND c.id = e.customer_id
      LEFT JOIN customer_access a ON a.tenant_id = ${tenantId} AND a.customer_id = e.customer_id
      ORDER BY e.version`;
    const last = rows.at(-1);
    if (last === undefined) return { written: false, isMore: false };
    const wanted = rows.filter(({ event }) => isWebhookEvent(event) && events.has(event));
    await writeDeliveries(
      tx,
      endpoint,
      wanted.map((row) => customerEvent(writeId, scope, row)),
    );
    await tx`UPDATE webhook_endpoint SET access_version = ${last.version} WHERE tenant_id = ${tenantId} AND id = ${id}`;
    return { written: wanted.length > 0, isMore: rows.length === BATCH_ROWS };
  });
}
