import { afterAll, beforeAll, expect, test } from 'vitest';
import { isConnectionLoss } from '../../src/db/retry.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { endSession } from '../fault/stranger.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

/** Tests the driver when its server process dies; the published version ends or blocks our process in several of these. */
let database: TestDatabase;
let admin: Sql;

beforeAll(async () => {
  database = await createDatabase();
  admin = openTestSql(database.url);
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

function open(max: number): Sql {
  return openSql(database.url, { name: 'test', max, role: 'revenda_app', parameters: { statement_timeout: '0' } });
}

/** Ends the server process of a connection, and waits until it has gone. */
async function kill(pid: unknown): Promise<void> {
  await admin`SELECT pg_terminate_backend(${Number(pid)}, 10000)`;
}

/** Returns the error with which the work was rejected. */
async function failure(work: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(work).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

test('a transaction whose server process dies in a statement rejects as a lost connection, and the client goes on', async () => {
  const sql = open(1);
  const failed = failure(
    sql.begin(async (tx) => {
      const [row] = await tx`SELECT pg_backend_pid() AS pid`;
      const sleeping = tx`SELECT pg_sleep(60)`;
      await Promise.all([sleeping, kill(row?.pid)]);
    }),
  );
  expect(isConnectionLoss(await failed)).toBe(true);
  expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await sql.end();
});

test('a transaction whose server process dies between two statements never continues in another session', async () => {
  const sql = open(1);
  let other: unknown;
  const failed = failure(
    sql.begin(async (tx) => {
      const [row] = await tx`SELECT pg_backend_pid() AS pid`;
      await kill(row?.pid);
      // Another query connects the client again.
      other = (await sql`SELECT pg_backend_pid() AS pid`)[0]?.pid;
      await tx`INSERT INTO sign_in_failure (key, points) VALUES ('of a dead transaction', 1)`;
    }),
  );
  expect(isConnectionLoss(await failed)).toBe(true);
  await until(() => typeof other === 'number');
  expect(await sql`SELECT FROM sign_in_failure WHERE key = 'of a dead transaction'`).toHaveLength(0);
  await sql.end();
});

test('the query after a reconnect does not inherit the error that ended the session before', async () => {
  const sql = open(1);
  for (let round = 0; round < 20; round++) {
    const [row] = await sql`SELECT pg_backend_pid() AS pid`;
    const sleeping = failure(sql`SELECT pg_sleep(60)`);
    await kill(row?.pid);
    expect(isConnectionLoss(await sleeping)).toBe(true);
    expect(await sql`SELECT ${round}::int AS round`).toEqual([{ round }]);
  }
  await sql.end();
});

test('a client whose server process dies while statements are being sent reconnects, whenever it happens', async () => {
  const sql = open(1);
  for (let round = 0; round < 60; round++) {
    const [row] = await sql`SELECT pg_backend_pid() AS pid`;
    const killing = endSession(admin, Number(row?.pid));
    const errors: unknown[] = [];
    // Repeats until another session answers: the client may learn of the end later than the test.
    for (let answering = row?.pid; answering === row?.pid; ) {
      const sent = [sql.unsafe('BEGIN').execute(), sql`SELECT pg_backend_pid() AS pid`.execute(), sql.unsafe('ROLLBACK').execute()];
      const results = await Promise.allSettled(sent);
      for (const result of results) if (result.status === 'rejected') errors.push(result.reason);
      if (results[1]?.status === 'fulfilled') answering = results[1].value[0]?.pid;
    }
    await killing;
    expect(errors.filter((error) => !isConnectionLoss(error))).toEqual([]);
  }
  expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await sql.end();
});

test('a reserved connection whose server process died refuses further use, and the client serves others', async () => {
  const sql = open(2);
  await sql`SELECT 1`;
  const reserved = await sql.reserve();
  const [row] = await reserved`SELECT pg_backend_pid() AS pid`;
  await kill(row?.pid);
  expect(isConnectionLoss(await failure(reserved`SELECT 1`))).toBe(true);
  reserved.release();
  expect(await Promise.all([sql`SELECT 1 AS one`, sql`SELECT 2 AS two`])).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  await sql.end();
});

test('no server to connect to is a lost connection, not a hang', async () => {
  const gone = new URL(database.url);
  gone.port = '1';
  const sql = openTestSql(gone.href);
  expect(isConnectionLoss(await failure(sql`SELECT 1`))).toBe(true);
  await sql.end();
});
