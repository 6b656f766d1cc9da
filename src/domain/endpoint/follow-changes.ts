/** Writes changed purchases and panels for the endpoints that they concern, as they are found by their transactions (ADR-0075). */

import type { Transaction } from '../../db/sql.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { type PurchaseEventRow, purchaseEvent, type ResellerEventRow, resellerEvents, type WriteId } from './payloads.ts';
import { inSteps, type NewDelivery, writeDeliveries } from './write-deliveries.ts';

/** Rows of one transaction. */
const BATCH_ROWS = 200;
/** The place is written down when it has moved by this many transactions, though nothing was found: a look writes nothing else. */
const MOVE_EVERY = 1_000;

type Source = 'PURCHASE' | 'RESELLER';

interface Place {
  readonly xact: number;
  readonly id: string;
}

interface Changed extends RowId {
  readonly xact: number;
}

/** Who is to be told what. */
interface Told {
  /** Whose endpoints: these panels' own. */
  readonly panels: readonly string[];
  /** Also those of the whole tenant. */
  readonly tenant: boolean;
  readonly deliveries: readonly NewDelivery[];
}

/**
 * Answers whether anything was written. One process at a time does this; another passes on. Transactions of several machines have no common
 * order: in a distributed database no endpoint may ask for these events (`refuseUnordered`).
 */
export async function followChanges(ports: Pick<Ports, 'sql' | 'topology'>, writeId: WriteId, stop?: AbortSignal): Promise<boolean> {
  if (ports.topology !== 'single') return false;
  const purchases = await follow(ports, stop, 'PURCHASE', readPurchases, (row) => ({
    panels: [row.buyerId, ...(row.sellerId === null ? [] : [row.sellerId])],
    tenant: false,
    deliveries: [purchaseEvent(writeId, row)],
  }));
  const resellers = await follow(ports, stop, 'RESELLER', readResellers, (row, place) => ({
    panels: [row.id, ...(row.parentId === null ? [] : [row.parentId])],
    tenant: true,
    deliveries: resellerEvents(writeId, row.createdXact > 0 && isAbove(row.createdXact, row.id, place), row),
  }));
  return purchases || resellers;
}

async function follow<Row extends Changed>(
  ports: Pick<Ports, 'sql'>,
  stop: AbortSignal | undefined,
  source: Source,
  read: (tx: Transaction, place: Place, below: number) => Promise<Row[]>,
  tell: (row: Row, place: Place) => Told,
): Promise<boolean> {
  const step = () =>
    transact(ports, async (tx) => {
      const [place] = await tx<Place[]>`SELECT xact, id FROM webhook_position WHERE source = ${source} FOR UPDATE SKIP LOCKED`;
      const [settled] = await tx<{ below: number; end: number }[]>`
        SELECT pg_snapshot_xmin(now)::text::bigint AS below, pg_snapshot_xmax(now)::text::bigint AS end FROM pg_current_snapshot() AS now`;
      if (place === undefined || settled === undefined) return { written: false, isMore: false };
      // Restored from another cluster's dump, the place may be one that is yet to come: it begins with the present.
      const from = place.xact > settled.end ? { xact: settled.below, id: NIL_UUID } : place;
      const rows = await read(tx, from, settled.below);
      let told = 0;
      for (const row of rows) told += await tellOf(tx, row, tell(row, from));
      const last = rows.at(-1);
      const isFull = rows.length === BATCH_ROWS && last !== undefined;
      const to = isFull ? { xact: last.xact, id: last.id } : { xact: settled.below, id: NIL_UUID };
      if (rows.length > 0 || from !== place || to.xact - place.xact >= MOVE_EVERY) {
        await tx`UPDATE webhook_position SET xact = ${to.xact}, id = ${to.id} WHERE source = ${source}`;
      }
      return { written: told > 0, isMore: isFull };
    });
  return inSteps(step, stop);
}

/** The endpoints' rows are waited for: the place moves for all of them. A disabled one is told nothing. */
async function tellOf(tx: Transaction, { tenantId }: RowId, { deliveries, panels, tenant }: Told): Promise<number> {
  if (deliveries.length === 0) return 0;
  const endpoints = await tx<{ id: string; events: string }[]>`
    SELECT e.id, array_to_string(e.events, ' ') AS events FROM webhook_endpoint e
    JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id AND r.closed_at IS NULL
    WHERE e.tenant_id = ${tenantId} AND e.disabled_at IS NULL AND e.removed_at IS NULL
      AND (e.reseller_id = ANY (${`{${panels.join(',')}}`}::uuid[]) OR (${tenant} AND e.scope = 'TENANT'))
    ORDER BY e.id FOR NO KEY UPDATE OF e`;
  let told = 0;
  for (const { events, id } of endpoints) {
    const wanted = deliveries.filter(({ event }) => events.split(' ').includes(event));
    await writeDeliveries(tx, { tenantId, id }, wanted);
    told += wanted.length;
  }
  return told;
}

function isAbove(xact: number, id: string, place: Place): boolean {
  return xact > place.xact || (xact === place.xact && id > place.id);
}

function readPurchases(tx: Transaction, { id, xact }: Place, below: number): Promise<PurchaseEventRow[]> {
  return tx<PurchaseEventRow[]>`
    SELECT p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.revision, p.buyer_id AS "buyerId", p.seller_id AS "sellerId", p.number,
      p.status, p.quantity, p.total_minor AS "totalMinor", p.currency, p.provider, p.expires_at AS "expiresAt", p.reported_at AS "reportedAt",
      clock_timestamp() AS now
    FROM purchase p WHERE (p.changed_xact, p.id) > (${xact}, ${id}::uuid) AND p.changed_xact < ${below}
    ORDER BY p.changed_xact, p.id LIMIT ${BATCH_ROWS}`;
}

function readResellers(tx: Transaction, { id, xact }: Place, below: number): Promise<ResellerEventRow[]> {
  return tx<ResellerEventRow[]>`
    SELECT w.changed_xact AS xact, w.created_xact AS "createdXact", r.tenant_id AS "tenantId", r.id, w.revision, r.parent_id AS "parentId", r.name,
      r.suspended_at IS NOT NULL AS suspended, r.closed_at IS NOT NULL AS closed, r.created_at AS "createdAt", clock_timestamp() AS now
    FROM reseller_change w JOIN reseller r ON r.tenant_id = w.tenant_id AND r.id = w.id
    WHERE (w.changed_xact, w.id) > (${xact}, ${id}::uuid) AND w.changed_xact < ${below}
    ORDER BY w.changed_xact, w.id LIMIT ${BATCH_ROWS}`;
}
