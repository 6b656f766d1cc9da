/** Puts the rows that a statement found into the order in which they were asked for: what a batch of a loader answers. */

import type { RowId } from './input.ts';

/** The ids as a statement takes them, by jsonb_to_recordset as ("tenantId" uuid, id uuid). */
export function wantedRows(asked: readonly RowId[]): string {
  return JSON.stringify(asked.map(({ id, tenantId }) => ({ tenantId, id })));
}

/** In the order asked for; null where there is no row. */
export function rowsById<Row extends RowId>(asked: readonly RowId[], rows: readonly Row[]): (Row | null)[] {
  const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
  return asked.map(({ id, tenantId }) => found.get(`${tenantId}/${id}`) ?? null);
}
