// Reads the files that exports write, as a strict program would.
import { expect } from 'vitest';

/** Parses RFC 4180 strictly: CRLF, doubled quotes, and every line of the same length. */
export function parseCsv(text: string): Record<string, string>[] {
  expect(text.startsWith('\u{feff}')).toBe(true);
  expect(text.endsWith('\r\n')).toBe(true);
  const lines: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  field.lastIndex = 1;
  for (let match = field.exec(text); match; match = field.exec(text)) {
    lines.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (field.lastIndex === text.length) break;
    if (match[3] !== ',') lines.push([]);
  }
  expect(field.lastIndex).toBe(text.length);
  const [header = [], ...rows] = lines;
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
  });
}
