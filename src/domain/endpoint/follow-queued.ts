/** Reads the queue of changed purchases and panels in a distributed database, tenant by tenant, and writes deliveries (ADR-0136). */

import type { Transaction } from '../../db/sql.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import type { PurchaseEventRow, ResellerEventRow, WriteId } from './payloads.ts';
import { purchaseColumns, resellerColumns, writePurchaseEvents, writeResellerEvents } from './write-changes.ts';
import { inSteps, type Step } from './write-deliveries.ts';

/** The most rows of the queue in one transaction. */
const BATCH_ROWS = 200;

/** A change. A trigger writes it in the transaction that made the change (prisma/distribute.sql). */
interface Queued {
  readonly source: 'PURCHASE' | 'RESELLER';
  readonly id: string;
  readonly revision: number;
}

/** Returns whether anything was written. If a tenant fails, its queue stays, and the other tenants are still handled. */
export async function followQueued(ports: Pick<Ports, 'sql'>, writeId: WriteId, stop?: AbortSignal): Promise<boolean> {
  const tenants = await ports.sql<{ tenantId: string }[]>`SELECT DISTINCT tenant_id AS "tenantId" FROM webhook_change`;
  let written = false;
  const failures: unknown[] = [];
  for (const { tenantId } of tenants) {
    try {
      written = (await inSteps(() => takeSome(ports, writeId, tenantId), stop)) || written;
    } catch (error) {
      // Its rows or endpoints are locked, for example by another process that does this. The next round finds what is left.
      if (!(error instanceof Overloaded)) failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return written;
}

/**
 * The queue's rows are locked before their subjects are read, and nobody skips a locked row. So a subject's changes are delivered in
 * order. The rows are deleted in the commit of the deliveries, so after any crash no change is lost or written twice.
 */
function takeSome(ports: Pick<Ports, 'sql'>, writeId: WriteId, tenantId: string): Promise<Step> {
  return transact(ports, async (tx) => {
    const queued = await tx<Queued[]>`
      SELECT source, id, revision FROM webhook_change WHERE tenant_id = ${tenantId}
      ORDER BY source, id, revision LIMIT ${BATCH_ROWS} FOR UPDATE NOWAIT`;
    const done = [...(await writePurchases(tx, writeId, tenantId, queued)), ...(await writeResellers(tx, writeId, tenantId, queued))];
    // A subject may have been read in a newer revision than the queued one. Then that revision is done too.
    const finished = [...queued, ...done].map(({ id, revision, source }) => ({ source, id, revision }));
    await tx`
      DELETE FROM webhook_change c USING jsonb_to_recordset(${JSON.stringify(finished)}::text::jsonb) AS d (source text, id uuid, revision integer)
      WHERE c.tenant_id = ${tenantId} AND c.source = d.source AND c.id = d.id AND c.revision <= d.revision`;
    return { written: done.some(({ count }) => count > 0), isMore: queued.length === BATCH_ROWS };
  });
}

/** A subject with its present revision, and the number of deliveries that were written for it. */
type Written = Queued & { readonly count: number };

async function writePurchases(tx: Transaction, writeId: WriteId, tenantId: string, queued: readonly Queued[]): Promise<Written[]> {
  const ids = idsOf(queued, 'PURCHASE');
  if (ids.size === 0) return [];
  const rows = await tx<PurchaseEventRow[]>`
    SELECT ${purchaseColumns(tx)} FROM purchase p WHERE p.tenant_id = ${tenantId} AND p.id = ANY (${arrayOf(ids)}::uuid[]) ORDER BY p.id`;
  const written: Written[] = [];
  for (const row of rows) {
    written.push({ source: 'PURCHASE', id: row.id, revision: row.revision, count: await writePurchaseEvents(tx, writeId, row) });
  }
  return written;
}

async function writeResellers(tx: Transaction, writeId: WriteId, tenantId: string, queued: readonly Queued[]): Promise<Written[]> {
  const ids = idsOf(queued, 'RESELLER');
  if (ids.size === 0) return [];
  const rows = await tx<ResellerEventRow[]>`
    SELECT ${resellerColumns(tx)} FROM reseller_change w JOIN reseller r ON r.tenant_id = ${tenantId} AND r.id = w.id
    WHERE w.tenant_id = ${tenantId} AND w.id = ANY (${arrayOf(ids)}::uuid[]) ORDER BY w.id`;
  const written: Written[] = [];
  for (const row of rows) {
    const isNew = queued.some(({ id, revision, source }) => source === 'RESELLER' && id === row.id && revision === 1);
    written.push({ source: 'RESELLER', id: row.id, revision: row.revision, count: await writeResellerEvents(tx, writeId, row, isNew) });
  }
  return written;
}

function idsOf(queued: readonly Queued[], of: Queued['source']): ReadonlySet<string> {
  return new Set(queued.filter(({ source }) => source === of).map(({ id }) => id));
}

function arrayOf(ids: ReadonlySet<string>): string {
  return `{${[...ids].join(',')}}`;
}
