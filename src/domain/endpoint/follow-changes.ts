/** Finds changed purchases and panels by their transactions (ADR-0075), and writes deliveries for them. */

import type { Sql, Transaction } from '../../db/sql.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { followQueued } from './follow-queued.ts';
import type { PurchaseEventRow, ResellerEventRow, WriteId } from './payloads.ts';
import { purchaseColumns, resellerColumns, writePurchaseEvents, writeResellerEvents } from './write-changes.ts';
import { inSteps } from './write-deliveries.ts';

/** The most rows in one transaction. */
const BATCH_ROWS = 200;
/** If nothing was found, the position is stored only after it has moved by this many transactions. So most rounds write nothing. */
const MOVE_EVERY = 1_000;

type Source = 'PURCHASE' | 'RESELLER';

interface Place {
  readonly xact: number;
  readonly id: string;
}

type ChangedPurchase = Place & PurchaseEventRow;
type ChangedReseller = Place & ResellerEventRow & { readonly createdXact: number };

/**
 * Returns whether anything was written. One process at a time does this; others skip it. Transactions of several nodes have no common
 * order, so a distributed database queues changes instead (ADR-0136).
 */
export async function followChanges(ports: Pick<Ports, 'sql' | 'topology'>, writeId: WriteId, stop?: AbortSignal): Promise<boolean> {
  if (ports.topology !== 'single') return followQueued(ports, writeId, stop);
  let written = false;
  for (const source of await sourcesBehind(ports.sql)) {
    const isWritten =
      source === 'PURCHASE'
        ? await follow(ports, stop, source, readPurchases, (tx, row) => writePurchaseEvents(tx, writeId, row))
        : await follow(ports, stop, source, readResellers, (tx, row, place) =>
            writeResellerEvents(tx, writeId, row, row.createdXact > 0 && isAbove(row.createdXact, row.id, place)),
          );
    written ||= isWritten;
  }
  return written;
}

/**
 * The sources with changes above their positions, or whose positions should move. Mostly there are none, and then this statement is
 * the whole round: the transaction of `follow` would need six for each source.
 */
async function sourcesBehind(sql: Sql): Promise<Source[]> {
  const rows = await sql<{ source: Source }[]>`
    SELECT w.source FROM webhook_position w
    CROSS JOIN (SELECT ${settledOf(sql)} FROM pg_current_snapshot() AS now OFFSET 0) AS settled
    WHERE w.xact > settled.end OR settled.below - w.xact >= ${MOVE_EVERY} OR CASE w.source
      WHEN 'PURCHASE' THEN (
        SELECT p.changed_xact FROM purchase p WHERE (p.changed_xact, p.id) > (w.xact, w.id) ORDER BY p.changed_xact, p.id LIMIT 1)
      ELSE (
        SELECT c.changed_xact FROM reseller_change c WHERE (c.changed_xact, c.id) > (w.xact, w.id) ORDER BY c.changed_xact, c.id LIMIT 1)
    END < settled.below
    ORDER BY w.source`;
  return rows.map(({ source }) => source);
}

async function follow<Row extends Place>(
  ports: Pick<Ports, 'sql'>,
  stop: AbortSignal | undefined,
  source: Source,
  read: (tx: Transaction, place: Place, below: number) => Promise<Row[]>,
  write: (tx: Transaction, row: Row, place: Place) => Promise<number>,
): Promise<boolean> {
  const step = () =>
    transact(ports, async (tx) => {
      const [place] = await tx<Place[]>`SELECT xact, id FROM webhook_position WHERE source = ${source} FOR UPDATE SKIP LOCKED`;
      const [settled] = await tx<{ below: number; end: number }[]>`SELECT ${settledOf(tx)} FROM pg_current_snapshot() AS now`;
      if (place === undefined || settled === undefined) return { written: false, isMore: false };
      // After a restore from another cluster's dump the position may lie in the future. Then it starts at the present.
      const from = place.xact > settled.end ? { xact: settled.below, id: NIL_UUID } : place;
      const rows = await read(tx, from, settled.below);
      let written = 0;
      for (const row of rows) written += await write(tx, row, from);
      const last = rows.at(-1);
      const isFull = rows.length === BATCH_ROWS && last !== undefined;
      const to = isFull ? { xact: last.xact, id: last.id } : { xact: settled.below, id: NIL_UUID };
      if (rows.length > 0 || from !== place || to.xact - place.xact >= MOVE_EVERY) {
        await tx`UPDATE webhook_position SET xact = ${to.xact}, id = ${to.id} WHERE source = ${source}`;
      }
      return { written: written > 0, isMore: isFull };
    });
  return inSteps(step, stop);
}

/** The transaction below which all have ended, and the next one, of the snapshot `now`. */
function settledOf(sql: Sql | Transaction) {
  return sql`pg_snapshot_xmin(now)::text::bigint AS below, pg_snapshot_xmax(now)::text::bigint AS end`;
}

function isAbove(xact: number, id: string, place: Place): boolean {
  return xact > place.xact || (xact === place.xact && id > place.id);
}

function readPurchases(tx: Transaction, { id, xact }: Place, below: number): Promise<ChangedPurchase[]> {
  return tx<ChangedPurchase[]>`
    SELECT p.changed_xact AS xact, ${purchaseColumns(tx)}
    FROM purchase p WHERE (p.changed_xact, p.id) > (${xact}, ${id}::uuid) AND p.changed_xact < ${below}
    ORDER BY p.changed_xact, p.id LIMIT ${BATCH_ROWS}`;
}

function readResellers(tx: Transaction, { id, xact }: Place, below: number): Promise<ChangedReseller[]> {
  return tx<ChangedReseller[]>`
    SELECT w.changed_xact AS xact, w.created_xact AS "createdXact", ${resellerColumns(tx)}
    FROM reseller_change w JOIN reseller r ON r.tenant_id = w.tenant_id AND r.id = w.id
    WHERE (w.changed_xact, w.id) > (${xact}, ${id}::uuid) AND w.changed_xact < ${below}
    ORDER BY w.changed_xact, w.id LIMIT ${BATCH_ROWS}`;
}
