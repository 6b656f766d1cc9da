import { spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BEAT, type EncodedMessage, encodeNotification, GOODBYE } from '../../src/feed/hints/message.ts';
import { CHANNEL } from '../../src/feed/hints/notifier.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { JournalWorld, next, range, type TestFeed, take, versions } from './journal-world.ts';

let database: TestDatabase;
let world: JournalWorld;

// Hints are shared through the database, so each test has its own.
beforeEach(async () => {
  database = await createDatabase();
  world = new JournalWorld(database.url);
});

afterEach(async () => {
  await world.close();
  await database.drop();
});

/** A process that sends whatever a test wants. */
function stranger(name = 'stranger') {
  return (number: number, message: EncodedMessage) => world.sql.notify(CHANNEL, encodeNotification(name, number, message));
}

const BEAT_PROGRAM = fileURLToPath(new URL('./beat.child.ts', import.meta.url));
/** Longer than a slow machine delays a heartbeat. */
const SILENCE_MS = 5_000;
const BEAT_EVERY_MS = 20;

/** Waits until the process has sent so many heartbeats that it would have noticed a silent process. */
async function anotherSilence({ counts }: TestFeed): Promise<void> {
  const beats = counts.hintsSent + (1.1 * SILENCE_MS) / BEAT_EVERY_MS;
  await until(() => counts.hintsSent > beats);
}

function rightsOf({ feed }: TestFeed): (RightsHint | null)[] {
  const received: (RightsHint | null)[] = [];
  feed.onRights((hint) => received.push(hint));
  return received;
}

test('changes of one process reach subscribers of another in order, while both write the same account', async () => {
  const [one, two] = [await world.feed(), await world.feed()];
  const panel = await world.root();
  const streams = [one, two].map(({ feed }) => feed.balance(panel.tenantId, panel.id, null));
  await Promise.all(streams.map(next));
  const total = 600;
  const write = async () => {
    for (let count = 0; count < total; count += 1) (count % 3 === 0 ? one : two).sink.publish([await world.change(panel, 1)]);
  };
  const [, ...seen] = await Promise.all([write(), ...streams.map((events) => take(events, total))]);
  for (const events of seen) expect(versions(events)).toEqual(range(1, total));
  await Promise.all(streams.map((events) => events.return?.()));
});

test('a process ignores its own notifications', async () => {
  const running = await world.feed();
  const panel = await world.root();
  const events = running.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  for (const change of await world.changes(panel, 20)) running.sink.publish([change]);
  await take(events, 20);
  const { hintsSent } = running.counts;
  await until(() => running.counts.hintsSent > hintsSent);
  expect(running.counts).toMatchObject({ hintsReceived: 0, caughtUp: 0 });
  await events.return?.();
});

test('nothing is lost when the listening connections are killed while changes are written', async () => {
  const [writer, reader] = [await world.feed(), await world.feed()];
  const panels = [await world.root(), await world.root()];
  const streams = panels.map(({ tenantId, id }) => reader.feed.balance(tenantId, id, null));
  await Promise.all(streams.map(next));
  const total = 300;
  const rights = rightsOf(reader);
  const write = async () => {
    for (let count = 0; count < total; count += 1) {
      for (const panel of panels) writer.sink.publish([await world.change(panel, 1)]);
      if (count % 60 === 30) await world.terminateListeners();
    }
  };
  const [, ...seen] = await Promise.all([write(), ...streams.map((events) => take(events, total))]);
  for (const events of seen) expect(versions(events)).toEqual(range(1, total));
  await until(() => rights.includes(null));
  await Promise.all(streams.map((events) => events.return?.()));
});

test('a change without a notification is found when the listener reconnects', async () => {
  const reader = await world.feed();
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  await world.changes(panel, 3);
  await world.terminateListeners();
  expect(versions(await take(events, 3))).toEqual([1, 2, 3]);
  await events.return?.();
});

test("a gap in another process's numbers makes the others look, and its goodbye does not", async () => {
  const reader = await world.feed({ silenceMs: 600_000 });
  const rights = rightsOf(reader);
  const say = stranger();
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  await say(7, BEAT);
  await say(8, BEAT);
  await world.changes(panel, 2);
  await until(() => reader.counts.hintsReceived === 2);
  expect(rights).toEqual([]);
  await say(10, BEAT);
  expect(versions(await take(events, 2))).toEqual([1, 2]);
  expect(rights).toEqual([null]);
  await say(11, GOODBYE);
  await say(1, BEAT);
  await until(() => reader.counts.hintsReceived === 5);
  expect(rights).toEqual([null]);
  await events.return?.();
});

