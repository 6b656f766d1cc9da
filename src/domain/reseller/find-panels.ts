/** Reads the positions of panels in the tree. */

import { plainArray } from '../../db/arrays/literal.ts';
import { byTenant } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { rowsById } from '../rows-by-id.ts';

export interface PanelPosition {
  readonly tenantId: string;
  readonly id: string;
  readonly path: string;
  /** When the position was read: milliseconds since 1970, by the database's clock. */
  readonly seenAtMs: number;
}

/**
 * Returns each panel's present position in the order of `asked`, null if there is no such panel. Uses one statement, or one for each
 * tenant.
 */
export async function findPanels(
  { sql, topology }: Pick<Ports, 'sql' | 'topology'>,
  asked: readonly RowId[],
): Promise<(PanelPosition | null)[]> {
  return topology === 'single' ? ofAll(sql, asked) : byTenant(asked, (tenantId, own) => ofTenant(sql, tenantId, own));
}

async function ofTenant(sql: Sql, tenantId: string, asked: readonly RowId[]): Promise<(PanelPosition | null)[]> {
  const rows = await sql<PanelPosition[]>`
    SELECT tenant_id AS "tenantId", id, path, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "seenAtMs"
    FROM reseller WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${plainArray(asked.map(({ id }) => id))}::uuid[])`;
  return rowsById(asked, rows);
}

async function ofAll(sql: Sql, asked: readonly RowId[]): Promise<(PanelPosition | null)[]> {
  const rows = await sql<{ tenant_id: string; id: string; path: string | null; now_ms: number }[]>`
    SELECT asked.tenant_id, asked.id, reseller.path, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.id))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, id, position)
    LEFT JOIN reseller ON reseller.tenant_id = asked.tenant_id AND reseller.id = asked.id
    ORDER BY asked.position`;
  return rows.map(({ id, now_ms, path, tenant_id }) => (path === null ? null : { tenantId: tenant_id, id, path, seenAtMs: now_ms }));
}
