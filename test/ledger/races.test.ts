import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, tally, times } from '../support/worlds/ledger-world.ts';

let database: TestDatabase;
let world: LedgerWorld;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
});

afterAll(async () => {
  await world?.close();
  await database?.drop();
});

test('of 400 one-credit transfers racing for 100 credits exactly 100 win, and the panel ends locked', async () => {
  const payer = await world.child(await world.root(1000), 120);
  const child = await world.child(payer, 20);
  const outcomes = await Promise.all(times(400, () => world.queue.post(world.transfer(payer, child, 1))));
  expect(tally(outcomes)).toEqual({ POSTED: 100, PANEL_LOCKED: 300 });
  expect(await world.account(payer)).toEqual({ balance: 0, version: 102, locked: true });
  expect(await world.account(child)).toEqual({ balance: 120, version: 101, locked: false });
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});

test('one key sent 100 times is one posting and 99 replays; with another input it is a conflict', async () => {
  const root = await world.root(1000);
  const child = await world.child(root, 10);
  const key = world.key();
  const outcomes = await Promise.all(times(100, () => world.queue.post(world.transfer(root, child, 7, key))));
  expect(tally(outcomes)).toEqual({ POSTED: 1, REPLAYED: 99 });
  expect(tally([await world.queue.post(world.transfer(root, child, 8, key))])).toEqual({ IDEMPOTENCY_CONFLICT: 1 });
  expect(await world.account(child)).toMatchObject({ balance: 17, version: 2 });
});

test('of two children of 10 credits from a balance of 10 one is created, and the creator is locked', async () => {
  const creator = await world.child(await world.root(100), 10);
  const outcomes = await Promise.all(times(2, () => world.queue.post(world.creation(creator, 10))));
  expect(tally(outcomes)).toEqual({ POSTED: 1, PANEL_LOCKED: 1 });
});