test('a process that falls silent without a goodbye makes the others look once', async () => {
  const reader = await world.feed({ beatEveryMs: BEAT_EVERY_MS, silenceMs: SILENCE_MS });
  const rights = rightsOf(reader);
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  const found = next(events);
  await stranger()(1, BEAT);
  await world.change(panel, 9);
  expect(await found).toMatchObject({ account: { version: 1, balance: 9 } });
  await anotherSilence(reader);
  expect(rights).toEqual([null]);
  await events.return?.();
});

test('a process that was paused does not take what it has not read yet for the silence of others', async () => {
  const silenceMs = 400;
  const reader = await world.feed({ beatEveryMs: BEAT_EVERY_MS, silenceMs });
  const rights = rightsOf(reader);
  await stranger()(1, BEAT);
  await until(() => reader.counts.hintsReceived === 1);
  // Stops this process, while another one speaks. After it, timers fire before sockets are read.
  await setImmediate();
  const { status } = spawnSync(process.execPath, [BEAT_PROGRAM, database.url, 'stranger', String(silenceMs + 100)]);
  expect(status).toBe(0);
  await until(() => reader.counts.hintsReceived === 3);
  expect(rights).toEqual([]);
});

test('a process that leaves sends its pending hints first, and is not missed', async () => {
  // After its first message it sends nothing before it leaves, and has time to send then.
  const leaving = await world.feed({ notifyAloneEveryMs: 600_000, notifyEveryMs: 600_000, beatEveryMs: 600_000, goodbyeMs: 600_000 });
  await until(() => leaving.counts.hintsSent > 0);
  const reader = await world.feed({ beatEveryMs: BEAT_EVERY_MS, silenceMs: SILENCE_MS });
  const rights = rightsOf(reader);
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  leaving.sink.publish(await world.changes(panel, 4));
  await leaving.stop();
  expect(versions(await take(events, 4))).toEqual(range(1, 4));
  await anotherSilence(reader);
  expect(rights).toEqual([]);
  await events.return?.();
});

test('a changed right is announced at once in its own process, and in every other', async () => {
  const [one, two, three] = [await world.feed(), await world.feed(), await world.feed()];
  const hint: RightsHint = { kind: 'branch', tenantId: 'a-tenant', paths: ['1.2.', '1.3.'] };
  const received = [one, two, three].map(rightsOf);
  const gone: unknown[] = [];
  two.feed.onRights((right) => gone.push(right))();
  one.feed.announce(hint);
  expect(received[0]).toEqual([hint]);
  await until(() => received[1]?.length === 1 && received[2]?.length === 1);
  expect(received).toEqual([[hint], [hint], [hint]]);
  expect(gone).toEqual([]);
});

test('an account changed thousands of times between two notifications is announced once, with its newest version', async () => {
  const notifications = { notifyAloneEveryMs: 200, notifyEveryMs: 200, beatEveryMs: 600_000 };
  const [writer, reader] = [await world.feed(notifications), await world.feed({ beatEveryMs: 600_000 })];
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  const changes = await world.changes(panel, 500);
  const before = reader.counts.hintsReceived;
  for (const change of changes) writer.sink.publish([change]);
  expect(versions(await take(events, 500))).toEqual(range(1, 500));
  expect(reader.counts.hintsReceived - before).toBeLessThan(20);
  await events.return?.();
});

test('more changes than may wait for a notification become one message that hints were lost', async () => {
  const [writer, reader] = [await world.feed({ notifyAccounts: 3, notifyAloneEveryMs: 200, notifyEveryMs: 200 }), await world.feed()];
  const rights = rightsOf(reader);
  const panels = await Promise.all(Array.from({ length: 8 }, () => world.root()));
  const streams = panels.map(({ tenantId, id }) => reader.feed.balance(tenantId, id, null));
  await Promise.all(streams.map(next));
  writer.sink.publish(await Promise.all(panels.map((panel) => world.change(panel, 1))));
  for (const events of streams) expect(versions(await take(events, 1))).toEqual([1]);
  expect(rights).toContain(null);
  await Promise.all(streams.map((events) => events.return?.()));
});
