/** Numbers the events of the access feed, a tenant at a time, after the commits that wrote them (R48, ADR-0088). */

import type { Transaction } from '../../db/sql.ts';
import { type PaidRow, screensAtMoment } from '../customer/paid-screens.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';

/** Events of one transaction. */
const BATCH_ROWS = 500;

interface WaitingRow extends PaidRow {
  readonly waitingId: number;
  readonly customerId: string;
  readonly resellerId: string;
  readonly event: string;
  readonly at: Date;
  readonly now: Date;
}

/** Numbers all that waits in any tenant; answers how many events that was. Several processes may do this at once. */
export async function numberEvents(ports: Pick<Ports, 'sql'>, stop?: AbortSignal): Promise<number> {
  // One look-up in the index for each tenant that has something, however much that is.
  const tenants = await ports.sql<{ id: string }[]>`
    WITH RECURSIVE waiting AS (
      (SELECT tenant_id AS id FROM access_waiting ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT w.tenant_id FROM access_waiting w WHERE w.tenant_id > waiting.id ORDER BY w.tenant_id LIMIT 1) FROM waiting WHERE waiting.id IS NOT NULL
    )
    SELECT id FROM waiting WHERE id IS NOT NULL`;
  let numbered = 0;
  for (const { id } of tenants) {
    let rows = BATCH_ROWS;
    while (rows === BATCH_ROWS && !stop?.aborted) {
      ({ rows } = await transact(ports, (tx) => numberSome(tx, id)));
      numbered += rows;
    }
  }
  return numbered;
}

/**
 * The lock is one for each tenant and is held to the commit, so numbers are seen in their order, by whoever gave them. What waits is
 * read after it: an event that commits later is found later, and never missed.
 */
async function numberSome(tx: Transaction, tenantId: string): Promise<{ rows: number }> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`access feed ${tenantId}`}, 0))`;
  const waiting = await tx<WaitingRow[]>`
    SELECT w.id AS "waitingId", w.customer_id AS "customerId", w.event, w.at, c.reseller_id AS "resellerId", c.screens, c.later_spans AS "laterSpans",
      c.next_screens AS "nextScreens", c.expires_at AS "expiresAt", clock_timestamp() AS now
    FROM access_waiting w JOIN customer c ON c.tenant_id = w.tenant_id AND c.id = w.customer_id
    WHERE w.tenant_id = ${tenantId} ORDER BY w.id LIMIT ${BATCH_ROWS}`;
  if (waiting.length === 0) return { rows: 0 };
  const events = waiting.map(({ at, customerId, event, resellerId, ...row }, index) => ({
    ...{ place: index + 1, event, customer: customerId, reseller: resellerId, at: at.toISOString() },
    ...{ active: row.now < row.expiresAt, screens: screensAtMoment(row, row.now), expires: row.expiresAt.toISOString() },
  }));
  await tx`
    INSERT INTO access_event (tenant_id, version, event, customer_id, reseller_id, active, screens, expires_at, at)
    SELECT ${tenantId}, present.version + e.place, e.event, e.customer, e.reseller, e.active, e.screens, e.expires, e.at
    FROM (SELECT coalesce(max(version), 0) AS version FROM access_event WHERE tenant_id = ${tenantId}) AS present,
      jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
        AS e (place integer, event text, customer uuid, reseller uuid, active boolean, screens smallint, expires timestamptz, at timestamptz)`;
  const ids = `{${waiting.map(({ waitingId }) => waitingId).join(',')}}`;
  await tx`DELETE FROM access_waiting WHERE tenant_id = ${tenantId} AND id = ANY (${ids}::bigint[])`;
  return { rows: waiting.length };
}
