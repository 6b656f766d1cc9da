import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BalanceEvent } from '../../src/feed/feed.ts';
import { BadUserInput } from '../../src/kernel/errors.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { JournalWorld, next, range, type TestFeed, type TestPanel, take, versions } from './journal-world.ts';

let database: TestDatabase;
let world: JournalWorld;

beforeAll(async () => {
  database = await createDatabase();
  world = new JournalWorld(database.url);
});

afterAll(async () => {
  await world.close();
  await database.drop();
});

function balance({ feed }: TestFeed, panel: TestPanel, after: number | null = null): AsyncIterableIterator<BalanceEvent> {
  return feed.balance(panel.tenantId, panel.id, after);
}

test('without `after` the current state comes first, then each change as it was published', async () => {
  const running = await world.feed();
  const panel = await world.root();
  await world.changes(panel, 3);
  const events = balance(running, panel);
  expect(await next(events)).toMatchObject({ account: { balance: 3, version: 3, lockedSinceMs: null }, delta: 0, transfer: null });
  const change = await world.change(panel, 5);
  running.sink.publish([change]);
  expect(await next(events)).toBe(change);
  await events.return?.();
});

test('a change read from the journal equals the change that was published', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const published = [await world.change(panel, 4), await world.change(panel, -4), await world.change(panel, 2)];
  const events = balance(running, panel, 0);
  const read = await take(events, 3);
  expect(read).toEqual(published.map(({ account, delta, transfer }) => ({ account, delta, transfer })));
  expect(read[1]?.account.lockedSinceMs).toBe(published[1]?.account.changedAtMs);
  await events.return?.();
});

test('a panel that never had a credit starts with version 0, locked since its creation', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const events = balance(running, panel);
  const { account } = await next(events);
  expect(account).toMatchObject({ balance: 0, version: 0, lockedSinceMs: account.changedAtMs });
  const replay = balance(running, panel, 0);
  const first = replay.next();
  const change = await world.change(panel, 7);
  running.sink.publish([change]);
  expect((await first).value).toMatchObject({ delta: 7, account: { version: 1 } });
  await Promise.all([events.return?.(), replay.return?.()]);
});

test('`after` above the current version is refused at the first event, and so is an account that does not exist', async () => {
  const running = await world.feed();
  const panel = await world.root();
  await world.changes(panel, 2);
  await expect(balance(running, panel, 3).next()).rejects.toThrow(BadUserInput);
  await expect(balance(running, panel, 3).next()).rejects.toMatchObject({ path: 'after' });
  const other = await world.root();
  await expect(balance(running, { ...panel, id: other.id }).next()).rejects.toMatchObject({ path: 'resellerId' });
  const atPresent = balance(running, panel, 2);
  const waiting = atPresent.next();
  await atPresent.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('changes published in any order, repeatedly or not at all arrive once each and in order', async () => {
  const running = await world.feed();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 19 }), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 20, maxLength: 20 }),
      async (order, deltas) => {
        const panel = await world.root();
        const events = balance(running, panel);
        await next(events);
        const changes = [];
        for (const delta of deltas) changes.push(await world.change(panel, delta));
        for (const index of order) running.sink.publish(changes.slice(index, index + 1));
        running.sink.publish(changes.slice(-1));
        expect(versions(await take(events, 20))).toEqual(range(1, 20));
        await events.return?.();
      },
    ),
    { numRuns: 15 },
  );
});

test('a gap is read from the journal once for all subscribers of an account', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const subscribers = Array.from({ length: 50 }, () => balance(running, panel));
  await Promise.all(subscribers.map(next));
  const before = running.counts.caughtUp;
  const changes = await world.changes(panel, 5);
  running.sink.publish(changes.slice(4));
  for (const events of subscribers) expect(versions(await take(events, 5))).toEqual(range(1, 5));
  expect(running.counts.caughtUp - before).toBe(1);
  await Promise.all(subscribers.map((events) => events.return?.()));
});

test('a thousand changes reach subscribers that come, go and resume at random exactly once each and in order', async () => {
  const running = await world.feed({ queueLength: 16, pageLength: 50, gapLength: 20 });
  const panel = await world.root();
  const total = 1_000;
  let random = 12_345;
  const pick = (below: number) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  const follow = async (): Promise<number[]> => {
    const seen: number[] = [];
    while (seen.length < total) {
      const events = balance(running, panel, seen.at(-1) ?? 0);
      const stay = 1 + pick(120);
      for (let count = 0; count < stay && seen.length < total; count += 1) seen.push((await next(events)).account.version);
      await events.return?.();
    }
    return seen;
  };
  const write = async () => {
    for (let count = 0; count < total; count += 1) {
      const change = await world.change(panel, 1);
      // Some are published late and some never: a later change reveals them.
      if (pick(4) > 0 || count === total - 1) running.sink.publish([change]);
    }
  };
  const [, ...followed] = await Promise.all([write(), ...Array.from({ length: 12 }, follow)]);
  for (const seen of followed) expect(seen).toEqual(range(1, total));
});

test('a subscription opened during writes misses no change between its first read and the live changes', async () => {
  const running = await world.feed();
  for (let round = 0; round < 100; round += 1) {
    const panel = await world.root();
    const events = balance(running, panel);
    const begun = next(events);
    await world.change(panel, 1);
    // Of two changes only the second is published, as if another process had written the first.
    running.sink.publish([await world.change(panel, 1)]);
    const { version } = (await begun).account;
    expect(versions(await take(events, 2 - version))).toEqual(range(version + 1, 2));
    await events.return?.();
  }
});

