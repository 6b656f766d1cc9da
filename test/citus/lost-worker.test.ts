import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { Overloaded } from '../../src/kernel/errors.ts';
import type { TransferCredits } from '../../src/ledger/command.ts';
import { until } from '../support/until.ts';
import { killNode, moveTenant, placeOf } from '../support/worlds/cluster-nodes.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';

const TENANTS_A_WORKER = 3;
const CALLERS_A_TENANT = 3;
/** Answers that a tenant must have got before the next step. */
const ANSWERS = 15;
const CREDITS = 1_000_000;

/** One tenant under load: its panels, the answers, and the commands without an answer. */
interface Busy {
  readonly root: Panel;
  readonly child: Panel;
  readonly port: number;
  readonly errors: unknown[];
  readonly open: TransferCredits[];
  sent: number;
  posted: number;
}

describe.skipIf(inject('topology') !== 'citus')('a cluster under load', () => {
  let database: TestDatabase;
  let world: LedgerWorld;
  let admin: Sql;
  let restart: () => Promise<void> = async () => {};

  beforeAll(async () => {
    database = await createDatabase();
    world = await LedgerWorld.open(database.url);
    admin = openSql(database.url, { name: 'test admin', max: 2, role: null, parameters: { statement_timeout: '0', lock_timeout: '0' } });
  });
  afterAll(async () => {
    await restart();
    await admin?.end();
    await world?.close();
    await database?.drop();
  });

  async function busy(): Promise<Busy> {
    const root = await world.root(CREDITS);
    const child = await world.child(root, 10);
    const { port } = await placeOf(admin, root.tenantId);
    return { root, child, port, errors: [], open: [], sent: 0, posted: 0 };
  }

  /** Posts a command, and returns whether it was answered. */
  async function post(of: Busy, command: TransferCredits): Promise<boolean> {
    try {
      const outcome = await world.queue.post(command);
      if (outcome.status === 'refused') throw outcome.refusal;
      of.posted += 1;
      return true;
    } catch (error) {
      of.errors.push(error);
      of.open.push(command);
      await setImmediate();
      return false;
    }
  }

  /** Posts a new command after each answer until the end; after an error it waits until the node is back. */
  async function call(of: Busy, isOver: () => boolean, back: Promise<void> = Promise.resolve()): Promise<void> {
    while (!isOver()) {
      of.sent += 1;
      if (!(await post(of, world.transfer(of.root, of.child, 1)))) await back;
    }
  }

  /** Like a client without an answer: repeats the same command with the same key until there is one. */
  async function settle(of: Busy): Promise<void> {
    while (of.open.length > 0) {
      const open = of.open.splice(0);
      await Promise.all(open.map((command) => post(of, command)));
    }
  }

  async function expectEverythingOnce(tenants: readonly Busy[]): Promise<void> {
    for (const { child, posted, root, sent } of tenants) {
      expect(posted).toBe(sent);
      expect(await world.account(child)).toMatchObject({ balance: 10 + sent, version: 1 + sent });
      expect(await world.account(root)).toMatchObject({ balance: CREDITS - 10 - sent });
    }
    expect(await world.health()).toMatchObject({ ok: true, problems: [] });
  }

  async function answered(tenants: readonly Busy[]): Promise<void> {
    const before = tenants.map(({ posted }) => posted);
    await until(() => tenants.every(({ posted }, index) => posted >= (before[index] ?? 0) + ANSWERS));
  }

  test('while shards move and their tenants post, everything is posted once and the books are sound', async () => {
    const tenants = await Promise.all(times(3, busy));
    let isOver = false;
    const calls = tenants.flatMap((of) => times(CALLERS_A_TENANT, () => call(of, () => isOver)));
    const moves = async () => {
      await answered(tenants);
      const shards = new Map<number, string>();
      for (const { root } of tenants) shards.set((await placeOf(admin, root.tenantId)).shardId, root.tenantId);
      for (const tenantId of shards.values()) await moveTenant(admin, tenantId);
      await answered(tenants);
      isOver = true;
    };
    await Promise.all([moves(), ...calls]);
    await Promise.all(tenants.map(settle));
    for (const { port, root } of tenants) expect((await placeOf(admin, root.tenantId)).port).not.toBe(port);
    await expectEverythingOnce(tenants);
  });

  /** TEST_CITUS_KILL and TEST_CITUS_START say how to lose a worker; without them no test stops a machine. */
  test.skipIf(inject('nodeCommands') === null)(
    'after a worker is killed under load, other tenants notice nothing, and its own are OVERLOADED and settle by keys',
    async () => {
      const commands = inject('nodeCommands');
      if (commands === null) throw new Error('no way to kill a worker');
      const byPort = new Map<number, Busy[]>();
      const isFull = () => byPort.size > 1 && [...byPort.values()].every((all) => all.length >= TENANTS_A_WORKER);
      while (!isFull()) {
        const one = await busy();
        byPort.set(one.port, [...(byPort.get(one.port) ?? []), one].slice(-TENANTS_A_WORKER));
      }
      const [[lostPort, lost] = [0, []], [, kept] = [0, []]] = [...byPort];
      const tenants = [...lost, ...kept];
      let isOver = false;
      const back = Promise.withResolvers<void>();
      const calls = tenants.flatMap((of) => times(CALLERS_A_TENANT, () => call(of, () => isOver, back.promise)));
      const losing = async () => {
        await answered(tenants);
        restart = await killNode(commands, lostPort, database.url);
        await until(() => lost.every(({ errors }) => errors.length > 0));
        await answered(kept);
        await restart();
        back.resolve();
        await answered(tenants);
        isOver = true;
      };
      await Promise.all([losing(), ...calls]);
      expect(kept.map(({ errors }) => errors)).toEqual(kept.map(() => []));
      for (const error of lost.flatMap(({ errors }) => errors)) {
        expect(error).toBeInstanceOf(Overloaded);
        expect(error).toMatchObject({ retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds > 0) });
      }
      await Promise.all(lost.map(settle));
      await expectEverythingOnce(tenants);
    },
  );
});
