/** Puts the rows of a statement into the order of the requested ids, as a batch loader must return them. */

import type { RowId } from './input.ts';

/** The ids as a JSON parameter, which the statement reads with jsonb_to_recordset as ("tenantId" uuid, id uuid). */
export function wantedRows(asked: readonly RowId[]): string {
  return JSON.stringify(asked.map(({ id, tenantId }) => ({ tenantId, id })));
}

/** Returns the rows in the order of `asked`, with null where there is no row. */
export function rowsById<Row extends RowId>(asked: readonly RowId[], rows: readonly Row[]): (Row | null)[] {
  const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
  return asked.map(({ id, tenantId }) => found.get(`${tenantId}/${id}`) ?? null);
}
