import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { Overloaded } from '../../src/kernel/errors.ts';
import type { Command, TransferCredits } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { before, until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';
import { type Action, CuttingProxy, MOMENTS, type ProxySession } from './cutting-proxy.ts';
import { openStranger } from './stranger.ts';

const ROUNDS = 3;
const ONE_IN = 12;

let database: TestDatabase;
let world: LedgerWorld;
let proxy: CuttingProxy;
let admin: Sql;
let queue: PostingQueue;
let root: Panel;
let children: Panel[];

beforeEach(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  proxy = await CuttingProxy.open(database.url);
  admin = openStranger(database.url);
  queue = world.openQueue(PATIENT_QUEUE, proxy.url);
  root = await world.root(100_000);
  children = await Promise.all(times(4, () => world.child(root, 10)));
  world.published.length = 0;
});

afterEach(async () => {
  proxy.atMoment = () => 'pass';
  await queue?.close();
  await proxy?.close();
  await admin?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

function to(index: number, key?: string): TransferCredits {
  const child = children[index % children.length];
  if (!child) throw new Error('no child');
  return world.transfer(root, child, 1, key);
}

async function terminate(session: ProxySession): Promise<Action> {
  await admin`SELECT pg_terminate_backend(${session.backendPid})`;
  // By then the end has reached the client.
  await until(() => !proxy.sessions.has(session));
  return 'pass';
}

/** Retries like a caller that is told to. */
async function settle(ledger: PostingQueue, command: TransferCredits): Promise<Outcome> {
  for (;;) {
    const outcome = await ledger.post({ ...command, transferId: crypto.randomUUID() }).catch(orOverloaded);
    if (outcome) return outcome;
  }
}

function orOverloaded(error: unknown): null {
  if (error instanceof Overloaded) return null;
  throw error;
}

/** Checks that every command is in the journal once, by its key, and nothing else is. */
async function expectOnce(commands: readonly Command[], others: number): Promise<void> {
  const keys = await world.sql<{ key: string }[]>`
    SELECT key FROM command_key k JOIN transfer t ON t.tenant_id = k.tenant_id AND t.id = k.transfer_id WHERE k.scope_id = ${root.id} AND t.kind = 'TRANSFER'`;
  expect(new Set(keys.map(({ key }) => key))).toEqual(new Set(commands.map(({ key }) => key)));
  expect(await world.sql`SELECT FROM transfer`).toHaveLength(new Set(commands.map(({ key }) => key)).size + others);
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

/** The issue and the grants of `beforeEach`. */
const FOUNDING = 5;

for (const moment of MOMENTS) {
  for (const [how, action] of [
    ['a connection cut', (): Action => 'cut'],
    ['a backend terminated', terminate],
  ] as const) {
    test(`${how} at "${moment}" loses nothing, doubles nothing and is not noticed by a caller`, async () => {
      const commands: Command[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const broken = proxy.once(moment, action);
        const key = world.key();
        const singles = [...times(4, to), to(0, key), to(0, key)];
        const atomic = times(3, to);
        commands.push(...singles, ...atomic);
        const [outcomes, all] = await Promise.all([Promise.all(singles.map((command) => queue.post(command))), queue.postAtomic(atomic)]);
        await broken;
        expect(tally(outcomes)).toEqual({ POSTED: 5, REPLAYED: 1 });
        expect(tally(all)).toEqual({ POSTED: 3 });
        // The same for a command that is alone in its batch.
        const again = proxy.once(moment, action);
        const lone = to(round);
        commands.push(lone);
        expect(tally([await queue.post(lone)])).toEqual({ POSTED: 1 });
        await again;
      }
      await expectOnce(commands, FOUNDING);
      expect(world.retries.length).toBeGreaterThanOrEqual(2 * ROUNDS);
      // A change that was not published was announced for a re-check.
      const published = new Set(world.published.map(({ account }) => `${account.id} ${account.version}`));
      expect(published.size).toBe(world.published.length);
      const entries = await world.sql<
        { account_id: string; version: number }[]
      >`SELECT account_id, version FROM entry WHERE kind = 'TRANSFER'`;
      for (const { account_id: id, version } of entries) expect(published.has(`${id} ${version}`) || world.woken.includes(id)).toBe(true);
    });
  }
}

test('while connections of two queues are cut at random every caller is answered, and each transfer exists once', async () => {
  const second = world.openQueue(PATIENT_QUEUE, proxy.url);
  let cuts = 0;
  proxy.atMoment = () => {
    if (randomInt(ONE_IN) > 0) return 'pass';
    cuts += 1;
    return 'cut';
  };
  try {
    const commands: TransferCredits[] = [];
    const caller = async (ledger: PostingQueue) => {
      while (cuts < 60) {
        const command = to(randomInt(100));
        commands.push(command);
        expect(await settle(ledger, command)).toMatchObject({ status: expect.stringMatching(/posted|replayed/) });
      }
    };
    await Promise.all([...times(8, () => caller(queue)), ...times(8, () => caller(second))]);
    await expectOnce(commands, FOUNDING);
  } finally {
    proxy.atMoment = () => 'pass';
    await second.close();
  }
});

test('while Postgres is frozen callers are answered at their deadline; afterwards their keys settle the outcome', async () => {
  const deadlineMs = 1_000;
  const stopping = world.openQueue({ ...PATIENT_QUEUE, deadlineMs }, proxy.url);
  let stopped = 0;
  try {
    for (const moment of ['lock sent', 'write sent', 'commit sent'] as const) {
      const still = proxy
        .once(moment, (session): Action => {
          stopped = session.backendPid;
          process.kill(stopped, 'SIGSTOP');
          return 'pass';
        })
        .then(() => 'still' as const);
      let commands: TransferCredits[];
      let answers: Promise<unknown>;
      let inTime: Promise<boolean>;
      // On a slow machine the deadline of all commands may pass before the moment: they are given up, and others follow.
      do {
        commands = times(20, to);
        answers = Promise.all(commands.map((command) => stopping.post(command).catch(orOverloaded)));
        inTime = before(deadlineMs + 1_500, answers);
      } while ((await Promise.race([still, answers])) !== 'still' && stopped === 0);
      await still;
      expect(await answers).toEqual(commands.map(() => null));
      expect(await inTime).toBe(true);
      process.kill(stopped, 'SIGCONT');
      stopped = 0;
      const outcomes = await Promise.all(commands.map((command) => settle(stopping, command)));
      const { POSTED = 0, REPLAYED = 0 } = tally(outcomes);
      expect(POSTED + REPLAYED).toBe(commands.length);
    }
    await until(() => stopping.depth === 0);
    expect(await world.health()).toMatchObject({ ok: true, entries: 2 * (4 + 60) + 1 });
  } finally {
    if (stopped !== 0) process.kill(stopped, 'SIGCONT');
    await stopping.close();
  }
});
