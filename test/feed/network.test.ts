import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { JournalWorld, next, range, take, versions } from './journal-world.ts';

/** A connection to the database that can be made to carry nothing more, without being closed. */
class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(url: string): Promise<{ wire: Wire; url: string }> {
    const target = new URL(url);
    const server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        wire.#sockets.add(from);
        from.on('data', (data) => to.write(data));
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    const wire = new Wire(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    return { wire, url: through.href };
  }

  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

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

test('connections that look alive but carry nothing are replaced, and nothing is lost', async () => {
  const { wire, url } = await Wire.to(database.url);
  const reader = await world.feed({ beatEveryMs: 50, silenceMs: 1_000, queryDeadlineMs: 1_000, retryLongestMs: 100 }, url);
  const panel = await world.root();
  const events = reader.feed.balance(panel.tenantId, panel.id, null);
  await next(events);
  wire.freeze();
  await world.changes(panel, 5);
  expect(versions(await take(events, 5))).toEqual(range(1, 5));
  const writer = await world.feed();
  writer.sink.publish(await world.changes(panel, 5));
  expect(versions(await take(events, 5))).toEqual(range(6, 10));
  await events.return?.();
  await reader.stop();
  await wire.close();
});
