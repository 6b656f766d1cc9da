/** Writes rows as CSV (RFC 4180), and makes formulas in names harmless. */

import { stringify } from 'csv-stringify/sync';
import { type ExportForm, writerFor } from '../../domain/report/export-form.ts';

/** The first part begins with the byte order mark, by which spreadsheets recognize UTF-8, and the headings. */
export function csvOf(
  rows: readonly object[],
  columns: readonly string[],
  form: ExportForm,
  { isFirst }: { readonly isFirst: boolean },
): string {
  const writer = writerFor(form);
  return stringify([...rows], {
    bom: isFirst,
    header: isFirst,
    columns: columns.map((key) => ({ key, header: writer.heading(key) })),
    delimiter: form.separator,
    record_delimiter: 'windows',
    cast: {
      date: (time) => writer.time(time),
      string: (text, { column, header }) => (header ? text : writer.text(text, String(column))),
    },
  });
}
