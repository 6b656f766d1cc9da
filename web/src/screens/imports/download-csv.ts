/** Offers a table that is in the browser as a CSV file. */

/** What a spreadsheet would run. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+$/;

/** In UTF-8 with a byte order mark; semicolons, which every spreadsheet here opens. */
export function downloadCsv(name: string, rows: readonly (readonly string[])[]): void {
  const text = rows.map((row) => row.map(cell).join(';')).join('\r\n');
  const url = URL.createObjectURL(new Blob([`\u{feff}${text}\r\n`], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Of what is about a file: `what`, then the file's own name without its ending. */
export function nameOf(what: string, file: string | null): string {
  return `${what} ${file?.replace(/\.[^.]*$/, '') ?? ''}`.trim().concat('.csv');
}

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
