import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));
/** Where a change names its field: in an object in TypeScript, or in JSON in a statement. */
const FIELD = /(?:\bfield: '|"field":")(\w+)['"]/g;
/** Fields of refusals, which are not changes. */
const NO_CHANGES = new Set(['unitPriceMinor']);

interface Words {
  readonly settings: { readonly audit: { readonly fields: Readonly<Record<string, string>> } };
}

/** Imported by path, because its types belong to the web application, which is checked separately. */
async function fieldsIn(language: 'en' | 'pt'): Promise<Readonly<Record<string, string>>> {
  const words: Words = await import(fileURLToPath(new URL(`../../web/src/i18n/${language}/settings.ts`, import.meta.url)));
  return words.settings.audit.fields;
}

test('every field that the audit log may name has a label in both languages', async () => {
  const names = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(names.map((name) => readFile(SOURCES + name, 'utf8')));
  const fields = new Set(texts.flatMap((text) => [...text.matchAll(FIELD)].map(([, field]) => field ?? '')));
  const [english, portuguese] = await Promise.all([fieldsIn('en'), fieldsIn('pt')]);
  expect(fields.size).toBeGreaterThan(10);
  for (const field of fields) {
    if (NO_CHANGES.has(field)) continue;
    expect(english, field).toHaveProperty(field);
    expect(portuguese, field).toHaveProperty(field);
  }
});
