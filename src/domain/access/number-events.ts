/** Numbers the events of the access feed, a tenant at a time, after the commits that wrote them (R48, ADR-0088). */

import { setLocal } from '../../db/set-local.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PERIOD_MS } from '../../ledger/rules/spans.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';

/** Events of one transaction. */
const BATCH_ROWS = 500;

/** On how many screens a customer's service runs at a moment, or ran last: those of the last span that has begun (see spans.ts). */
const SCREENS = `CASE WHEN c.later_spans IS NULL THEN c.screens ELSE coalesce((
    SELECT span.screens FROM (
      SELECT number, (one ->> 'screens')::smallint AS screens, sum((one ->> 'periods')::integer) OVER (ORDER BY number DESC) AS left
      FROM jsonb_array_elements(c.later_spans) WITH ORDINALITY AS all_spans (one, number)
    ) AS span
    WHERE c.expires_at - span.left * interval '${PERIOD_MS} milliseconds' <= moment.now ORDER BY span.number DESC LIMIT 1
  ), c.screens) END`;

/** Numbers all that waits in any tenant; answers how many events that was. Several processes may do this at once. */
export async function numberEvents(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<number> {
  const tenants = await (ports.topology === 'single' ? nextByNext(ports.sql) : ofAll(ports.sql));
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

interface Waiting {
  readonly id: string;
}

/** A query that calls itself stays in one database. */
function ofAll(sql: Sql): Promise<Waiting[]> {
  return sql<Waiting[]>`SELECT DISTINCT tenant_id AS id FROM access_waiting`;
}

/** One look-up in the index for each tenant that has something, however much that is. */
function nextByNext(sql: Sql): Promise<Waiting[]> {
  return sql<Waiting[]>`
    WITH RECURSIVE waiting AS (
      (SELECT tenant_id AS id FROM access_waiting ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT w.tenant_id FROM access_waiting w WHERE w.tenant_id > waiting.id ORDER BY w.tenant_id LIMIT 1) FROM waiting WHERE waiting.id IS NOT NULL
    )
    SELECT id FROM waiting WHERE id IS NOT NULL`;
}

/**
 * The lock is one for each tenant and is held to the commit, so numbers are seen in their order, by whoever gave them. What waits is
 * read after it: an event that commits later is found later, and never missed.
 */
async function numberSome(tx: Transaction, tenantId: string): Promise<{ rows: number }> {
  // All is read in the order of a key, by its index, also where the plan was made while a table was empty.
  await Promise.all([
    setLocal(tx, { enable_seqscan: 'off', enable_sort: 'off' }),
    tx`SELECT pg_advisory_xact_lock(hashtextextended(${`access feed ${tenantId}`}, 0))`,
  ]);
  const { count } = await tx`
    WITH events AS (
      SELECT w.id, present.version + row_number() OVER (ORDER BY w.id) AS version, w.event, w.customer_id, c.reseller_id, moment.now < c.expires_at AS active,
        ${tx.unsafe(SCREENS)} AS screens, c.expires_at, w.at
      FROM (SELECT * FROM access_waiting WHERE tenant_id = ${tenantId} ORDER BY id LIMIT ${BATCH_ROWS}) AS w
      CROSS JOIN (SELECT clock_timestamp() AS now OFFSET 0) AS moment
      CROSS JOIN (
        SELECT coalesce((SELECT version FROM access_event WHERE tenant_id = ${tenantId} ORDER BY version DESC LIMIT 1), 0) AS version OFFSET 0
      ) AS present
      CROSS JOIN LATERAL (
        SELECT * FROM customer WHERE tenant_id = ${tenantId} AND id >= w.customer_id ORDER BY id LIMIT 1
      ) AS c
      WHERE c.id = w.customer_id
    ), numbered AS (
      INSERT INTO access_event (tenant_id, version, event, customer_id, reseller_id, active, screens, expires_at, at)
      SELECT ${tenantId}, version, event, customer_id, reseller_id, active, screens, expires_at, at FROM events
    )
    DELETE FROM access_waiting WHERE tenant_id = ${tenantId} AND id = ANY (ARRAY(SELECT id FROM events))`;
  return { rows: count };
}
