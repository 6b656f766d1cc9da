/**
 * Writes and reads Postgres array literals: with `fetch_types: false` postgres.js neither knows nor looks up array types.
 * Postings send most arrays in binary form: see binary.ts.
 */

/** An array of values that need no quotes: uuids, numbers, booleans, our own labels. Null becomes NULL. */
export function plainArray(values: readonly (string | number | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += values[index] ?? 'NULL';
  }
  return `${text}}`;
}

/** An array of any texts, with quotes. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) text += ',';
    text += value === null || value === undefined ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }
  return `${text}}`;
}

/** Reads an array whose elements need no quotes. Null (array_agg over no rows) is an empty array. */
export function readArray(literal: string | null): (string | null)[] {
  if (literal === null || literal === '{}') return [];
  return literal
    .slice(1, -1)
    .split(',')
    .map((value) => (value === 'NULL' ? null : value));
}
