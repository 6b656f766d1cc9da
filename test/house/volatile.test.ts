/**
 * Checks that no write calls the clock or a sequence: a distributed database refuses that, as each copy might get
 * another value (ADR-0133).
 */

import { expect, test } from 'vitest';
import { TENANT_TABLES } from './sql-tables.ts';
import { sqlTexts } from './sql-texts.ts';

/** Only for a single database: on several machines each change is its own row, which gets its number when it is inserted. */
const ON_ONE_MACHINE = ['src/ledger/statements/write-access.ts: together'];

const VOLATILE = /\b(?:clock_timestamp|timeofday|random|gen_random_uuid|nextval|set_config|pg_advisory\w*)\s*\(|=\s*default\b/i;
const TABLES = [...TENANT_TABLES].join('|');
/** A query in parentheses that only reads. It runs before the write, and may call anything. */
const READS = /\(\s*(?:SELECT|WITH)\b[^()]*(?:\([^()]*\)[^()]*)*\)/i;

/**
 * The changes that a statement makes to tables of tenants, and the queries it inserts from, without the queries that
 * it only reads.
 */
function writesOf(sql: string): readonly string[] {
  let rest = sql;
  for (let shorter = rest.replace(READS, ' read '); shorter !== rest; shorter = rest.replace(READS, ' read ')) rest = shorter;
  const changes = new RegExp(`\\b(?:UPDATE|DELETE FROM) (?:${TABLES})\\b[\\s\\S]*`, 'i').exec(rest)?.[0] ?? '';
  const inserted = new RegExp(`\\bINSERT INTO (?:${TABLES})\\b[\\s\\S]*`, 'i').exec(rest)?.[0] ?? '';
  const isFromQuery = /\)\s*(?:OVERRIDING [A-Z ]+)?SELECT\b/i.test(inserted);
  return [changes, isFromQuery ? inserted : (/\bDO UPDATE\b[\s\S]*/i.exec(inserted)?.[0] ?? '')];
}

const isVolatile = (sql: string) => writesOf(sql).some((write) => VOLATILE.test(write));

test('no write to a table of tenants calls the clock or a sequence', () => {
  const statements = sqlTexts(['src', 'schema']);
  expect(statements.filter(({ sql }) => writesOf(sql).some(Boolean)).length).toBeGreaterThan(100);
  const found = statements.filter(({ sql }) => isVolatile(sql)).map(({ where }) => where);
  expect(found).toEqual(ON_ONE_MACHINE);
});

test.each([
  ['UPDATE account SET changed_at = clock_timestamp() WHERE tenant_id = $1', true],
  ["UPDATE account SET changed_at = date_trunc('milliseconds', statement_timestamp()) WHERE tenant_id = $1", false],
  ['UPDATE account SET changed_at = CASE WHEN $2 THEN (SELECT statement_timestamp()) END WHERE tenant_id = $1', false],
  ['WITH moment AS (SELECT clock_timestamp() AS now) UPDATE account SET changed_at = moment.now FROM moment WHERE tenant_id = $1', false],
  ['UPDATE webhook_delivery SET position = DEFAULT WHERE tenant_id = $1', true],
  ['DELETE FROM account WHERE tenant_id = $1 AND changed_at < clock_timestamp()', true],
  ['INSERT INTO account (tenant_id, changed_at) VALUES ($1, clock_timestamp())', false],
  [
    'INSERT INTO account (tenant_id, changed_at) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET changed_at = clock_timestamp()',
    true,
  ],
  ['INSERT INTO account (tenant_id, changed_at) SELECT $1, clock_timestamp() FROM reseller WHERE tenant_id = $1', true],
  ['SELECT clock_timestamp() FROM account WHERE tenant_id = $1 FOR UPDATE', false],
])('%s', (sql, expected) => {
  expect(isVolatile(sql)).toBe(expected);
});
