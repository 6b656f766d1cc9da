import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binaryArray, parametersOf } from '../../src/db/arrays/binary.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  sql = openTestSql(database.url);
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

type BinaryType = Parameters<typeof binaryArray>[0];

/** The array that Postgres received, next to a text parameter. */
async function received(type: BinaryType, values: readonly (string | number | null)[]): Promise<unknown[]> {
  const asText = type === 'bytea' ? "encode(value, 'hex')" : 'value::text';
  const text = `SELECT ${asText} AS value, $2::integer AS beside FROM unnest($1::${type}[]) WITH ORDINALITY AS given (value, position) ORDER BY position`;
  const statement = { text, parameters: [binaryArray(type, values), '7'] };
  const rows = await sql.unsafe(text, parametersOf(sql, statement), { prepare: true });
  for (const row of rows) expect(row.beside).toBe(7);
  return rows.map(({ value }) => value);
}

const elements: Record<BinaryType, fc.Arbitrary<string | number>> = {
  uuid: fc.uuid(),
  bigint: fc.maxSafeInteger(),
  text: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  bytea: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex')),
};

test.each(['uuid', 'bigint', 'text', 'bytea'] as const)(
  'an array of %s arrives as it was sent, with nulls and repetitions',
  async (type) => {
    const some = fc.array(fc.option(elements[type]), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(some, async (values) => {
        const doubled = values.flatMap((value) => [value, value]);
        expect(await received(type, doubled)).toEqual(doubled.map((value) => (value === null ? null : String(value))));
      }),
    );
  },
);

test('the largest and smallest values of each type arrive exactly', async () => {
  const ends = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), -1, 0];
  expect(await received('bigint', ends)).toEqual(ends.map(String));
  expect(await received('uuid', ['FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'])).toEqual(['ffffffff-ffff-ffff-ffff-ffffffffffff']);
  expect(await received('text', ['"{},\\ NULL', '', 'NULL'])).toEqual(['"{},\\ NULL', '', 'NULL']);
});

test('a value of the wrong type is refused before anything is sent', () => {
  for (const id of ['', '01900000', `${'0'.repeat(36)}0`, '0190000g-0000-7000-8000-000000000000', '0190000é-0000-7000-8000-000000000000']) {
    expect(() => binaryArray('uuid', [id])).toThrow('an id is not a uuid');
  }
  for (const number of [2 ** 53, 0.5, Number.NaN]) expect(() => binaryArray('bigint', [number])).toThrow('not a safe integer');
});

test('a single bytea value is sent as before', async () => {
  const [row] = await sql`SELECT encode(${Buffer.from([0, 255, 92])}::bytea, 'hex') AS value`;
  expect(row?.value).toBe('00ff5c');
});
