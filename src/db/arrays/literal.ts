/**
 * Postgres array literals, written and read by hand: with `fetch_types: false` postgres.js neither knows nor looks up
 * array types. Where many are sent, in postings, most travel in binary form: see statement.ts.
 */

/** Values that need no quoting: uuids, numbers, booleans, our own labels. null becomes NULL. */
export function plainArray(values: readonly (string | number | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += values[index] ?? 'NULL';
  }
  return `${text}}`;
}

/** Any text, quoted. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) text += ',';
    text += value === null || value === undefined ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }
  return `${text}}`;
}

/** Reads an array whose elements need no quoting; null (array_agg over no rows) is empty. */
export function readArray(literal: string | null): (string | null)[] {
  if (literal === null || literal === '{}') return [];
  return literal
    .slice(1, -1)
    .split(',')
    .map((value) => (value === 'NULL' ? null : value));
}
