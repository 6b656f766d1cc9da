import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BalanceEvent } from '../../src/feed/feed.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { JournalWorld, next, type TestFeed, type TestPanel, take } from './journal-world.ts';

let database: TestDatabase;
let world: JournalWorld;

beforeEach(async () => {
  database = await createDatabase();
  world = new JournalWorld(database.url);
});

afterEach(async () => {
  await world.close();
  await database.drop();
});

/** Resolves when it is subscribed, after an event about the panel itself has arrived. */
async function attached(running: TestFeed, panel: TestPanel): Promise<AsyncIterableIterator<BalanceEvent>> {
  const events = running.feed.branch(panel.tenantId, panel.path);
  const first = events.next();
  running.sink.publish([await world.change(panel, 100)]);
  await first;
  return events;
}

/** The newest version of each panel among the events that arrive until all of `wanted` have. */
async function newestUntil(events: AsyncIterator<BalanceEvent>, wanted: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  const isMissing = () => [...wanted].some(([id, version]) => newest.get(id) !== version);
  while (isMissing()) {
    const { account } = await next(events);
    expect(account.version).toBeGreaterThan(newest.get(account.id) ?? 0);
    newest.set(account.id, account.version);
  }
  return newest;
}

test('a branch yields changes of the panel and all below it, and of no sibling, ancestor or other tenant', async () => {
  const running = await world.feed();
  const root = await world.root();
  const [panel, sibling] = [await world.panel(root.tenantId, root), await world.panel(root.tenantId, root)];
  const child = await world.panel(root.tenantId, panel);
  const grandchild = await world.panel(root.tenantId, child);
  const events = await attached(running, panel);
  const stranger = await world.root();
  const outside = { ...(await world.change(stranger, 1)), path: panel.path };
  running.sink.publish([outside, await world.change(root, 1), await world.change(sibling, 1), await world.change(grandchild, 1)]);
  running.sink.publish([await world.change(child, 1), await world.change(panel, 1)]);
  const ids = (await take(events, 3)).map((event) => event.account.id);
  expect(ids).toEqual([grandchild.id, child.id, panel.id]);
  await events.return?.();
});

test('a burst is merged to the newest state of each panel, and an older state published late is not sent', async () => {
  const running = await world.feed();
  const root = await world.root();
  const [one, two] = [await world.panel(root.tenantId, root), await world.panel(root.tenantId, root)];
  const events = await attached(running, root);
  const changes = await world.changes(one, 50);
  const other = await world.change(two, 1);
  running.sink.publish(changes.slice(20));
  running.sink.publish(changes.slice(0, 20));
  running.sink.publish([other]);
  expect(await take(events, 2)).toEqual([changes[49], other]);
  running.sink.publish(changes.slice(0, 50));
  const last = await world.change(two, 1);
  running.sink.publish([last]);
  expect(await next(events)).toBe(last);
  await events.return?.();
});

test('a reader that stops is held within a bound, and then gets the newest state of every changed panel', async () => {
  const running = await world.feed({ branchPending: 5, branchPageLength: 4 });
  const root = await world.root();
  const panels = await Promise.all(Array.from({ length: 30 }, () => world.panel(root.tenantId, root)));
  const events = await attached(running, root);
  const wanted = new Map<string, number>();
  for (const panel of [...panels, ...panels.slice(10)]) {
    const change = await world.change(panel, 1);
    wanted.set(panel.id, change.account.version);
    running.sink.publish([change]);
  }
  const newest = await newestUntil(events, wanted);
  newest.delete(root.id);
  expect(newest).toEqual(wanted);
  const last = await world.change(root, 1);
  running.sink.publish([last]);
  expect(await next(events)).toBe(last);
  await events.return?.();
});

test('changes of another process reach a branch with path, delta and transfer, and are not read where nobody watches', async () => {
  const [writer, reader] = [await world.feed(), await world.feed()];
  const [root, unwatched] = [await world.root(), await world.root()];
  const child = await world.panel(root.tenantId, root);
  writer.sink.publish(await world.changes(unwatched, 5));
  const events = reader.feed.branch(root.tenantId, root.path);
  const first = events.next();
  await until(() => reader.counts.hintsReceived > 1);
  expect(reader.counts.caughtUp).toBe(0);
  const change = await world.change(child, 12);
  writer.sink.publish([change]);
  const { account, delta, transfer } = change;
  expect((await first).value).toEqual({ account, delta, transfer });
  await events.return?.();
});

test('a branch misses no panel when its process receives nothing for a while, or too much at once', async () => {
  const [writer, reader] = [await world.feed(), await world.feed({ branchWanted: 4, branchPageLength: 3 })];
  const root = await world.root();
  const panels = await Promise.all(Array.from({ length: 20 }, () => world.panel(root.tenantId, root)));
  const events = await attached(reader, root);
  const changeAll = async (tell: boolean) => {
    const wanted = new Map<string, number>();
    for (const panel of panels) {
      const change = await world.change(panel, 1);
      wanted.set(panel.id, change.account.version);
      if (tell) writer.sink.publish([change]);
    }
    return wanted;
  };
  const untold = await changeAll(false);
  await world.terminateListeners();
  await newestUntil(events, untold);
  await newestUntil(events, await changeAll(true));
  await events.return?.();
});
