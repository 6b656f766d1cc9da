import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { BatchRefused, Overloaded } from '../../src/kernel/errors.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from '../../src/ledger/posting/limits.ts';
import { hold, lockAccount, lockIsAwaited, openStranger } from '../fault/stranger.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';

let database: TestDatabase;
let world: LedgerWorld;
let stranger: Sql;
let root: Panel;
let children: Panel[];

beforeEach(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  stranger = openStranger(database.url);
  root = await world.root(100_000);
  children = await Promise.all(times(3, () => world.child(root, 10)));
});

afterEach(async () => {
  await stranger?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

function openQueue(limits: Partial<QueueLimits>) {
  return world.openQueue({ ...PATIENT_QUEUE, ...limits });
}

function to(index: number) {
  return world.transfer(root, children[index % children.length] ?? root, 1);
}

/** Counts the transactions that wrote transfers: each is one commit. */
async function commits(): Promise<number> {
  const [row] = await world.sql<
    { count: number }[]
  >`SELECT count(DISTINCT xmin::text)::integer AS count FROM transfer WHERE kind = 'TRANSFER'`;
  return row?.count ?? 0;
}

test('commands that wait for running batches share a commit, and an ATOMIC of 1000 is one commit, above the cap of a batch', async () => {
  expect(tally(await world.queue.postAtomic(times(1_000, to)))).toEqual({ POSTED: 1_000 });
  expect(await commits()).toBe(1);
  expect(tally(await Promise.all(times(500, (index) => world.queue.post(to(index)))))).toEqual({ POSTED: 500 });
  expect(await commits()).toBeLessThanOrEqual(8);
});

test('an ATOMIC of 1000 whose last command is refused says so and writes nothing; others of its batch are posted', async () => {
  const before = await world.account(root);
  const many = [...times(999, to), world.transfer(root, root, 1)];
  const [atomic, single] = await Promise.allSettled([world.queue.postAtomic(many), world.queue.post(to(0))]);
  expect(atomic).toMatchObject({ status: 'rejected', reason: expect.any(BatchRefused) });
  expect(atomic).toMatchObject({ reason: { index: 999, cause: { code: 'NOT_DIRECT_CHILD' } } });
  expect(single).toMatchObject({ status: 'fulfilled', value: { status: 'posted' } });
  expect(await world.account(root)).toMatchObject({ balance: before.balance - 1, version: before.version + 1 });
  const [keys] = await world.sql<{ count: number }[]>`SELECT count(*)::integer AS count FROM command_key WHERE scope_id = ${root.id}`;
  expect(keys?.count).toBe(children.length + 1);
});

test('ATOMIC spends what its own transfers leave, and names the first command without enough credits', async () => {
  const [child] = children;
  if (!child) throw new Error('no child');
  expect(await world.queue.postAtomic(times(10, () => world.transfer(root, child, 9_000)))).toHaveLength(10);
  const tooMuch = times(10, () => world.transfer(root, child, 2_000));
  await expect(world.queue.postAtomic(tooMuch)).rejects.toMatchObject({
    index: 4,
    cause: { code: 'INSUFFICIENT_CREDITS', balance: 1_970 },
  });
  expect(await world.account(child)).toMatchObject({ balance: 90_010 });
});

test('BEST_EFFORT answers each command in input order', async () => {
  const commands = [
    to(0),
    world.transfer(root, root, 1),
    to(1),
    world.transfer(root, { id: crypto.randomUUID() }, 1),
    world.transfer(root, children[2] ?? root, 10 ** 9),
  ];
  const codes = (outcomes: readonly Outcome[]) =>
    outcomes.map((outcome) => (outcome.status === 'refused' ? outcome.refusal.code : outcome.status));
  expect(codes(await world.queue.postEach(commands))).toEqual([
    'posted',
    'NOT_DIRECT_CHILD',
    'posted',
    'NOT_FOUND',
    'INSUFFICIENT_CREDITS',
  ]);
  const again = commands.map((command) => ({ ...command, transferId: crypto.randomUUID() }));
  expect(codes(await world.queue.postEach(again))).toEqual([
    'replayed',
    'NOT_DIRECT_CHILD',
    'replayed',
    'NOT_FOUND',
    'INSUFFICIENT_CREDITS',
  ]);
});

test('a full queue refuses at once, says when to retry, and writes nothing of the refused command', async () => {
  const queue = openQueue({ maxOpenCommands: 100 });
  try {
    const accepted = times(100, (index) => queue.post(to(index)));
    const refused = to(0);
    await expect(queue.post(refused)).rejects.toThrow(Overloaded);
    await expect(queue.postAtomic(times(101, to))).rejects.toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(tally(await Promise.all(accepted))).toEqual({ POSTED: 100 });
    expect(queue.depth).toBe(0);
    expect(await world.sql`SELECT FROM command_key WHERE key = ${refused.key} AND scope_id = ${root.id}`).toHaveLength(0);
    expect(tally([await queue.post(refused)])).toEqual({ POSTED: 1 });
  } finally {
    await queue.close();
  }
});

test('a command that would wait longer than the bound at the current rate is refused at once, until the queue is short again', async () => {
  // Another session makes batches slow, as a slow disk would.
  const queue = openQueue({ commandsPerBatch: 10, maxWaitMs: 100, lockTimeoutMs: 0 });
  try {
    const lock = await hold(stranger, lockAccount(root));
    const slow = times(10, (index) => queue.post(to(index)));
    await until(() => lockIsAwaited(stranger));
    await lock.release();
    await Promise.all(slow);
    const answers = await Promise.allSettled(times(5_000, (index) => queue.post(to(index))));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'OVERLOADED' });
    expect(tally([await queue.post(to(0))])).toEqual({ POSTED: 1 });
  } finally {
    await queue.close();
  }
});

