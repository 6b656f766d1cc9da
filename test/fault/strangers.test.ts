import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { Overloaded } from '../../src/kernel/errors.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { QueueLimits } from '../../src/ledger/posting/limits.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { before, until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';
import { hold, lockAccount, lockIsAwaited, openStranger } from './stranger.ts';

const DEADLINE_MS = 2_000;

let database: TestDatabase;
let world: LedgerWorld;
let stranger: Sql;
let root: Panel;
let held: Panel;
let others: Panel[];
/** Read at every posting: a test shortens the deadline only for the commands that are to be given up. */
let limits: { -readonly [Name in keyof QueueLimits]: QueueLimits[Name] };

beforeEach(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  await world.queue.close();
  limits = { ...PATIENT_QUEUE, maxOpenCommands: 4_000, commandsPerBatch: 64 };
  world.queue = world.openQueue(limits);
  stranger = openStranger(database.url);
  root = await world.root(100_000);
  held = await world.child(root, 1_000);
  const payer = await world.child(root, 10_000);
  others = [payer, ...(await Promise.all(times(4, () => world.child(payer, 100))))];
});

afterEach(async () => {
  await stranger?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

function answered(command: Command): Promise<Outcome | Overloaded> {
  return world.queue.post(command).catch((error: unknown) => {
    if (error instanceof Overloaded) return error;
    throw error;
  });
}

/** The same with the deadline DEADLINE_MS. */
function givenUp(command: Command): Promise<Outcome | Overloaded> {
  limits.deadlineMs = DEADLINE_MS;
  const answer = answered(command);
  limits.deadlineMs = PATIENT_QUEUE.deadlineMs;
  return answer;
}

/**
 * Transfers among panels that nobody has locked, one after another, and returns how many batches meanwhile waited for
 * a lock until its time-out. While the stranger keeps its lock, a transfer that waits for it is never answered.
 */
async function transferAmongOthers(count: number): Promise<number> {
  const [payer, ...children] = others;
  const earlier = lockTimeouts();
  for (let index = 0; index < count; index += 1) {
    const child = children[index % children.length];
    if (!payer || !child) throw new Error('no panels');
    expect(await answered(world.transfer(payer, child, 1))).toMatchObject({ status: 'posted' });
  }
  return lockTimeouts() - earlier;
}

const lockTimeouts = () => world.retries.filter((reason) => reason === 'contended').length;

test('while another session locks an account past every time-out, others transfer on, and its commands fail at their deadline', async () => {
  const earlier = await world.account(held);
  const lock = await hold(stranger, lockAccount(held));
  const command = world.transfer(root, held, 5);
  const askedMs = performance.now();
  const refused = givenUp(command);
  const waitedMs = refused.then(() => performance.now() - askedMs);
  const inTime = before(DEADLINE_MS + 1_000, refused);
  expect(await transferAmongOthers(60)).toBeLessThanOrEqual(2);
  expect(await inTime).toBe(true);
  expect(await waitedMs).toBeGreaterThanOrEqual(DEADLINE_MS);
  expect(await refused).toBeInstanceOf(Overloaded);
  await lock.release();
  expect(await world.account(held)).toEqual(earlier);
  expect(tally([await world.queue.post({ ...command, ...fresh(command) })])).toEqual({ POSTED: 1 });
  expect(await world.account(held)).toMatchObject({ balance: earlier.balance + 5 });
  expect(world.queue).toMatchObject({ depth: 0, rowsHeldByOthers: 0 });
});

/** The caller's retry, which does not know the ids. */
function fresh(command: Command): object {
  return 'transferId' in command ? { transferId: crypto.randomUUID() } : {};
}

test('a single command does not wait for a large batch that another session blocks', async () => {
  // No lock time-out ends the wait of the batch: only the release does.
  await world.queue.close();
  world.queue = world.openQueue({ ...limits, lockTimeoutMs: 0 });
  const lock = await hold(stranger, lockAccount(held));
  const waiting = times(40, () => world.queue.post(world.transfer(root, held, 1)));
  await until(() => lockIsAwaited(stranger));
  expect(world.queue.batchesInFlight).toBe(1);
  expect(await transferAmongOthers(1)).toBe(0);
  await lock.release();
  expect(tally(await Promise.all(waiting))).toEqual({ POSTED: 40 });
  expect(lockTimeouts()).toBe(0);
});

test('a command that was refused while its lock was awaited is not posted when the lock is granted', async () => {
  // The wait is longer than the deadline and has no time-out, so that the very same attempt goes on.
  const queue = world.openQueue({ ...PATIENT_QUEUE, deadlineMs: 1, lockTimeoutMs: 0 });
  try {
    const lock = await hold(stranger, lockAccount(held));
    const command = world.transfer(root, held, 5);
    const refused = queue.post(command).catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(Overloaded);
    await lock.release();
    await queue.close();
    expect(await world.account(held)).toMatchObject({ balance: 1_000, version: 1 });
    expect(tally([await world.queue.post({ ...command, ...fresh(command) })])).toEqual({ POSTED: 1 });
  } finally {
    await queue.close();
  }
});

test('a command that waits for another session is posted when the row is free', async () => {
  const lock = await hold(stranger, lockAccount(held));
  const waiting = times(20, () => answered(world.transfer(root, held, 1)));
  const batch = world.queue.postAtomic([world.transfer(root, held, 2), world.transfer(root, others[0] ?? root, 3)]);
  await until(() => world.queue.rowsHeldByOthers > 0);
  expect(await transferAmongOthers(10)).toBeLessThanOrEqual(1);
  await lock.release();
  for (const outcome of await Promise.all(waiting)) expect(outcome).toMatchObject({ status: 'posted' });
  expect(tally(await batch)).toEqual({ POSTED: 2 });
  expect(await world.account(held)).toMatchObject({ balance: 1_022 });
  await until(() => world.queue.rowsHeldByOthers === 0);
});

test('a flood for an account that another session has locked neither slows others nor makes the queue refuse them', async () => {
  const lock = await hold(stranger, lockAccount(held));
  const flood = times(3_900, () => givenUp(world.transfer(root, held, 1)));
  // On a slow machine all of them may be given up before the row is known to be held.
  await until(() => world.queue.rowsHeldByOthers > 0 || world.queue.depth === 0);
  await transferAmongOthers(40);
  const outcomes = await Promise.all(flood);
  expect(outcomes.filter((outcome) => !(outcome instanceof Overloaded))).toEqual([]);
  await lock.release();
  expect(await world.account(held)).toMatchObject({ balance: 1_000, version: 1 });
  expect(world.queue.depth).toBe(0);
});

test('a lock on the tenant by another session stops the creation of panels, and no other command', async () => {
  const lock = await hold(stranger, (tx) => tx`SELECT FROM tenant WHERE id = ${root.tenantId} FOR UPDATE`);
  const creation = answered(world.creation(root, 10));
  await until(() => world.queue.rowsHeldByOthers > 0);
  expect(await transferAmongOthers(20)).toBeLessThanOrEqual(1);
  await lock.release();
  expect(await creation).toMatchObject({ status: 'posted' });
});

test('a lock on the name of a tenant’s total by another session stops issues there, and nothing else', async () => {
  const name = `issued ${root.tenantId}`;
  const lock = await hold(stranger, (tx) => tx`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
  const issues = times(10, () => answered(world.issue(root, 10)));
  await until(() => world.queue.rowsHeldByOthers > 0);
  expect(await transferAmongOthers(40)).toBeLessThanOrEqual(1);
  const elsewhere = await world.root(50);
  expect(await world.account(elsewhere)).toMatchObject({ balance: 50 });
  await lock.release();
  for (const outcome of await Promise.all(issues)) expect(outcome).toMatchObject({ status: 'posted' });
});

test('another session that blocks the write itself makes it wait, not fail', async () => {
  const lock = await hold(stranger, (tx) => tx`SELECT FROM reseller WHERE tenant_id = ${root.tenantId} AND id = ${root.id} FOR UPDATE`);
  const creation = answered(world.creation(root, 10));
  await until(() => world.retries.includes('contended'));
  await lock.release();
  expect(await creation).toMatchObject({ status: 'posted', to: { balance: 10 } });
});

test('another session that locks in the opposite order and causes a deadlock is invisible to callers (R34)', async () => {
  await stranger.unsafe(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET deadlock_timeout = '1s'`);
  const queue = world.openQueue({ ...PATIENT_QUEUE, lockTimeoutMs: 3_000 });
  try {
    const [low, high] = [root, held].sort((a, b) => (a.id < b.id ? -1 : 1));
    if (!low || !high) throw new Error('no panels');
    // Postgres looks once, a second after our wait began: a deadlock that is made later ends by the lock time-out.
    for (let round = 0; round < 20 && !world.retries.includes('again'); round += 1) {
      let posting: Promise<Outcome> | undefined;
      // Its long deadlock_timeout makes our session the one that finds the deadlock.
      const lock = await hold(stranger, async (tx) => {
        await tx`SET LOCAL deadlock_timeout = '10min'`;
        await lockAccount(high)(tx);
        posting = queue.post(world.transfer(root, held, 1));
        await until(() => lockIsAwaited(stranger));
        await lockAccount(low)(tx);
      });
      await lock.release();
      expect(await posting).toMatchObject({ status: 'posted' });
    }
    expect(world.retries).toContain('again');
  } finally {
    await queue.close();
  }
});
