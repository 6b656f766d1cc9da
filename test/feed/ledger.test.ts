import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createFeed, type RunningFeed } from '../../src/feed/create-feed.ts';
import type { BalanceEvent } from '../../src/feed/feed.ts';
import { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, times } from '../support/worlds/ledger-world.ts';
import { next, range, take, versions } from './journal-world.ts';

let database: TestDatabase;
let world: LedgerWorld;
let feeds: RunningFeed[];
let queues: PostingQueue[];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  feeds = times(2, () => createFeed({ url: database.url, topology: inject('topology'), log: pino({ level: 'silent' }) }));
  for (const running of feeds) await running.start();
  const fail = (error: unknown) => {
    throw error;
  };
  const observer = { posted() {}, refused() {}, retried() {} };
  queues = feeds.map(({ sink }) => new PostingQueue(database.url, sink, observer, fail, PATIENT_QUEUE));
});

afterAll(async () => {
  for (const queue of queues) await queue.close();
  for (const running of feeds) await running.stop();
  await world.close();
  await database.drop();
});

/** The parts of a change that the journal records; the rest of an account is as of the read. */
function recorded({ account, delta, transfer }: BalanceEvent) {
  const { id, version, balance, lockedSinceMs, changedAtMs } = account;
  return { id, version, balance, lockedSinceMs, changedAtMs, delta, transfer };
}

test('changes that two processes post at once have gapless versions, live in both and replayed from the journal (R33)', async () => {
  const root = await world.root(1_000);
  const children = await Promise.all(times(3, () => world.child(root, 10)));
  const { version } = await world.account(root);
  const streams = feeds.map(({ feed }) => feed.balance(root.tenantId, root.id, null));
  await Promise.all(streams.map(next));
  const total = 600;
  const posting = Promise.all(times(total, (index) => queues[index % 2]?.post(world.transfer(root, children[index % 3] ?? root, 1))));
  const [, ...live] = await Promise.all([posting, ...streams.map((events) => take(events, total))]);
  for (const events of live) expect(versions(events)).toEqual(range(version + 1, version + total));
  const replay = feeds[0]?.feed.balance(root.tenantId, root.id, version);
  const replayed = replay ? await take(replay, total) : [];
  for (const events of live) expect(events.map(recorded)).toEqual(replayed.map(recorded));
  await Promise.all([...streams, replay].map((events) => events?.return?.()));
});
