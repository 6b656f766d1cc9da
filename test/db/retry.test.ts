import { afterAll, beforeAll, expect, test } from 'vitest';
import { isConnectionLoss, isDeadlockOrSerialization, isLockTimeout, isTaken, isUnavailable, retryTransient } from '../../src/db/retry.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  sql = openTestSql(database.url, { max: 4, role: 'revenda_app' });
  await sql`INSERT INTO sign_in_failure (key) VALUES ('a'), ('b')`;
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

const coded = (code: string) => Object.assign(new Error('x'), { code });

test('transactions that deadlock all finish in the end, each once', async () => {
  const admin = openTestSql(database.url, { max: 4, parameters: { deadlock_timeout: '20ms' } });
  let attempts = 0;
  const held = new Set<string>();
  const cross = (first: string, second: string) =>
    retryTransient(
      () =>
        admin.begin(async (tx) => {
          attempts++;
          await tx`UPDATE sign_in_failure SET points = points + 1 WHERE key = ${first}`;
          // The first two need each other's row when both hold one.
          held.add(first);
          await until(() => held.size === 2);
          await tx`UPDATE sign_in_failure SET points = points + 1 WHERE key = ${second}`;
        }),
      { attempts: 20 },
    );
  await Promise.all([cross('a', 'b'), cross('b', 'a'), cross('a', 'b'), cross('b', 'a')]);
  expect(await admin`SELECT points FROM sign_in_failure`).toEqual([{ points: 4 }, { points: 4 }]);
  expect(attempts).toBeGreaterThan(4);
  await admin.end();
});

test('it gives up after the given number of attempts, with the last error', async () => {
  let attempts = 0;
  const lose = () => {
    attempts++;
    return sql`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$`;
  };
  await expect(retryTransient(async () => lose(), { attempts: 3 })).rejects.toMatchObject({ code: '40001' });
  expect(attempts).toBe(3);
});

test('any other error is thrown at once', async () => {
  let attempts = 0;
  const fail = async () => {
    attempts++;
    return sql`SELECT 1 / 0`;
  };
  await expect(retryTransient(fail, { attempts: 3 })).rejects.toMatchObject({ code: '22012' });
  expect(attempts).toBe(1);
});

test('errors of Postgres and of the operating system are told apart', async () => {
  for (const code of ['57P01', '57P03', '08006', 'CONNECTION_CLOSED', 'ECONNREFUSED', 'ECONNRESET'])
    expect(isConnectionLoss(coded(code))).toBe(true);
  for (const error of [coded('40001'), coded('23505'), new Error('57P01'), 'ECONNRESET', null]) expect(isConnectionLoss(error)).toBe(false);
  expect([isDeadlockOrSerialization(coded('40P01')), isDeadlockOrSerialization(coded('55P03'))]).toEqual([true, false]);
  expect([isLockTimeout(coded('55P03')), isLockTimeout(coded('57014'))]).toEqual([true, false]);
});

test('a full, blocked or missing database is distinguished from a bug, even through Prisma', () => {
  const behindPrisma = (originalCode: string) =>
    Object.assign(coded('P2039'), {
      meta: { driverAdapterError: { name: 'DriverAdapterError', cause: { kind: 'postgres', originalCode } } },
    });
  for (const code of ['53100', '53200', '58030', '25006', '57014', '55P03', '40001', '57P03', 'ECONNREFUSED']) {
    expect(isUnavailable(coded(code))).toBe(true);
    expect(isUnavailable(behindPrisma(code))).toBe(true);
  }
  expect(isUnavailable(coded('P1001'))).toBe(true);
  expect(isUnavailable(new Error('Connection terminated due to connection timeout'))).toBe(true);
  for (const error of [coded('23505'), behindPrisma('23505'), coded('P2025'), new Error('no such thing'), '53100', null]) {
    expect(isUnavailable(error)).toBe(false);
  }
});

test('a violated index is recognized by its name, and on a distributed table by the name of a shard', () => {
  const violated = (index: string) => Object.assign(coded('23505'), { constraint_name: index });
  const message = 'duplicate key value violates unique constraint "access_login_102125"';
  expect(isTaken(Object.assign(coded('23505'), { message }), 'access_login')).toBe(true);
  for (const index of ['access_login', 'access_login_102125']) expect(isTaken(violated(index), 'access_login')).toBe(true);
  for (const index of ['access_login_2', 'app_user_email_key', 'customer_access_login']) {
    expect(isTaken(violated(index), 'app_user_email')).toBe(false);
  }
  expect(isTaken(coded('40001'), 'access_login')).toBe(false);
});
