/** Checks that every statement of ours names its tenant, so that each tenant may live on its own machine (ADR-0119). */

import { expect, test } from 'vitest';
import { TENANT_TABLES } from './sql-tables.ts';
import { type Naming, namingOf } from './sql-tenants.ts';
import { piecesBelow, sqlTexts } from './sql-texts.ts';
import { NO_TENANT, SEVERAL_TENANTS } from './tenant-exceptions.ts';

const FOLDERS = ['src', 'schema'];
const TEXTS = sqlTexts(FOLDERS);
const STATEMENTS = TEXTS.map(({ sql, where }) => ({ where, naming: namingOf(sql, TENANT_TABLES) }));

/** A function that anybody may add any number of statements to. */
const ANY_NUMBER = ['src/ledger/health.ts: checksOf'];

/** The places of such statements, with a count where there are several. */
function placesOf(naming: Naming): readonly string[] {
  const places = STATEMENTS.filter((statement) => statement.naming === naming).map(({ where }) => where);
  return [...new Set(places)].sort().map((where) => {
    const count = places.filter((place) => place === where).length;
    return count === 1 || ANY_NUMBER.includes(where) ? where : `${where} (${count})`;
  });
}

test('every statement names one tenant by a parameter for each table it uses; each exception has a reason', () => {
  expect(TENANT_TABLES.size).toBeGreaterThan(40);
  expect(placesOf('one').length).toBeGreaterThan(150);
  expect(placesOf('none')).toEqual(Object.keys(NO_TENANT).sort());
});

test('every statement that names several tenants by a list is known, with the reason', () => {
  expect(placesOf('list')).toEqual(Object.keys(SEVERAL_TENANTS).sort());
});

test('every text that names a table belongs to a statement that was read', () => {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const read = plain(TEXTS.map(({ sql }) => sql).join('\n'));
  const table = new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE) (?:${[...TENANT_TABLES].join('|')})\\b`);
  const pieces = piecesBelow(FOLDERS)
    .map(plain)
    .filter((piece) => table.test(piece));
  expect(pieces.length).toBeGreaterThan(250);
  expect(pieces.filter((piece) => !read.includes(piece))).toEqual([]);
});

test.each<[Naming, string]>([
  ['one', 'SELECT FROM account WHERE tenant_id = $1 AND id = $2'],
  ['one', 'SELECT FROM tenant WHERE id = $1'],
  ['one', 'SELECT FROM account a JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id WHERE a.tenant_id = $1'],
  ['one', 'SELECT (SELECT count(*) FROM customer c WHERE c.tenant_id = r.tenant_id) FROM reseller r WHERE (r.tenant_id, r.id) = ($1, $2)'],
  [
    'one',
    'WITH a AS (SELECT tenant_id, id FROM account WHERE tenant_id = $1) UPDATE reseller r SET name = 1 FROM a WHERE r.tenant_id = a.tenant_id',
  ],
  ['one', 'INSERT INTO account (id, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING'],
  ['one', 'INSERT INTO account (tenant_id, id) SELECT tenant_id, id FROM reseller WHERE tenant_id = $1'],
  ['one', 'SELECT "t0"."id" FROM "public"."reseller" AS "t0" WHERE ("t0"."tenant_id" = $1 AND "t0"."id" = $2)'],
  ['one', 'DELETE FROM session s USING app_user u WHERE s.tenant_id = $1 AND u.tenant_id = s.tenant_id'],
  ['one', 'SELECT FROM account WHERE tenant_id = $1 UNION ALL SELECT FROM reseller WHERE tenant_id = $1'],
  ['list', 'SELECT FROM account WHERE tenant_id = ANY ($1::uuid[])'],
  ['list', 'SELECT FROM unnest($1::uuid[], $2::uuid[]) AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id'],
  ['none', 'SELECT FROM account WHERE id = $1'],
  ['none', 'SELECT FROM account WHERE tenant_id = $1 OR id = $2'],
  ['none', 'SELECT FROM account WHERE ($1::uuid IS NULL OR tenant_id = $1)'],
  ['none', 'SELECT FROM account WHERE tenant_id > $1'],
  ['none', 'SELECT tenant_id = $1 FROM account'],
  ['none', 'SELECT FROM account a JOIN reseller r ON r.id = a.id WHERE a.tenant_id = $1'],
  ['none', 'SELECT FROM account a, reseller r WHERE a.tenant_id = $1 AND r.id = a.id'],
  ['none', 'SELECT FROM account a WHERE a.tenant_id = $1 AND EXISTS (SELECT FROM entry e WHERE e.account_id = a.id)'],
  ['none', 'SELECT id FROM account WHERE tenant_id = $1 UNION ALL SELECT id FROM reseller WHERE id = $2'],
  ['none', 'UPDATE account SET tenant_id = $1 WHERE id = $2'],
  ['none', 'INSERT INTO account (tenant_id, id) SELECT tenant_id, id FROM reseller WHERE id = $1'],
  ['no table', 'SELECT extract(epoch FROM clock_timestamp())'],
])('%s: %s', (naming, sql) => {
  expect(namingOf(sql, TENANT_TABLES)).toBe(naming);
});
