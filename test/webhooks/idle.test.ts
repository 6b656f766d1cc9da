import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { followChanges } from '../../src/domain/endpoint/follow-changes.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { type CountingProxy, startCountingProxy } from '../support/processes/counting-proxy.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const ROUNDS = 5;
/** After this many transactions the position moves, although nothing was found. */
const TRANSACTIONS = 1_000;

/** A distributed database queues changes and has no positions (ADR-0136). */
const testOfPositions = test.skipIf(inject('topology') === 'citus');

let database: TestDatabase;
let proxy: CountingProxy;
let admin: Sql;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await startCountingProxy(database.url);
  admin = openTestSql(database.url);
  sql = openTestSql(proxy.url, { role: 'revenda_app' });
});

afterAll(async () => {
  await sql?.end();
  await admin?.end();
  await proxy?.close();
  await database?.drop();
});

const follow = () => followChanges({ sql, topology: 'single' }, (_, { id }) => id);

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = proxy.statements();
  await work();
  return proxy.statements() - before;
}

/** The fewest statements of some rounds: transactions of other databases move the position as well. */
async function leastOf(rounds: number): Promise<number> {
  const counts: number[] = [];
  for (let round = 0; round < rounds; round += 1) counts.push(await statementsOf(follow));
  return Math.min(...counts);
}

async function positions(): Promise<readonly number[]> {
  const rows = await admin<{ xact: number }[]>`SELECT xact FROM webhook_position ORDER BY source`;
  return rows.map(({ xact }) => xact);
}

testOfPositions('a round of the webhooks without changes is one statement, and a change costs the next round a transaction', async () => {
  await follow();
  expect(await leastOf(ROUNDS)).toBe(1);

  const id = uuidv7();
  await admin`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'T', now())`;
  await admin`
    INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at) VALUES (${id}, ${id}, NULL, '1.', 0, 'Panel', now())`;
  // A transaction of another database that is still open delays the change.
  await until(async () => (await statementsOf(follow)) > 1);
  expect(await leastOf(ROUNDS)).toBe(1);
});

testOfPositions('positions move on with transactions that changed nothing for webhooks', async () => {
  await follow();
  const before = await positions();
  await Promise.all(Array.from({ length: TRANSACTIONS }, () => admin`SELECT pg_current_xact_id()`));
  await until(async () => {
    await follow();
    const after = await positions();
    return after.length === 2 && after.every((xact, place) => xact > (before[place] ?? Number.POSITIVE_INFINITY));
  });
});
