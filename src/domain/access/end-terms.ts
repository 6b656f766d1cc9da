/** Adds events for changes that time alone causes: the end of a term, and a change of screens within a term (R48). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Transaction } from '../../db/sql.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import { type PaidRow, screensAtMoment } from '../customer/paid-screens.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import { transact } from '../transact.ts';

/** Rows in one transaction. It keeps the transaction short, because a posting may wait for it. */
const BATCH_ROWS = 500;

/**
 * Adds one event for each customer and end, however many processes run this: the row records the end that has its event. After an
 * outage, one index finds all terms that ended meanwhile, earliest first. Rows that a posting has locked are skipped, and found in the
 * next round.
 */
export async function endTerms(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<number> {
  let ended = 0;
  const tenants = await tenantsWithWork(
    ports,
    () => ports.sql<TenantWithWork[]>`
      SELECT DISTINCT tenant_id AS "tenantId" FROM customer WHERE expires_at <= statement_timestamp() AND ended_for IS DISTINCT FROM expires_at`,
  );
  for (const tenantId of tenants) {
    let rows = BATCH_ROWS;
    while (rows === BATCH_ROWS && !stop?.aborted) {
      ({ rows } = await transact(ports, (tx) => endSome(tx, tenantId)));
      ended += rows;
    }
  }
  return ended;
}

async function endSome(tx: Transaction, tenantId: string | null): Promise<{ rows: number }> {
  const { count } = await tx`
    WITH due AS (
      SELECT tenant_id, id FROM customer WHERE ${isOf(tx, tenantId)} AND expires_at <= statement_timestamp() AND ended_for IS DISTINCT FROM expires_at
      ORDER BY expires_at LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED
    ), told AS (
      UPDATE customer c SET ended_for = c.expires_at FROM due WHERE c.tenant_id = ${tenantOr(tx, tenantId, 'due.tenant_id')} AND c.id = due.id
      RETURNING c.tenant_id, c.id, c.expires_at
    )
    INSERT INTO access_waiting (tenant_id, customer_id, event, at)
    SELECT tenant_id, id, 'CUSTOMER_EXPIRED', expires_at FROM told`;
  return { rows: count };
}

interface SpannedRow extends RowId, PaidRow {
  readonly screensTold: number | null;
  readonly now: Date;
}

/** Adds events for changes of screens. Few customers have later spans, so all of them are checked, page by page. */
export async function changeScreens(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<number> {
  let changed = 0;
  const tenants = await tenantsWithWork(
    ports,
    () => ports.sql<TenantWithWork[]>`SELECT DISTINCT tenant_id AS "tenantId" FROM customer WHERE later_spans IS NOT NULL`,
  );
  for (const tenantId of tenants) {
    let last: RowId | null = { tenantId: tenantId ?? NIL_UUID, id: NIL_UUID };
    while (last !== null && !stop?.aborted) {
      const above: RowId = last;
      const page = await transact(ports, (tx) => changeSome(tx, tenantId, above));
      changed += page.changed;
      last = page.last;
    }
  }
  return changed;
}

interface Page {
  readonly changed: number;
  readonly last: RowId | null;
}

async function changeSome(tx: Transaction, ofTenant: string | null, above: RowId): Promise<Page> {
  const page = await tx<SpannedRow[]>`
    SELECT tenant_id AS "tenantId", id, screens, later_spans AS "laterSpans", next_screens AS "nextScreens", expires_at AS "expiresAt",
      screens_told AS "screensTold", clock_timestamp() AS now
    FROM customer WHERE ${isOf(tx, ofTenant)} AND later_spans IS NOT NULL AND (tenant_id, id) > (${above.tenantId}, ${above.id})
    ORDER BY tenant_id, id LIMIT ${BATCH_ROWS}`;
  const changes = page.flatMap(({ id, tenantId, ...row }) => {
    const screens = screensAtMoment(row, row.now);
    const before = row.screensTold ?? row.screens;
    return row.now < row.expiresAt && screens !== before
      ? [{ tenant: tenantId, id, screens, spans: row.laterSpans, ends: row.expiresAt }]
      : [];
  });
  if (changes.length > 0) {
    // Only rows that have not changed since they were read.
    await tx`
      WITH told AS (
        UPDATE customer c SET screens_told = w.screens
        FROM jsonb_to_recordset(${JSON.stringify(changes)}::text::jsonb) AS w (tenant uuid, id uuid, screens smallint, spans jsonb, ends timestamptz)
        WHERE c.tenant_id = ${tenantOr(tx, ofTenant, 'w.tenant')} AND c.id = w.id AND c.later_spans = w.spans AND c.expires_at = w.ends AND c.screens_told IS DISTINCT FROM w.screens
        RETURNING c.tenant_id, c.id
      )
      INSERT INTO access_waiting (tenant_id, customer_id, event, at)
      SELECT tenant_id, id, 'CUSTOMER_SCREENS_CHANGED', date_trunc('milliseconds', statement_timestamp()) FROM told`;
  }
  const end = page.at(-1);
  return { changed: changes.length, last: page.length < BATCH_ROWS || end === undefined ? null : { tenantId: end.tenantId, id: end.id } };
}
