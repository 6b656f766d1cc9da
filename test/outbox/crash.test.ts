import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { closedAtEnd } from '../support/leftovers.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { createDatabase } from '../support/worlds/database.ts';
import { CHANNEL, channel, DELIVERED, OutboxWorld } from './outbox-world.ts';

/** The worker must be killed before this, even on a slow machine. */
const LEASE_MS = PATIENCE_MS;
const PROGRAM = fileURLToPath(new URL('./outbox.child.ts', import.meta.url));

function startChild(url: string, key: Buffer): ChildProcess {
  const child = fork(PROGRAM, [url, key.toString('base64'), String(LEASE_MS)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  closedAtEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

test('a process killed between taking a message and settling it loses nothing: another delivers it and the rest in order', async () => {
  const database = await createDatabase();
  const world = new OutboxWorld(database.url);
  const { outbox } = world.worker();
  for (const body of ['first', 'second', 'third']) await world.write(outbox, 'a', body);

  const child = startChild(database.url, world.key);
  const [begun] = await once(child, 'message');
  expect(begun).toBe('first');
  expect((await world.rows()).messages).toMatchObject([{ attempts: 1 }, { attempts: 0 }, { attempts: 0 }]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // As if the lease had passed.
  await world.sql`UPDATE outbox_lane SET due_at = now()`;

  const attempts: [string, number][] = [];
  outbox.start({
    [CHANNEL]: channel(({ body, attempt }) => {
      attempts.push([body, attempt]);
      return DELIVERED;
    }),
  });
  await world.settled();
  expect(attempts).toEqual([
    ['first', 2],
    ['second', 1],
    ['third', 1],
  ]);
  expect((await world.rows()).messages).toEqual([]);
  await database.drop();
});
