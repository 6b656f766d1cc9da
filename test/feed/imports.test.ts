import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { JournalWorld, next, take } from './journal-world.ts';

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

/** Every import has its own time of change, whatever the precision of the clock. */
let changes = 0;

async function imported(tenantId: string): Promise<string> {
  const id = uuidv7();
  changes += 1;
  await world.sql`
    INSERT INTO import (tenant_id, id, status, source, uploaded_by, created_at, settings, changed_at)
    VALUES (${tenantId}, ${id}, 'READING', 'file', ${id}, now(), '{}', now() + ${changes} * interval '1 second')`;
  return id;
}

async function changed(id: string): Promise<void> {
  changes += 1;
  await world.sql`UPDATE import SET revision = revision + 1, changed_at = now() + ${changes} * interval '1 second' WHERE id = ${id}`;
}

test('a revision that was sent for an earlier event is not sent again, whether it was offered before or after', async () => {
  const running = await world.feed();
  const tenantId = await world.tenant();
  const id = await imported(tenantId);
  const [one, other] = [running.feed.imports(tenantId), running.feed.imports(tenantId)];
  const first = await next(one);
  expect([first.id, first.revision]).toEqual([id, 1]);
  expect((await next(other)).revision).toBe(1);
  await changed(id);
  // Both are offered a revision at the same time, so it now waits for the first.
  expect((await next(other)).revision).toBe(2);
  first.sent(2);
  await changed(id);
  const third = await next(one);
  expect(third.revision).toBe(3);
  third.sent(4);
  await changed(id);
  while ((await next(other)).revision < 4);
  await changed(id);
  expect((await next(one)).revision).toBe(5);
});

test('more imports than a subscriber remembers are sent once each', async () => {
  const running = await world.feed({ importPageLength: 3 });
  const tenantId = await world.tenant();
  const ids = [await imported(tenantId), await imported(tenantId), await imported(tenantId)];
  const watched = running.feed.imports(tenantId);
  expect((await take(watched, 3)).map(({ id }) => id)).toEqual(ids);
  for (let count = 0; count < 3; count += 1) {
    const id = await imported(tenantId);
    expect((await next(watched)).id).toBe(id);
  }
});
