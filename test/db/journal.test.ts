import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const TENANT = uuidv7();
const ACCOUNT = uuidv7();
/** The times of versions 1, 2, 3 …; versions 2 and 3 have the same time. */
const TIMES = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.500Z', '2026-01-01T00:00:00.500Z', '2026-01-02T00:00:00.000Z'];

let database: TestDatabase;
let owner: Sql;
let app: Sql;
let reader: Sql;

beforeAll(async () => {
  database = await createDatabase();
  owner = openTestSql(database.url);
  app = openTestSql(database.url, { role: 'revenda_app' });
  reader = openTestSql(database.url, { role: 'revenda_read' });
  for (const [index, time] of TIMES.entries()) {
    const transferId = uuidv7();
    await owner`
      INSERT INTO transfer (tenant_id, id, kind, to_id, amount, actor_id, created_at)
      VALUES (${TENANT}, ${transferId}, 'ISSUE', ${ACCOUNT}, 1, ${uuidv7()}, ${time})`;
    await owner`
      INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
      VALUES (${TENANT}, ${ACCOUNT}, ${index + 1}, 'ISSUE', 1, ${index + 1}, ${transferId}, ${time})`;
  }
});

afterAll(async () => {
  await Promise.all([owner.end(), app.end(), reader.end()]);
  await database.drop();
});

const CHANGES = [
  'UPDATE transfer SET memo = NULL',
  'UPDATE entry SET delta = 2',
  'DELETE FROM transfer',
  'DELETE FROM entry',
  'TRUNCATE transfer',
  'TRUNCATE entry',
  'MERGE INTO entry USING transfer ON entry.transfer_id = transfer.id WHEN MATCHED THEN DELETE',
  'INSERT INTO entry SELECT * FROM entry ON CONFLICT (tenant_id, account_id, version) DO UPDATE SET delta = 2',
];

for (const statement of CHANGES) {
  test(`neither the application's role nor the journal's owner may ${statement} (R32)`, async () => {
    await expect(app.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(owner.unsafe(statement)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('append-only') });
  });
}

test("the application's role can neither drop nor disable the triggers, nor become their owner", async () => {
  const statements = [
    'DROP TRIGGER append_only ON entry',
    'ALTER TABLE entry DISABLE TRIGGER ALL',
    'DROP TABLE entry',
    'SET session_replication_role = replica',
    'CREATE TABLE mine (id int)',
  ];
  for (const statement of statements) await expect(app.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
});

test('readers may not write, and may not see a password or a session', async () => {
  const statements = [
    'DELETE FROM session',
    "INSERT INTO tenant VALUES (gen_random_uuid(), 'x', now())",
    'SELECT password_hash FROM app_user',
    'SELECT * FROM session',
    'SELECT * FROM command_key',
    'SELECT totp_secret FROM app_user',
    'SELECT * FROM recovery_code',
    'SELECT token_hash FROM api_key',
  ];
  // The session is also read-only, which any session may switch off: the role's rights are what counts.
  expect(await reader`SHOW default_transaction_read_only`).toEqual([{ default_transaction_read_only: 'on' }]);
  await reader`SET default_transaction_read_only = off`;
  for (const statement of statements) await expect(reader.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  expect(await reader`SELECT email FROM app_user`).toEqual([]);
});

test('version_at is the last version at or before a time, and 0 before the first', async () => {
  const at = async (time: string) => {
    const [row] = await reader`SELECT version_at(${TENANT}, ${ACCOUNT}, ${time}) AS version`;
    return row?.version;
  };
  expect(await at('2025-12-31T23:59:59.999Z')).toBe(0);
  expect(await at('2026-01-01T00:00:00.000Z')).toBe(1);
  expect(await at('2026-01-01T00:00:00.499Z')).toBe(1);
  expect(await at('2026-01-01T00:00:00.500Z')).toBe(3);
  expect(await at('2026-01-01T23:59:59.999Z')).toBe(3);
  expect(await at('2026-01-02T00:00:00.000Z')).toBe(4);
  expect(await at('2036-01-01T00:00:00.000Z')).toBe(4);
});

test('version_at of an account without entries, or of another tenant, is 0', async () => {
  const [row] = await reader`
    SELECT version_at(${TENANT}, ${uuidv7()}, now()) AS other, version_at(${uuidv7()}, ${ACCOUNT}, now()) AS stranger`;
  expect(row).toEqual({ other: 0, stranger: 0 });
});

test('a write in another transaction than the one that took its locks is refused', async () => {
  const [locks] = await app`SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid`;
  const check = (sql: Sql) => sql`SELECT assert_same_transaction(${locks?.pid}::int, ${locks?.xid}::text::xid8)`;
  await expect(check(app)).rejects.toMatchObject({ code: '40001' });
  await app.begin(async (tx) => {
    const [own] = await tx`SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid`;
    const [answer] = await tx`SELECT assert_same_transaction(${own?.pid}::int, ${own?.xid}::text::xid8) AS same`;
    expect(answer?.same).toBe(true);
  });
});

test('the database itself refuses a negative balance, a lock that disagrees with it, and a row of another tenant', async () => {
  const other = uuidv7();
  await app`INSERT INTO tenant VALUES (${TENANT}, 'One', now()), (${other}, 'Two', now())`;
  await app`
    INSERT INTO reseller (tenant_id, id, path, depth, name, created_at) VALUES (${TENANT}, ${ACCOUNT}, '1.', 0, 'Root', now())`;
  const insert = (tenantId: string, balance: number, lockedSince: string | null) => app`
    INSERT INTO account (tenant_id, id, balance, version, locked_since, changed_at)
    VALUES (${tenantId}, ${ACCOUNT}, ${balance}, 0, ${lockedSince}, now())`;
  await expect(insert(TENANT, -1, null)).rejects.toMatchObject({ code: '23514' });
  await expect(insert(TENANT, 0, null)).rejects.toMatchObject({ code: '23514' });
  await expect(insert(TENANT, 1, '2026-01-01')).rejects.toMatchObject({ code: '23514' });
  await expect(insert(other, 1, null)).rejects.toMatchObject({ code: '23503' });
  await insert(TENANT, 1, null);
  await expect(app`UPDATE account SET locked = true`).rejects.toMatchObject({ code: '428C9' });
});
