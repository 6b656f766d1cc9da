import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../src/ledger/command.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { PostingProcess, type PostingRequest } from './posting-process.ts';

const PROCESSES = 4;
const CROSSING_MS = 3_000;
const CROSSINGS = 1_000;

let database: TestDatabase;
let world: LedgerWorld;
let processes: readonly PostingProcess[] = [];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  processes = await Promise.all(times(PROCESSES, () => PostingProcess.start(database.url)));
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await world?.close();
  await database?.drop();
});

function count(words: readonly (string | null)[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(words, String)].map(([word, all]) => [word, all.length]));
}

/** Posts each command by itself, distributed over the processes in turn. */
async function deal(commands: readonly Command[]): Promise<Record<string, number>> {
  const answers = await Promise.all(
    commands.map((command, index) => processes[index % PROCESSES]?.post('one', [command]) ?? Promise.resolve(null)),
  );
  return count(answers.flatMap((words): readonly (string | null)[] => words ?? [null]));
}

test('of 400 one-credit transfers from four processes racing for 100 credits exactly 100 win', async () => {
  const payer = await world.child(await world.root(1_000), 100);
  const child = await world.child(payer, 10);
  await world.queue.post(world.issue(payer, 10));
  expect(await deal(times(400, () => world.transfer(payer, child, 1)))).toEqual({ POSTED: 100, PANEL_LOCKED: 300 });
  expect(await world.account(payer)).toMatchObject({ balance: 0, locked: true, version: 103 });
});

test('one key sent 100 times from four processes is one entry and 99 replays; with another input it is a conflict', async () => {
  const root = await world.root(1_000);
  const child = await world.child(root, 10);
  const key = world.key();
  expect(await deal(times(100, () => world.transfer(root, child, 7, key)))).toEqual({ POSTED: 1, REPLAYED: 99 });
  expect(await deal([world.transfer(root, child, 8, key)])).toEqual({ IDEMPOTENCY_CONFLICT: 1 });
  expect(await world.account(child)).toMatchObject({ balance: 17, version: 2 });
});

test('one key of the platform sent 40 times from four processes issues credits once', async () => {
  const root = await world.root(0);
  const key = world.key();
  expect(await deal(times(40, () => world.issue(root, 7, key)))).toEqual({ POSTED: 1, REPLAYED: 39 });
  expect(await world.account(root)).toMatchObject({ balance: 7, version: 1 });
});

test('one e-mail address sent from four processes creates one panel', async () => {
  const root = await world.root(1_000);
  const owner = { id: '', email: 'same@owner.test', passwordHash: 'none' };
  const creations = times(20, () => ({ ...world.creation(root, 10), owner: { ...owner, id: crypto.randomUUID() } }));
  expect(await deal(creations)).toEqual({ POSTED: 1, ALREADY_EXISTS: 19 });
  expect(await world.account(root)).toMatchObject({ balance: 990 });
});

test('of two children of 10 credits from a balance of 10, created by two processes, one is created', async () => {
  const creator = await world.child(await world.root(100), 10);
  expect(await deal(times(2, () => world.creation(creator, 10)))).toEqual({ POSTED: 1, PANEL_LOCKED: 1 });
});

/** Commands up and down the same small tree at once, in batches of up to 1000, so that every order of locks meets every other. */
function crossing(root: Panel, panels: readonly Panel[], grandchildren: readonly Panel[]): Omit<PostingRequest, 'id'> {
  const pick = (list: readonly Panel[]) => list[randomInt(list.length)] ?? root;
  const many = (most: number) => times(1 + randomInt(most), () => world.transfer(root, pick(panels), 1));
  switch (randomInt(8)) {
    case 0:
      return { mode: 'one', commands: [world.issue(pick([root, ...panels, ...grandchildren]), 1 + randomInt(500))] };
    case 1:
      return { mode: 'one', commands: [world.creation(pick(panels), 10)] };
    case 2:
      return { mode: 'atomic', commands: many(1_000) };
    case 3:
      return { mode: 'each', commands: many(300) };
    default: {
      const below = randomInt(grandchildren.length);
      const [payer, receiver] = [panels[below % panels.length] ?? root, grandchildren[below] ?? root];
      return { mode: 'one', commands: times(10, () => world.transfer(payer, receiver, 1)) };
    }
  }
}

test('concurrent crossing writes from four processes cause no visible deadlock, and the books stay sound', async () => {
  const root = await world.root(1_000_000);
  const panels = await Promise.all(times(5, () => world.child(root, 5_000)));
  const grandchildren = await Promise.all(times(10, (index) => world.child(panels[index % 5] ?? root, 10)));
  const words: string[] = [];
  const untilMs = performance.now() + CROSSING_MS;
  const posted = () => words.filter((word) => word === 'POSTED').length;
  const caller = async (one: PostingProcess) => {
    while (performance.now() < untilMs || posted() <= CROSSINGS) {
      const { mode, commands } = crossing(root, panels, grandchildren);
      const answer = await one.post(mode, commands);
      if (answer === null) throw new Error('a process ended');
      words.push(...answer);
    }
  };
  await Promise.all(processes.flatMap((one) => times(4, () => caller(one))));
  const { POSTED = 0, ...refusals } = count(words);
  expect(POSTED).toBeGreaterThan(CROSSINGS);
  expect(Object.keys(refusals).filter((code) => !['INSUFFICIENT_CREDITS', 'PANEL_LOCKED', 'BATCH_REFUSED'].includes(code))).toEqual([]);
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
