/** An import that this process works on, under a lease that ends by itself when the process dies (ADR-0098). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import { setLocal } from '../../db/set-local.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import type { ImportMode } from './import-row.ts';
import type { Settings, Used } from './settings.ts';

/** If a process writes nothing of an import for this long, another process takes it. */
export const LEASE_MS = 20_000;
/** The tenants of a distributed database that one call tries. */
const TRIED_TENANTS = 20;
/** The timeout of the checks and totals of a whole import, which lock its row for as long. */
const WORK_TIMEOUT_MS = 300_000;

export interface Taken extends RowId {
  readonly takenBy: string;
  readonly status: 'READING' | 'COMMITTING';
  readonly source: string;
  readonly fileHash: string;
  readonly bytes: number;
  readonly attempt: number;
  readonly settings: Settings;
  readonly used: Used;
  readonly rows: number;
  readonly mode: ImportMode | null;
  readonly committedBy: string | null;
  readonly address: string | null;
}

/** Another process has taken the import, or it was discarded. */
export class LostLease extends Error {}

/** Takes the import that has waited longest. Returns null if none waits. */
export async function takeImport(
  { sql, topology }: Pick<Ports, 'sql' | 'topology'>,
  takenBy: string,
  leaseMs: number,
): Promise<Taken | null> {
  const tenants = await tenantsWithWork(
    { topology },
    () => sql<TenantWithWork[]>`
      SELECT tenant_id AS "tenantId" FROM import
      WHERE status IN ('READING', 'COMMITTING') AND (taken_until IS NULL OR taken_until <= clock_timestamp())
      ORDER BY created_at LIMIT ${TRIED_TENANTS}`,
  );
  for (const tenantId of tenants) {
    const taken = await takeIn(sql, tenantId, takenBy, leaseMs);
    if (taken !== null) return taken;
  }
  return null;
}

async function takeIn(sql: Sql, tenantId: string | null, takenBy: string, leaseMs: number): Promise<Taken | null> {
  const [taken] = await sql<Taken[]>`
    WITH waiting AS (
      SELECT tenant_id, id FROM import
      WHERE ${isOf(sql, tenantId)} AND status IN ('READING', 'COMMITTING') AND (taken_until IS NULL OR taken_until <= statement_timestamp())
      ORDER BY created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE import i SET taken_by = ${takenBy}, taken_until = statement_timestamp() + ${leaseMs}::float8 * interval '1 millisecond',
      attempt = i.attempt + 1
    FROM waiting w WHERE i.tenant_id = ${tenantOr(sql, tenantId, 'w.tenant_id')} AND i.id = w.id
    RETURNING i.tenant_id AS "tenantId", i.id, i.taken_by AS "takenBy", i.status, i.source, i.file_hash AS "fileHash", i.bytes, i.attempt,
      i.settings, i.used, i.rows, i.mode, i.committed_by AS "committedBy", i.commit_address AS address`;
  return taken ?? null;
}

/** Locks the import until the end of the transaction, and extends its lease. Throws LostLease. */
export async function hold(tx: Transaction, { id, takenBy, tenantId }: Taken, leaseMs: number): Promise<void> {
  const { count } = await tx`
    UPDATE import SET taken_until = statement_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
    WHERE tenant_id = ${tenantId} AND id = ${id} AND taken_by = ${takenBy} AND status IN ('READING', 'COMMITTING')`;
  if (count === 0) throw new LostLease();
}

/** Allows a longer statement timeout, for statements over a whole import. */
export async function allowLong(tx: Transaction): Promise<void> {
  await setLocal(tx, { statement_timeout: WORK_TIMEOUT_MS });
}

/** Stores the progress, in percent of the present step. */
export async function storeProgress(tx: Transaction, { id, tenantId }: RowId, progress: number, rows?: number): Promise<void> {
  await tx`
    UPDATE import SET progress = ${Math.min(99, Math.floor(progress))}, rows = coalesce(${rows ?? null}::integer, rows),
      revision = revision + 1, changed_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** Marks the import as FAILED. The reason is shown among its problems. */
export async function fail(tx: Transaction, { id, tenantId }: RowId, line: number, message: string): Promise<void> {
  await tx`
    INSERT INTO import_problem (tenant_id, import_id, line, column_name, message) VALUES (${tenantId}, ${id}, ${line}, NULL, ${message})`;
  await tx`
    UPDATE import SET status = 'FAILED', taken_by = NULL, taken_until = NULL, revision = revision + 1, changed_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}
