import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type PrivatePostgres, startPrivatePostgres } from '../support/worlds/database.ts';
import { JournalWorld, next, range, take, versions } from './journal-world.ts';

let postgres: PrivatePostgres;

beforeAll(async () => {
  postgres = await startPrivatePostgres();
});

afterAll(async () => {
  await postgres.remove();
});

test('subscriptions continue through a database that is killed, stopped and started again', async () => {
  const world = new JournalWorld(postgres.url);
  const [writer, reader] = [await world.feed(), await world.feed({ queueLength: 4, pageLength: 10 })];
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  const late = reader.feed.balance(panel.tenantId, panel.id, 0);
  const branch = reader.feed.branch(panel.tenantId, panel.path);
  await next(events);
  const branchNext = branch.next();

  writer.sink.publish(await world.changes(panel, 20));
  expect(versions(await take(events, 10))).toEqual(range(1, 10));
  await postgres.kill();
  // The queue of four has overflowed: the rest is read from a database that is down.
  const afterKill = take(events, 20);
  const fromStart = take(late, 30);
  await postgres.restart();
  await until(() => world.sql`SELECT 1`.then(() => true).catch(() => false));
  writer.sink.publish(await world.changes(panel, 10));
  expect(versions(await afterKill)).toEqual(range(11, 30));
  expect(versions(await fromStart)).toEqual(range(1, 30));
  expect((await branchNext).value?.account.version).toBeGreaterThan(0);

  await postgres.stop();
  await postgres.restart();
  const found = take(events, 5);
  await until(() => world.sql`SELECT 1`.then(() => true).catch(() => false));
  // The first four are not announced: the reconnect must find them, or else the writer's later hint does.
  const changes = await world.changes(panel, 5);
  writer.sink.publish(changes.slice(4));
  expect(versions(await found)).toEqual(range(31, 35));
  await Promise.all([events.return?.(), late.return?.(), branch.return?.()]);
  await world.close();
});
