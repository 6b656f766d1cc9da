import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type ModelledDatabase, readPrismaModel } from '../support/worlds/prisma-model.ts';

/**
 * Tables that Prisma does not read: its own, and those of customers' secrets, the access feed, services' reports,
 * sign-in limits, the outbox, webhook changes, imports, plans, renewal links, reminders and password links.
 */
const UNMODELLED = [
  '_prisma_migrations',
  'access_event',
  'access_posted',
  'access_waiting',
  'customer_access',
  'import',
  'import_chunk',
  'import_problem',
  'import_row',
  'imported',
  'outbox_lane',
  'outbox_message',
  'password_reset',
  'plan',
  'reminder_message',
  'reminder_rule',
  'renewal_link',
  'reseller_change',
  'service_begin',
  'service_state',
  'sign_in_failure',
  'webhook_account',
  'webhook_delivery',
  'webhook_endpoint',
  'webhook_position',
];
/** Their references are not foreign keys, because the checks would cost as much as posting itself. */
const WITHOUT_FOREIGN_KEYS = ['transfer', 'entry'];

let database: TestDatabase;
let sql: Sql;
let model: ModelledDatabase;

beforeAll(async () => {
  database = await createDatabase();
  sql = openTestSql(database.url);
  model = await readPrismaModel(new URL('../../prisma/schema.prisma', import.meta.url));
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

test('schema.prisma has every table of the migrated database, and no other', async () => {
  const tables = await sql`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  expect([...model.tables.keys(), ...UNMODELLED].sort()).toEqual(tables.map(({ name }) => name).sort());
});

test('schema.prisma has every column with its type and nullability', async () => {
  const columns = await sql`
    SELECT attrelid::regclass::text AS table, attname || ': ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END AS text
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped`;
  for (const [name, table] of model.tables) {
    const actual = columns.filter((column) => column.table === name).map(({ text }) => text);
    expect({ name, columns: table.columns }).toEqual({ name, columns: actual.sort() });
  }
});

test('schema.prisma has every primary and unique key', async () => {
  const keys = await sql`
    SELECT indrelid::regclass::text AS table, indisprimary AS primary, (
      SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE indisunique AND indpred IS NULL AND relnamespace = 'public'::regnamespace`;
  for (const [name, table] of model.tables) {
    const own = keys.filter((key) => key.table === name);
    expect({ name, key: table.primaryKey.join(', ') }).toEqual({ name, key: own.find(({ primary }) => primary)?.columns });
    const uniques = own.filter(({ primary }) => !primary).map(({ columns }) => columns);
    expect({ name, uniques: table.uniques }).toEqual({ name, uniques: uniques.sort() });
  }
});

test('every reference of schema.prisma is a foreign key, except in the journal, which has none', async () => {
  const keys = await sql`
    SELECT conrelid::regclass::text AS table, (
      SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute ON attrelid = conrelid AND attnum = number) || ' -> ' || confrelid::regclass::text || ' (' || (
      SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute ON attrelid = confrelid AND attnum = number) || ')' AS text
    FROM pg_constraint WHERE contype = 'f'`;
  for (const [name, table] of model.tables) {
    const actual = keys.filter((key) => key.table === name).map(({ text }) => text);
    if (WITHOUT_FOREIGN_KEYS.includes(name)) expect({ name, actual }).toEqual({ name, actual: [] });
    else expect({ name, actual }).toEqual({ name, actual: expect.arrayContaining([...table.references]) });
  }
});

test('schema.prisma has every enum with its values in order', async () => {
  const rows =
    await sql`SELECT enumtypid::regtype::text AS name, array_to_string(array_agg(enumlabel ORDER BY enumsortorder), ',') AS labels FROM pg_enum GROUP BY 1`;
  expect([...model.enums].map(([name, values]) => ({ name, labels: values.join(',') })).sort(byName)).toEqual([...rows].sort(byName));
});

function byName(left: { name?: string }, right: { name?: string }): number {
  return (left.name ?? '').localeCompare(right.name ?? '');
}
