import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import {
  activation,
  cancellation,
  chargeBack,
  closing,
  moreScreens,
  order,
  payment,
  reactivation,
  reclaim,
  renewal,
  trial,
} from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { hold, lockAccount, openStranger } from './stranger.ts';

let database: TestDatabase;
let world: LedgerWorld;
let proxy: CuttingProxy;
let queue: PostingQueue;
let stranger: Sql;
let root: Panel;
let child: Panel;

beforeEach(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  proxy = await CuttingProxy.open(database.url);
  stranger = openStranger(database.url);
  queue = world.openQueue(PATIENT_QUEUE, proxy.url);
  root = await world.root(100_000);
  child = await world.child(root, 500);
});

afterEach(async () => {
  proxy.atMoment = () => 'pass';
  await queue?.close();
  await proxy?.close();
  await stranger?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

async function posted<One extends Command>(command: One, ledger: PostingQueue = world.queue): Promise<One> {
  expectPosted(await ledger.post(command));
  return command;
}

async function customer(id: string): Promise<{ periods: number; spent: number; panel: string }> {
  const [row] = await world.sql<{ periods: number; spent: number; panel: string }[]>`
    SELECT extract(epoch FROM expires_at - created_at)::float8 / 2592000 AS periods, credits_spent AS spent, reseller_id AS panel
    FROM customer WHERE id = ${id}`;
  if (!row) throw new Error('no such customer');
  return row;
}

async function expectWhole(): Promise<void> {
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

/** Every command of the business once, each of which can be done only once, with its preconditions. */
async function commandsOf(panel: Panel): Promise<readonly Command[]> {
  const known = await posted(activation(panel, 2, 1));
  const leaving = await posted(activation(panel, 2, 1));
  const started = await posted(trial(panel, `${panel.id} first`));
  const [open, paid] = [await posted(order(panel, 20)), await posted(order(panel, 30))];
  await posted(payment(paid));
  return [
    activation(panel, 1, 2),
    reactivation(panel, started.customerId, 1, 1),
    renewal(panel, known.customerId, 3),
    moreScreens(panel, known.customerId, 1),
    cancellation(panel, leaving.customerId),
    trial(panel, `${panel.id} second`),
    order(panel, 15),
    payment(open),
  ];
}

test('a commit whose answer was lost is found again: each command is done once, and is no replay to its caller', async () => {
  const commands = await commandsOf(child);
  for (const command of commands) {
    const cut = proxy.once('commit answered', () => 'cut');
    const outcome = await queue.post(command);
    await cut;
    expect(outcome, command.kind).toMatchObject({ status: 'replayed', own: true });
  }
  // A repeated call learns that they were done.
  const again = commands.map((command) => ('transferId' in command ? { ...command, transferId: crypto.randomUUID() } : command));
  for (const command of again) {
    const outcome = await queue.post(command.kind === 'startTrial' ? { ...command, customerId: crypto.randomUUID() } : command);
    if (command.kind !== 'buyCredits') expect(outcome, command.kind).toMatchObject({ status: 'replayed', own: false });
  }
  const known = commands.find(({ kind }) => kind === 'renewCustomer');
  if (known?.kind !== 'renewCustomer') throw new Error('no renewal');
  // 2 + 3 periods on one screen, and one more screen over five periods.
  expect(await customer(known.customerId ?? '')).toMatchObject({ periods: 5, spent: 10 });
  expect(await world.account(child)).toMatchObject({ balance: 500 + 30 + 20 - 4 - 2 - 1 - 3 - 5 });
  await expectWhole();
});

for (const moment of ['lock sent', 'write sent', 'commit sent'] as const) {
  test(`a connection cut at "${moment}" loses and doubles nothing of a batch of every command`, async () => {
    const commands = await commandsOf(child);
    const cut = proxy.once(moment, () => 'cut');
    const outcomes = await Promise.all(commands.map((command) => queue.post(command)));
    await cut;
    for (const outcome of outcomes) expect(outcome.status === 'posted' || (outcome.status === 'replayed' && outcome.own)).toBe(true);
    expect(await world.account(child)).toMatchObject({ balance: 500 + 30 + 20 - 4 - 2 - 1 - 3 - 5 });
    await expectWhole();
  });
}

test('a charge-back or a refund whose commit was not answered withdraws and returns once', async () => {
  await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS', reclaim_allowed = true WHERE id = ${root.tenantId}`;
  const leaving = await posted(activation(child, 5, 2));
  const bought = await posted(order(child, 40));
  await posted(payment(bought));
  for (const command of [cancellation(child, leaving.customerId), chargeBack(bought), reclaim(root, child, 7), closing(root, child)]) {
    const cut = proxy.once('commit answered', () => 'cut');
    expect(await queue.post(command), command.kind).toMatchObject({ status: 'replayed' });
    await cut;
  }
  expect(await world.account(child)).toMatchObject({ balance: 0 });
  // Four whole periods of two screens came back, and nothing of the fifth, which had begun.
  expect(await world.account(root)).toMatchObject({ balance: 100_000 - 500 + 7 + (500 - 10 + 8 - 7) });
  await expectWhole();
});

test('a command for a panel that another session has locked waits, and commands for others do not', async () => {
  const [known, other] = [await posted(activation(child, 1, 1)), await posted(activation(root, 1, 1))];
  const lock = await hold(stranger, lockAccount(child));
  const waiting = [renewal(child, known.customerId, 1), trial(child, 'waits'), order(child, 10), closing(root, child)].map((command) =>
    world.queue.post(command),
  );
  await until(() => world.queue.rowsHeldByOthers > 0);
  expect(tally(await Promise.all(times(20, () => world.queue.post(renewal(root, other.customerId, 1)))))).toEqual({ POSTED: 20 });
  await lock.release();
  const outcomes = await Promise.all(waiting);
  expect(outcomes.every(({ status }) => status !== 'replayed')).toBe(true);
  expect(outcomes.at(-1)).toMatchObject({ status: 'posted', transfer: { kind: 'SWEEP' } });
  await expectWhole();
});

test('two payments for one purchase, and one payment for two, from two queues at once, each settle once', async () => {
  const second = world.openQueue();
  try {
    const orders = [];
    for (const _ of times(8, () => null)) orders.push(await posted(order(child, 10)));
    const twice = orders.flatMap((one) => times(5, () => payment(one)));
    const outcomes = await Promise.all(twice.map((command, index) => (index % 2 === 0 ? world.queue : second).post(command)));
    expect(tally(outcomes)).toEqual({ POSTED: 8, REPLAYED: 32 });
    const [one, other] = [await posted(order(child, 10)), await posted(order(child, 10))];
    const stolen = { ...payment(other), reference: payment(one).reference };
    const split = await Promise.all([world.queue.post(payment(one)), second.post(stolen)]);
    expect(tally(split)).toEqual({ POSTED: 1, INVALID_STATE: 1 });
    await expectWhole();
  } finally {
    await second.close();
  }
});

test('a panel closed during renewals of its customers from two queues: every renewal counts once, wherever the customer is', async () => {
  const second = world.openQueue();
  try {
    const panels = await Promise.all(times(6, () => world.child(root, 400)));
    for (const panel of panels) {
      const customers = await Promise.all(times(4, () => posted(activation(panel, 1, 1))));
      const ledgers = [world.queue, second];
      const renew = (by: Panel, index: number) =>
        ledgers[index % 2]?.post(renewal(by, customers[index % customers.length]?.customerId ?? '', 1)) ??
        Promise.reject(new Error('no queue'));
      const storm = times(40, (index) => renew(panel, index));
      const closed = second.post(closing(root, panel));
      const after = times(40, (index) => renew(root, index));
      const outcomes = await Promise.all([...storm, ...after]);
      expectPosted(await closed);
      const renewals = new Map<string, number>();
      for (const [index, outcome] of outcomes.entries()) {
        const id = customers[index % customers.length]?.customerId ?? '';
        if (!isPosted(outcome)) expect(refusalOf(outcome)).toMatch(/^(UNAUTHENTICATED|NOT_FOUND|INVALID_STATE)$/);
        else renewals.set(id, (renewals.get(id) ?? 0) + 1);
      }
      for (const { customerId } of customers) {
        const periods = 1 + (renewals.get(customerId) ?? 0);
        expect(await customer(customerId)).toMatchObject({ periods, spent: periods, panel: root.id });
      }
      expect(await world.account(panel)).toMatchObject({ balance: 0, locked: true });
    }
    expect(world.retries).not.toContain('failed');
    await expectWhole();
  } finally {
    await second.close();
  }
});

/** A command whose own answer was lost was posted for its caller. */
function isPosted(outcome: Outcome): boolean {
  return outcome.status === 'posted' || (outcome.status === 'replayed' && outcome.own);
}

function refusalOf(outcome: Outcome): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status;
}
