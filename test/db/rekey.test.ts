import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { rekeyCustomers, rekeyTrials } from '../../src/domain/customer/rekey-contacts.ts';
import { rekeyEmails } from '../../src/domain/identity/rekey-emails.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { insertPerson, type Person } from '../identity/people.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

let database: TestDatabase;
let owner: Sql;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  owner = openTestSql(database.url, { max: 2 });
  sql = openTestSql(database.url, { max: 4, role: 'revenda_app' });
});

afterAll(async () => {
  await Promise.all([owner.end(), sql.end()]);
  await database.drop();
});

/** Inserts a trial as the previous version did. */
async function insertTrial({ resellerId, tenantId }: Person, contactKey: string): Promise<void> {
  await owner`INSERT INTO trial (tenant_id, contact_key, customer_id, reseller_id, started_at)
    VALUES (${tenantId}, ${contactKey}, ${uuidv7()}, ${resellerId}, now())`;
}

async function insertCustomer({ resellerId, tenantId }: Person, contact: string, contactKey: string): Promise<void> {
  await owner`INSERT INTO customer (tenant_id, id, reseller_id, name, contact, contact_key, search_key, screens, next_screens, is_trial, expires_at, created_at)
    VALUES (${tenantId}, ${uuidv7()}, ${resellerId}, 'Ána', ${contact}, ${contactKey}, 'ana', 1, 1, false, now(), now())`;
}

const stored = [
  ['+554791234567', '+5547991234567'],
  ['https://wa.me/5511988887777', '+5511988887777'],
  ['x@münchen.test', 'x@xn--mnchen-3ya.test'],
  ['name<a@b.test>', 'a@b.test'],
  ['same@same.test', 'same@same.test'],
] as const;

test('R24: trials under earlier rules are found by their new keys, and by a server of the previous version by the old ones', async () => {
  const person = await insertPerson(owner);
  for (const [old] of stored) await insertTrial(person, old);
  // Two that now are the same contact, and many more than fit in one transaction.
  await insertTrial(person, 'https://wa.me/554791234567');
  await owner`INSERT INTO trial (tenant_id, contact_key, customer_id, reseller_id, started_at)
    SELECT ${person.tenantId}, 'many' || n || '@x.test', gen_random_uuid(), ${person.resellerId}, now() FROM generate_series(1, 1200) AS n`;
  await Promise.all([rekeyTrials({ sql, topology: inject('topology') }), rekeyTrials({ sql, topology: inject('topology') })]);
  await rekeyTrials({ sql, topology: inject('topology') });
  const rows = await owner<{ key: string; version: number; customer: string }[]>`
    SELECT contact_key AS key, contact_key_version AS version, customer_id AS customer FROM trial WHERE tenant_id = ${person.tenantId}`;
  expect(rows.filter(({ version }) => version < 2)).toEqual([]);
  const keys = rows.map(({ key }) => key);
  for (const [old, now] of stored) expect(keys).toEqual(expect.arrayContaining([old, now]));
  expect(keys).toHaveLength(1206 + 4);
  expect(new Set(rows.map(({ customer }) => customer)).size).toBe(1206);
});

test('R24: customers stored under earlier rules get today’s key, and are found by their telephone number', async () => {
  const person = await insertPerson(owner);
  for (const [old] of stored) await insertCustomer(person, old, old);
  await Promise.all([rekeyCustomers({ sql, topology: inject('topology') }), rekeyCustomers({ sql, topology: inject('topology') })]);
  const rows = await owner<{ contact: string; key: string; search: string; version: number }[]>`
    SELECT contact, contact_key AS key, search_key AS search, contact_key_version AS version FROM customer
    WHERE tenant_id = ${person.tenantId} ORDER BY id`;
  expect(rows.map(({ contact, key, version }) => [contact, key, version])).toEqual(stored.map(([old, now]) => [old, now, 2]));
  expect(rows[0]?.search).toBe('ana\n+554791234567\n+5547991234567');
});

test('R44: e-mails get the form that browsers send, unless another user has that form: those stay', async () => {
  const emails = ['x@münchen.test', 'a@dot.test.', 'b@dot.test', 'b@dot.test.', 'josé@plain.test'];
  const people = [];
  for (const email of emails) people.push(await insertPerson(owner, { email }));
  await Promise.all([rekeyEmails({ sql, directory: null }), rekeyEmails({ sql, directory: null })]);
  const rows = await owner<{ email: string }[]>`
    SELECT email FROM app_user WHERE id IN ${owner(people.map(({ userId }) => userId))} ORDER BY id`;
  expect(rows.map(({ email }) => email)).toEqual(['x@xn--mnchen-3ya.test', 'a@dot.test', 'b@dot.test', 'b@dot.test.', 'josé@plain.test']);
});