test('a reader that stops reading is held in a bounded queue, delays nobody, and later resumes where it was', async () => {
  const running = await world.feed({ queueLength: 8, pageLength: 10 });
  const panel = await world.root();
  const stalled = balance(running, panel);
  const lively = balance(running, panel);
  await Promise.all([next(stalled), next(lively)]);
  const first = next(stalled);
  for (let count = 0; count < 100; count += 1) {
    const change = await world.change(panel, 1);
    running.sink.publish([change]);
    expect(await next(lively)).toBe(change);
  }
  expect((await first).account.version).toBe(1);
  const before = running.counts.caughtUp;
  expect(versions(await take(stalled, 99))).toEqual(range(2, 100));
  // It reads pages of ten, not a queue of a hundred.
  expect(running.counts.caughtUp - before).toBeGreaterThanOrEqual(9);
  const change = await world.change(panel, 1);
  running.sink.publish([change]);
  expect(await next(stalled)).toBe(change);
  await Promise.all([stalled.return?.(), lively.return?.()]);
});

test('a change that was rolled back never appears', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const events = balance(running, panel, 0);
  const first = next(events);
  const connection = await world.sql.reserve();
  await connection`BEGIN`;
  await world.change(panel, 100, connection);
  running.sink.wake([panel]);
  await until(() => running.counts.caughtUp > 0);
  await connection`ROLLBACK`;
  connection.release();
  running.sink.publish([await world.change(panel, 1)]);
  expect(await first).toMatchObject({ delta: 1, account: { balance: 1, version: 1 } });
  await events.return?.();
});

test('a commit of unknown outcome is found in the journal, even if it lands after the first look', async () => {
  const running = await world.feed({ wakeAgainMs: [200, 2_000, 20_000, 200_000] });
  const panel = await world.root();
  const events = balance(running, panel);
  await next(events);
  const found = next(events);
  running.sink.wake([panel]);
  await until(() => running.counts.caughtUp > 0);
  await world.change(panel, 3);
  expect(await found).toMatchObject({ delta: 3, account: { version: 1 } });
  await events.return?.();
});

test('locks yields exactly the changes that lock or unlock', async () => {
  const running = await world.feed();
  const panel = await world.root();
  for (const delta of [5, -2, -3]) await world.change(panel, delta);
  const replay = running.feed.locks(panel.tenantId, panel.id, 0);
  const live = running.feed.locks(panel.tenantId, panel.id, null);
  const resumed = running.feed.locks(panel.tenantId, panel.id, 1);
  expect(await next(live)).toMatchObject({ transfer: null, account: { version: 3, balance: 0 } });
  expect(versions(await take(replay, 2))).toEqual([1, 3]);
  expect(versions(await take(resumed, 1))).toEqual([3]);
  for (const delta of [1, 4, -1, -4, 9, 1, -10]) running.sink.publish([await world.change(panel, delta)]);
  for (const events of [replay, live, resumed]) {
    const locks = await take(events, 4);
    expect(versions(locks)).toEqual([4, 7, 8, 10]);
    expect(locks.map((event) => event.account.balance === 0)).toEqual([false, true, false, true]);
    await events.return?.();
  }
});

test('return ends a waiting iterator, and nothing more is read for its account', async () => {
  const running = await world.feed();
  const panel = await world.root();
  for (const events of [balance(running, panel), running.feed.locks(panel.tenantId, panel.id, null)]) {
    await next(events);
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  }
  const before = running.counts.caughtUp;
  const changes = await world.changes(panel, 2);
  running.sink.publish(changes.slice(1));
  const witness = balance(running, panel, 1);
  expect((await next(witness)).account.version).toBe(2);
  expect(running.counts.caughtUp - before).toBe(1);
  await witness.return?.();
});

test('stop ends every subscription, and later ones end at once', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const events = balance(running, panel);
  const branch = running.feed.branch(panel.tenantId, panel.path);
  await next(events);
  const waiting = Promise.all([events.next(), branch.next()]);
  await running.stop();
  for (const result of await waiting) expect(result.done).toBe(true);
  expect((await balance(running, panel).next()).done).toBe(true);
});

test('subscribers that start together share the current state, and those equally far behind share pages', async () => {
  const running = await world.feed({ queueLength: 8, pageLength: 10 });
  const panel = await world.root();
  const stalled = Array.from({ length: 30 }, () => balance(running, panel));
  const begun = await Promise.all(stalled.map(next));
  for (const present of begun) expect(present).toBe(begun[0]);
  const lively = balance(running, panel);
  await next(lively);
  for (let count = 0; count < 100; count += 1) {
    running.sink.publish([await world.change(panel, 1)]);
    await next(lively);
  }
  const before = running.counts.caughtUp;
  const read = await Promise.all(stalled.map((events) => take(events, 100)));
  for (const events of read) {
    expect(versions(events)).toEqual(range(1, 100));
    for (const [index, event] of events.entries()) expect(event).toBe(read[0]?.[index]);
  }
  // Ten pages of ten, however many subscribers read them.
  expect(running.counts.caughtUp - before).toBeLessThanOrEqual(10);
  await Promise.all([lively, ...stalled].map((events) => events.return?.()));
});

test('two subscribers less than a page apart share a page', async () => {
  const running = await world.feed({ queueLength: 4, pageLength: 50 });
  const panel = await world.root();
  await world.changes(panel, 60);
  const [first, second, third] = [balance(running, panel, 3), balance(running, panel, 0), balance(running, panel, 55)];
  const reads = await Promise.all([take(first, 57), take(second, 60), take(third, 5)]);
  expect(reads.map(versions)).toEqual([range(4, 60), range(1, 60), range(56, 60)]);
  await Promise.all([first, second, third].map((events) => events.return?.()));
});
