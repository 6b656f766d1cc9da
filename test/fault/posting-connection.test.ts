import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCK_TIMEOUT_MS } from '../../src/db/session-settings.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import type { Command } from '../../src/ledger/command.ts';
import { decideSubmissions } from '../../src/ledger/posting/batch.ts';
import { type Locked, PostingConnection, UnknownOutcome } from '../../src/ledger/posting/connection.ts';
import { planLocks } from '../../src/ledger/statements/lock.ts';
import { readState } from '../../src/ledger/statements/read-state.ts';
import { planWrite } from '../../src/ledger/statements/write-journal.ts';
import { before, PATIENCE_MS, until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel } from '../support/worlds/ledger-world.ts';
import { type Action, CuttingProxy } from './cutting-proxy.ts';
import { openStranger } from './stranger.ts';

/** Long enough for an answer on a slow machine. */
const CLIENT_DEADLINE_MS = 5_000;

let database: TestDatabase;
let world: LedgerWorld;
let proxy: CuttingProxy;
let admin: Sql;
let root: Panel;
let child: Panel;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  proxy = await CuttingProxy.open(database.url);
  admin = openStranger(database.url);
  root = await world.root(1_000);
  child = await world.child(root, 10);
});

afterAll(async () => {
  await proxy?.close();
  await admin?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

async function withConnection<T>(
  work: (connection: PostingConnection) => Promise<T>,
  { url = proxy.url, deadlineMs = PATIENCE_MS } = {},
): Promise<T> {
  const connection = new PostingConnection(url, 'tested posting', LOCK_TIMEOUT_MS, deadlineMs);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function lock(connection: PostingConnection, command: Command): Promise<Locked> {
  return connection.lock(planLocks([command], 'wait'));
}

async function write(connection: PostingConnection, command: Command, locked: Locked): Promise<void> {
  const { accepted } = decideSubmissions(readState([command], locked.answers), [{ commands: [command], atomic: false, state: 'posting' }]);
  const statement = planWrite(accepted, locked.by, Number(locked.answers.lookUp['now']));
  if (!statement) throw new Error('it was refused');
  await connection.write(statement);
}

/** How often the command is in the journal, by its id. */
async function written(command: Command): Promise<number> {
  if (!('transferId' in command)) throw new Error('it writes no transfer');
  return (await world.sql`SELECT FROM transfer WHERE tenant_id = ${command.tenantId} AND id = ${command.transferId}`).length;
}

test('a write that meets another session than its locks is refused there and writes nothing, whenever the session was lost', async () => {
  for (const waitForTheLoss of [true, false]) {
    const command = world.transfer(root, child, 1);
    await withConnection(async (connection) => {
      const locked = await lock(connection, command);
      const [session] = proxy.sessions;
      await admin`SELECT pg_terminate_backend(${locked.by.pid}, 5000)`;
      if (waitForTheLoss) await until(() => session === undefined || !proxy.sessions.has(session));
      await expect(write(connection, command, locked)).rejects.toThrow();
      // The row is free: no transaction of it is left open.
      expect(await lock(connection, command)).toMatchObject({ by: { pid: expect.any(Number) } });
      await connection.end();
    });
    expect(await written(command)).toBe(0);
  }
});

test('a write with the locks of a transaction that ended is refused by the same session, too', async () => {
  const command = world.transfer(root, child, 1);
  await withConnection(async (connection) => {
    const locked = await lock(connection, command);
    await connection.end();
    await expect(write(connection, command, locked)).rejects.toMatchObject({ code: '40001' });
    const later = await lock(connection, command);
    expect(later.by.pid).toBe(locked.by.pid);
    await expect(write(connection, command, locked)).rejects.toMatchObject({ code: '40001' });
  });
  expect(await written(command)).toBe(0);
});

test('a COMMIT that reaches a session without a transaction is not believed', async () => {
  const command = world.transfer(root, child, 1);
  const spare = openSql(proxy.url, { name: 'spare session', max: 1, role: 'revenda_app' });
  await spare`SELECT 1`;
  const [other] = proxy.sessions;
  await withConnection(async (connection) => {
    const locked = await lock(connection, command);
    const swapped = proxy.once('commit sent', async (session): Promise<Action> => {
      await session.answered();
      if (other) session.takeOver(other);
      return 'pass';
    });
    await expect(write(connection, command, locked)).rejects.toThrow(UnknownOutcome);
    await swapped;
  });
  await spare.end({ timeout: 0 });
  expect(await written(command)).toBe(0);
});

test('a commit whose answer is lost is unknown, and exists', async () => {
  const command = world.transfer(root, child, 1);
  await withConnection(async (connection) => {
    const locked = await lock(connection, command);
    const cut = proxy.once('commit answered', () => 'cut');
    await expect(write(connection, command, locked)).rejects.toThrow(UnknownOutcome);
    await cut;
  });
  expect(await written(command)).toBe(1);
});

test('a session that carries nothing is given up at the client’s deadline, and the next one serves', async () => {
  // Each in its own tenant, so that all of them wait at once.
  const moments = ['lock sent', 'write sent', 'commit sent', 'commit answered'] as const;
  await Promise.all(
    moments.map(async (moment) => {
      const payer = await world.root(1_000);
      const receiver = await world.child(payer, 10);
      const command = world.transfer(payer, receiver, 1);
      const own = await CuttingProxy.open(database.url);
      const freezing = async (connection: PostingConnection) => {
        const locked = moment === 'lock sent' ? null : await lock(connection, command);
        const frozen = own.once(moment, () => 'freeze');
        const answer = locked ? write(connection, command, locked) : lock(connection, command);
        // A lock that is given up is rolled back in a new session, which has the same time again.
        const inTime = before(
          (locked ? 1 : 2) * CLIENT_DEADLINE_MS + 2_000,
          answer.catch(() => {}),
        );
        await expect(answer).rejects.toThrow(locked ? UnknownOutcome : 'did not answer');
        expect(await inTime).toBe(true);
        await frozen;
        // A write whose answer comes too late has been made, so the next attempt is another one.
        const again = await until(async () => {
          const next = world.transfer(payer, receiver, 1);
          return lock(connection, next)
            .then((relocked) => write(connection, next, relocked))
            .then(
              () => next,
              () => undefined,
            );
        });
        expect(await written(again)).toBe(1);
      };
      await withConnection(freezing, { url: own.url, deadlineMs: CLIENT_DEADLINE_MS }).finally(() => own.close());
      expect(await written(command), moment).toBe(moment === 'commit answered' ? 1 : 0);
    }),
  );
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
