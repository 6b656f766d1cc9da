/** Numbers the events of the access feed, tenant by tenant, after the commits that wrote them (R48, ADR-0088). */

import { setLocal } from '../../db/set-local.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PERIOD_MS } from '../../ledger/rules/spans.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';

/** The most single events in one transaction. */
const BATCH_ROWS = 500;
/** The most rows of postings in one transaction. Each has up to 64 changes. */
const BATCH_POSTINGS = 32;

/** The screens of a customer's service at a moment, or the last ones: those of the last span that has begun (see spans.ts). */
const SCREENS = `CASE WHEN c.later_spans IS NULL THEN c.screens ELSE coalesce((
    SELECT span.screens FROM (
      SELECT number, (one ->> 'screens')::smallint AS screens, sum((one ->> 'periods')::integer) OVER (ORDER BY number DESC) AS left
      FROM jsonb_array_elements(c.later_spans) WITH ORDINALITY AS all_spans (one, number)
    ) AS span
    WHERE c.expires_at - span.left * interval '${PERIOD_MS} milliseconds' <= moment.now ORDER BY span.number DESC LIMIT 1
  ), c.screens) END`;

/** Numbers all waiting events of all tenants. Returns how many. Several processes may do this concurrently. */
export async function numberEvents(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<number> {
  const tenants = await (ports.topology === 'single' ? nextByNext(ports.sql) : ofAll(ports.sql));
  let numbered = 0;
  for (const { id } of tenants) {
    let isFull = true;
    while (isFull && !stop?.aborted) {
      const page = await transact(ports, (tx) => numberSome(tx, id));
      numbered += page.events;
      isFull = page.postings === BATCH_POSTINGS || page.single === BATCH_ROWS;
    }
  }
  return numbered;
}

interface Waiting {
  readonly id: string;
}

/** For a distributed database, which does not support a recursive query over several nodes. */
function ofAll(sql: Sql): Promise<Waiting[]> {
  return sql<Waiting[]>`SELECT tenant_id AS id FROM access_posted UNION SELECT tenant_id FROM access_waiting`;
}

/** One index look-up for each tenant with waiting events, however many events it has. */
function nextByNext(sql: Sql): Promise<Waiting[]> {
  return sql<Waiting[]>`
    WITH RECURSIVE posted AS (
      (SELECT tenant_id AS id FROM access_posted ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT p.tenant_id FROM access_posted p WHERE p.tenant_id > posted.id ORDER BY p.tenant_id LIMIT 1) FROM posted WHERE posted.id IS NOT NULL
    ), waiting AS (
      (SELECT tenant_id AS id FROM access_waiting ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT w.tenant_id FROM access_waiting w WHERE w.tenant_id > waiting.id ORDER BY w.tenant_id LIMIT 1) FROM waiting WHERE waiting.id IS NOT NULL
    )
    SELECT id FROM posted WHERE id IS NOT NULL UNION SELECT id FROM waiting WHERE id IS NOT NULL`;
}

interface Numbered {
  /** The events that were numbered. */
  readonly events: number;
  /** The rows of postings that were taken, and the single events. */
  readonly postings: number;
  readonly single: number;
}

/**
 * There is one lock for each tenant, held until the commit, so numbers become visible in order, whichever process assigns them.
 * Waiting events are read after the lock: an event that commits later is found later, and none is missed. Rows of postings and single
 * events are numbered in one order. So no row is taken that is above the last row of a full page of the other kind. A posting's event
 * has the customer's state after that posting. A single event has the state after the customer's next posting, or the present state if
 * none follows: never older than the change itself, or than the event before.
 */
async function numberSome(tx: Transaction, tenantId: string): Promise<Numbered> {
  // These settings make every read use the index of its key, even if the plan was made while a table was empty.
  await Promise.all([
    setLocal(tx, { enable_seqscan: 'off', enable_sort: 'off' }),
    tx`SELECT pg_advisory_xact_lock(hashtextextended(${`access feed ${tenantId}`}, 0))`,
  ]);
  const [page] = await tx<Numbered[]>`
    WITH posted AS MATERIALIZED (
      SELECT * FROM access_posted WHERE tenant_id = ${tenantId} ORDER BY id LIMIT ${BATCH_POSTINGS}
    ), waiting AS MATERIALIZED (
      SELECT * FROM access_waiting WHERE tenant_id = ${tenantId} ORDER BY id LIMIT ${BATCH_ROWS}
    ), up_to AS MATERIALIZED (
      SELECT least(
        (SELECT max(id) FROM posted HAVING count(*) = ${BATCH_POSTINGS}), (SELECT max(id) FROM waiting HAVING count(*) = ${BATCH_ROWS})
      ) AS id
    ), taken AS MATERIALIZED (
      SELECT posted.* FROM posted, up_to WHERE posted.id <= up_to.id OR up_to.id IS NULL
    ), single AS MATERIALIZED (
      SELECT w.id, w.event, w.customer_id, coalesce(p.reseller_id, c.reseller_id) AS reseller_id, coalesce(p.screens, ${tx.unsafe(SCREENS)}) AS screens,
        coalesce(p.expires_at, c.expires_at) AS expires_at, w.at
      FROM (SELECT waiting.* FROM waiting, up_to WHERE waiting.id <= up_to.id OR up_to.id IS NULL) AS w
      CROSS JOIN (SELECT clock_timestamp() AS now OFFSET 0) AS moment
      CROSS JOIN LATERAL (
        SELECT * FROM customer WHERE tenant_id = ${tenantId} AND id >= w.customer_id ORDER BY id LIMIT 1
      ) AS c
      LEFT JOIN LATERAL (
        SELECT resellers[place] AS reseller_id, screens[place] AS screens, to_timestamp(ends[place]::double precision / 1000) AS expires_at
        FROM (
          SELECT *, array_position(customers, w.customer_id) AS place FROM access_posted
          WHERE tenant_id = ${tenantId} AND id > w.id AND w.customer_id = ANY (customers) ORDER BY id LIMIT 1
        ) AS next
      ) AS p ON true
      WHERE c.id = w.customer_id
    ), events AS MATERIALIZED (
      SELECT taken.id, c.place, c.event, c.customer_id, c.reseller_id, c.screens, to_timestamp(c.ends::double precision / 1000) AS expires_at, taken.at
      FROM taken CROSS JOIN LATERAL unnest(taken.events, taken.customers, taken.resellers, taken.screens, taken.ends)
        WITH ORDINALITY AS c (event, customer_id, reseller_id, screens, ends, place)
      UNION ALL
      SELECT id, 1, event, customer_id, reseller_id, screens, expires_at, at FROM single
    ), numbered AS (
      INSERT INTO access_event (tenant_id, version, event, customer_id, reseller_id, active, screens, expires_at, at)
      SELECT ${tenantId}, present.version + row_number() OVER (ORDER BY id, place), event, customer_id, reseller_id,
        present.now < expires_at, screens, expires_at, at
      FROM events CROSS JOIN (
        SELECT coalesce((SELECT version FROM access_event WHERE tenant_id = ${tenantId} ORDER BY version DESC LIMIT 1), 0) AS version,
          clock_timestamp() AS now OFFSET 0
      ) AS present
    ), gone AS (
      DELETE FROM access_posted WHERE tenant_id = ${tenantId} AND id = ANY (ARRAY(SELECT id FROM taken))
    ), gone_single AS (
      DELETE FROM access_waiting WHERE tenant_id = ${tenantId} AND id = ANY (ARRAY(SELECT id FROM single))
    )
    SELECT (SELECT count(*)::integer FROM events) AS events, (SELECT count(*)::integer FROM taken) AS postings,
      (SELECT count(*)::integer FROM single) AS single`;
  if (page === undefined) throw new Error('a count has one row');
  return page;
}
