import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { takeHead, takeLanes } from '../../src/outbox/rows.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { CHANNEL, channel, DELIVERED, newKey, OutboxWorld, TENANT } from './outbox-world.ts';

let database: TestDatabase;
let world: OutboxWorld;

beforeEach(async () => {
  database = await createDatabase();
  world = new OutboxWorld(database.url);
});

afterEach(async () => {
  await database.drop();
});

/** Delivers every message into the list. */
function collecting(bodies: string[]) {
  return channel(({ body }) => {
    bodies.push(body);
    return DELIVERED;
  });
}

const message = (lane: string, body: string) => ({ tenantId: TENANT, channel: CHANNEL, target: 'x', lane, body, expiresInMs: null });

test('a message is delivered after its transaction commits, never after a rollback, and leaves nothing', async () => {
  const { outbox } = world.worker();
  const bodies: string[] = [];
  outbox.start({ [CHANNEL]: collecting(bodies) });
  const undone = world.sql.begin(async (tx) => {
    await outbox.write(tx, message('a', 'rolled back'));
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await world.write(outbox, 'a', 'committed');
  await world.settled();
  expect(bodies).toEqual(['committed']);
  expect(await world.rows()).toEqual({ lanes: [], messages: [] });
});

test('a lane keeps the order of commits, whichever transaction began first', async () => {
  const { outbox } = world.worker();
  const early = openTestSql(database.url, { role: 'revenda_app' });
  closedAtEnd(() => early.end());
  await early.begin(async (tx) => {
    await tx`SELECT now()`;
    await world.write(outbox, 'a', 'committed first');
    await outbox.write(tx, message('a', 'began first'));
  });
  const bodies: string[] = [];
  outbox.start({ [CHANNEL]: collecting(bodies) });
  await world.settled();
  expect(bodies).toEqual(['committed first', 'began first']);
});

test('a failing message holds up only its own lane, and is retried until it is delivered', async () => {
  const { outbox, counted } = world.worker();
  const bodies: string[] = [];
  let isUp = false;
  outbox.start({
    [CHANNEL]: channel(
      ({ body }) => {
        if (body.startsWith('a') && !isUp) return { kind: 'failed', why: 'DOWN' };
        bodies.push(body);
        return DELIVERED;
      },
      { retryDelaysMs: Array.from({ length: 1_000 }, () => 5) },
    ),
  });
  for (const body of ['a1', 'b1', 'a2', 'b2']) await world.write(outbox, body.slice(0, 1), body);
  await until(() => bodies.length === 2 && counted.failed > 2);
  expect(bodies).toEqual(['b1', 'b2']);
  isUp = true;
  await world.settled();
  expect(bodies).toEqual(['b1', 'b2', 'a1', 'a2']);
});

test('a message dies after its last attempt: its body is erased, its owner is notified, and the next one is sent', async () => {
  const { outbox, counted } = world.worker();
  const test = channel(({ body }) => (body === 'bad' ? { kind: 'failed', why: 'DOWN' } : DELIVERED), { retryDelaysMs: [1, 1] });
  outbox.start({ [CHANNEL]: test });
  await world.write(outbox, 'a', 'bad');
  await world.write(outbox, 'a', 'good');
  await world.settled();
  expect(test.deaths).toEqual(['bad: DOWN']);
  // A worker counts after the answer to its commit, which others see before.
  await until(() => counted.dead + counted.delivered === 2);
  expect(counted).toEqual({ delivered: 1, failed: 2, dead: 1 });
  expect((await world.rows()).messages).toEqual([{ lane: 'a', body: null, attempts: 3, why: 'DOWN', dead: true }]);
});

test('a message that is undeliverable, too late or unreadable dies at once', async () => {
  const { outbox } = world.worker();
  const test = channel(({ body }) => (body === 'refused' ? { kind: 'dead', why: 'NO SUCH USER' } : DELIVERED));
  await world.write(outbox, 'a', 'refused');
  await world.write(outbox, 'b', 'late', { expiresInMs: 0 });
  await world.write(world.worker({ key: newKey() }).outbox, 'c', 'sealed with another key');
  outbox.start({ [CHANNEL]: test });
  await world.settled();
  expect(test.deaths.sort()).toEqual(['late: EXPIRED', 'null: UNREADABLE', 'refused: NO SUCH USER']);
});

test('a message whose attempts all ended with their process dies, and is not retried for ever', async () => {
  const { outbox } = world.worker();
  await world.write(outbox, 'a', 'deadly');
  for (let crash = 1; crash <= 2; crash += 1) {
    const taking = { channels: [CHANNEL], busyTargets: [], takenBy: uuidv7(), leaseMs: 0, limit: 1 };
    const lane = await until(async () => (await takeLanes(world.sql, taking, inject('topology')))[0]);
    expect((await takeHead(world.sql, lane))?.attempt).toBe(crash);
  }
  const test = channel(() => DELIVERED, { retryDelaysMs: [1] });
  outbox.start({ [CHANNEL]: test });
  await world.settled();
  expect(test.deaths).toEqual(['deadly: CRASHED']);
});

test('workers of several processes deliver everything once, and keep the order of every lane', async () => {
  const workers = Array.from({ length: 3 }, () => world.worker());
  const seen = new Map<string, number[]>();
  const test = channel(async ({ body }) => {
    const [lane = '', number] = body.split(' ');
    seen.set(lane, [...(seen.get(lane) ?? []), Number(number)]);
    return DELIVERED;
  });
  for (const { outbox } of workers) outbox.start({ [CHANNEL]: test });
  const lanes = Array.from({ length: 8 }, (_, index) => `lane${index}`);
  await Promise.all(
    lanes.map(async (lane, index) => {
      for (let number = 1; number <= 6; number += 1) {
        const { outbox } = workers[(index + number) % workers.length] ?? world.worker();
        await world.write(outbox, lane, `${lane} ${number}`);
      }
    }),
  );
  await world.settled();
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(lanes.map((lane) => [lane, [1, 2, 3, 4, 5, 6]])));
  await Promise.all(workers.map(({ outbox }) => outbox.close()));
  expect(workers.reduce((sum, { counted }) => sum + counted.delivered, 0)).toBe(48);
});

test('a slow target delays no other', async () => {
  const { outbox } = world.worker();
  const release = Promise.withResolvers<void>();
  const bodies: string[] = [];
  outbox.start({
    [CHANNEL]: channel(async ({ body }) => {
      if (body === 'slow') await release.promise;
      else bodies.push(body);
      return DELIVERED;
    }),
  });
  for (let index = 0; index < 20; index += 1) await world.write(outbox, `slow${index}`, 'slow', { target: 'slow' });
  await world.write(outbox, 'fast', 'fast', { target: 'fast' });
  await until(() => bodies.length === 1);
  release.resolve();
  await world.settled();
});

test('an attempt that does not end in time has failed, and gets a signal to stop', async () => {
  const { outbox, counted } = world.worker();
  let aborted = 0;
  outbox.start({
    [CHANNEL]: channel(
      async ({ attempt }, signal) => {
        if (attempt > 1) return DELIVERED;
        await once(signal, 'abort');
        aborted += 1;
        return new Promise(() => {});
      },
      { attemptTimeoutMs: 50 },
    ),
  });
  await world.write(outbox, 'a', 'slow');
  await world.settled();
  expect(aborted).toBe(1);
  await until(() => counted.delivered === 1 && counted.failed === 1);
});

test('closing waits for running attempts, settles them, and takes nothing more', async () => {
  const { outbox } = world.worker();
  const release = Promise.withResolvers<void>();
  const begun: string[] = [];
  outbox.start({
    [CHANNEL]: channel(async ({ body }) => {
      begun.push(body);
      await release.promise;
      return DELIVERED;
    }),
  });
  await world.write(outbox, 'a', 'first');
  await world.write(outbox, 'a', 'second');
  await until(() => begun.length === 1);
  const closed = outbox.close();
  release.resolve();
  await closed;
  expect(begun).toEqual(['first']);
  expect((await world.rows()).messages).toMatchObject([{ attempts: 0, dead: false }]);
});

test('bodies are sealed in the database', async () => {
  const { outbox } = world.worker();
  await world.write(outbox, 'a', 'a token and an address');
  const [row] = (await world.rows()).messages;
  expect(row?.body).toMatch(/^v1\./);
  expect(row?.body).not.toContain('token');
});
