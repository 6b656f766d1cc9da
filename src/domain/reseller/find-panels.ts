/** Reads where panels stand in the tree. */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';

export interface PanelPlace {
  readonly tenantId: string;
  readonly id: string;
  readonly path: string;
  /** When it stood there: milliseconds since 1970, by the database's clock. */
  readonly seenAtMs: number;
}

/** Where each panel stands now, in the order asked for; null where there is none. One statement. */
export async function findPanels(
  sql: Sql,
  asked: readonly { readonly tenantId: string; readonly id: string }[],
): Promise<(PanelPlace | null)[]> {
  const rows = await sql<{ tenant_id: string; id: string; path: string | null; now_ms: number }[]>`
    SELECT asked.tenant_id, asked.id, reseller.path, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.id))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, id, position)
    LEFT JOIN reseller ON reseller.tenant_id = asked.tenant_id AND reseller.id = asked.id
    ORDER BY asked.position`;
  return rows.map(({ id, now_ms, path, tenant_id }) => (path === null ? null : { tenantId: tenant_id, id, path, seenAtMs: now_ms }));
}