test('closing finishes accepted commands and refuses later ones; closing twice is the same as closing once', async () => {
  const queue = openQueue({ commandsPerBatch: 16 });
  const accepted = times(200, (index) => queue.post(to(index)));
  const closing = [queue.close(), queue.close()];
  await expect(queue.post(to(0))).rejects.toThrow(Overloaded);
  await Promise.all(closing);
  expect(tally(await Promise.all(accepted))).toEqual({ POSTED: 200 });
  await queue.close();
  // Only batches of the world's own queue remain. A closed session is listed until its server process has gone.
  await until(async () => {
    const left =
      await stranger`SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'revenda posting%'`;
    return left.length <= DEFAULT_QUEUE_LIMITS.batchesInFlight;
  });
});

test('closing waits for commands blocked by another session, at most until their deadline', async () => {
  const queue = openQueue({ deadlineMs: 1_000 });
  const lock = await hold(stranger, lockAccount(root));
  let isAnswered = false;
  const answer = queue
    .post(to(0))
    .then(
      () => 'posted',
      (error: unknown) => error,
    )
    .finally(() => {
      isAnswered = true;
    });
  // On a slow machine the deadline comes first.
  await until(() => isAnswered || queue.rowsHeldByOthers > 0);
  await queue.close();
  expect(await answer).toBeInstanceOf(Overloaded);
  await lock.release();
});

test('a command that Postgres refuses fails alone, and all others of its batch are posted', async () => {
  const poisons = [
    { ...to(0), memo: 'm'.repeat(501) },
    { ...to(1), amount: 1.5 },
    { ...to(2), toId: 'no uuid' },
    { ...to(0), key: 'with \0 in it' },
    { ...world.creation(root, 10), name: 'n'.repeat(101) },
  ];
  const good = times(60, to);
  const mixed = good.flatMap((command, index) => (index % 12 === 0 ? [command, poisons[index / 12] ?? command] : [command]));
  const answers = await Promise.allSettled(mixed.map((command) => world.queue.post(command)));
  const failed = mixed.filter((_, index) => answers[index]?.status === 'rejected');
  expect(failed).toEqual(poisons);
  expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 'posted')).toHaveLength(60);
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});

test('a submission without commands is answered with no outcomes', async () => {
  expect(await world.queue.postEach([])).toEqual([]);
  expect(await world.queue.postAtomic([])).toEqual([]);
});
