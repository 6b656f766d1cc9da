/** Deletes previews after a week, uploads that broke off, and the rows of committed imports. */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import { KEPT_DAYS, UPLOAD_MINUTES } from './limits.ts';

/** The most imports of one sweep, and the most rows of one statement. */
const SWEPT_IMPORTS = 20;
const BATCH_ROWS = 5_000;

interface Old extends RowId {
  readonly status: string;
}

export async function sweepImports(ports: Pick<Ports, 'sql' | 'topology'>): Promise<void> {
  const { sql } = ports;
  const tenants = await tenantsWithWork(
    ports,
    () => sql<TenantWithWork[]>`SELECT DISTINCT i.tenant_id AS "tenantId" FROM import i WHERE ${isOld(sql, null)} LIMIT ${SWEPT_IMPORTS}`,
  );
  for (const tenantId of tenants) await sweepIn(sql, tenantId);
}

/** Whether an import `i` has something to delete. */
function isOld(sql: Sql, tenantId: string | null) {
  return sql`((i.status = 'UPLOADING' AND i.created_at < now() - ${UPLOAD_MINUTES}::integer * interval '1 minute')
    OR (i.status IN ('PREVIEWED', 'FAILED', 'COMMITTED') AND i.created_at < now() - ${KEPT_DAYS}::integer * interval '1 day'
      AND (i.mode IS NULL OR EXISTS (SELECT FROM import_chunk c WHERE c.tenant_id = ${tenantOr(sql, tenantId, 'i.tenant_id')} AND c.import_id = i.id))))`;
}

async function sweepIn(sql: Sql, tenantId: string | null): Promise<void> {
  const old = await sql<Old[]>`
    UPDATE import SET status = CASE WHEN status = 'COMMITTED' OR mode IS NOT NULL THEN status ELSE 'UPLOADING' END
    WHERE ${isOf(sql, tenantId)} AND (tenant_id, id) IN (
      SELECT i.tenant_id, i.id FROM import i
      WHERE ${isOf(sql, tenantId, 'i.tenant_id')} AND ${isOld(sql, tenantId)}
      ORDER BY i.created_at LIMIT ${SWEPT_IMPORTS} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING tenant_id AS "tenantId", id, status`;
  for (const one of old) await removeRows(sql, one);
}

/** Deletes all rows of an import, the file last, and the import itself if it is no longer visible. */
export async function removeRows(sql: Sql, { id, tenantId }: RowId): Promise<void> {
  for (const table of ['import_row', 'import_problem', 'import_chunk']) {
    for (let count = BATCH_ROWS; count === BATCH_ROWS; ) {
      ({ count } = await sql.unsafe(
        `DELETE FROM ${table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE tenant_id = $1 AND import_id = $2 LIMIT ${BATCH_ROWS}))`,
        [tenantId, id],
      ));
    }
  }
  await sql`DELETE FROM import WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'UPLOADING'`;
}
