/** Downloads a table from the browser's memory as a CSV file. */

/** The start of a cell that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+$/;

/** Writes UTF-8 with a byte order mark, separated by semicolons, which Brazilian spreadsheets expect. */
export function downloadCsv(name: string, rows: readonly (readonly string[])[]): void {
  const text = rows.map((row) => row.map(cell).join(';')).join('\r\n');
  const url = URL.createObjectURL(new Blob([`\u{feff}${text}\r\n`], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The download's name: `what`, then the imported file's name without its extension. */
export function nameOf(what: string, file: string | null): string {
  return `${what} ${file?.replace(/\.[^.]*$/, '') ?? ''}`.trim().concat('.csv');
}

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
