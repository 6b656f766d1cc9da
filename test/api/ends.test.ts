import type { Client as SocketClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hold, openStranger } from '../fault/stranger.ts';
import { type Client, overSocket, TRANSFER, type Transferred } from '../support/clients/api.ts';
import { type ServerProcess, startProcess } from '../support/processes/processes.ts';
import { until } from '../support/until.ts';
import { type Demo, issue, platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase, type DemoDatabase } from '../support/worlds/planted-demo.ts';

let database: DemoDatabase;
/** The server that stays up. */
let other: ServerProcess;
let demo: Demo;
let server: ServerProcess;

beforeAll(async () => {
  database = await createDemoDatabase();
  other = await startProcess(database.url, { DRAIN_SECONDS: '240' });
  ({ demo } = database);
  await issue(other.client, demo.platform, await platformIdOf(other.client, demo.platform, 'root'), 1_000_000, 'to move');
});

beforeEach(async () => {
  server = await startProcess(database.url, { DRAIN_SECONDS: '240' });
});

afterEach(() => server[Symbol.asyncDispose]());

afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await database.drop();
});

interface Load {
  /** Answers by key. */
  readonly answered: Map<string, Transferred>;
  readonly unanswered: string[];
  readonly over: Promise<unknown>;
}

const LANES = 16;
const MESSAGES_PER_SECOND = 40;

/** Sends one-credit transfers from the root to Ana, each lane as fast as it is answered, until the server does not answer. */
function load(name: string, send: (key: string) => Promise<Transferred>): Load {
  const answered = new Map<string, Transferred>();
  const unanswered: string[] = [];
  const lane = async (number: number) => {
    for (let index = 0; unanswered.length < LANES; index += 1) {
      const key = `${name} ${number} ${index}`;
      try {
        answered.set(key, await send(key));
      } catch {
        unanswered.push(key);
        return;
      }
    }
  };
  return { answered, unanswered, over: Promise.all(Array.from({ length: LANES }, (_, number) => lane(number))) };
}

const overHttp = (client: Client) => (key: string) => client.transfer(demo.root.token, demo.ana.id, 1, key);

const overWs = (socket: SocketClient) => async (key: string) => {
  const input = { toResellerId: demo.ana.id, amount: 1, idempotencyKey: key };
  const { data } = await overSocket<{ transferCredits: Transferred }>(socket, TRANSFER, { input });
  return data?.transferCredits ?? Promise.reject(new Error('refused'));
};

async function balanceOfAna(): Promise<number> {
  const { viewer } = await other.client.query(demo.ana, '{ viewer { reseller { account { balance } } } }');
  return viewer.reseller.account.balance;
}

async function expectHealth(): Promise<void> {
  const answer = await other.client.ask(demo.platform, '{ ledgerHealth { ok problems } }');
  expect(answer.data).toEqual({ ledgerHealth: { ok: true, problems: [] } });
}

test('after a server is killed under load every acknowledged transfer exists, and a retry elsewhere settles the others', async () => {
  const before = await balanceOfAna();
  const { answered, over, unanswered } = load('kill', overHttp(server.client));
  await until(() => answered.size >= 200);
  server.signal('SIGKILL');
  await over;
  expect(await server.exited).toBe('SIGKILL');
  expect([...answered.values()].every(({ replayed }) => replayed === false)).toBe(true);

  const again = overHttp(other.client);
  const replays = await Promise.all([...answered].map(async ([key, { transfer }]) => ({ transfer, replay: await again(key) })));
  for (const { replay, transfer } of replays) expect(replay).toMatchObject({ replayed: true, transfer: { id: transfer?.id } });
  // Each was already made, or is made now: none is lost, and none moves twice.
  expect(unanswered.length).toBeGreaterThan(0);
  for (const key of unanswered) expect(await again(key)).toMatchObject({ __typename: 'TransferCreditsPayload' });
  expect(await balanceOfAna()).toBe(before + answered.size + unanswered.length);
  await expectHealth();
});

test('a server told to stop under load answers all accepted requests, closes sockets with 1001 and exits with 0', async () => {
  const { client } = server;
  const watched = client.socket(demo.root.token);
  const events = watched.iterate({ query: 'subscription { balanceChanged { version } }' });
  await events.next();
  const moving = client.socket(demo.root.token, { lazy: false, onNonLazyError: () => {} });
  const closed = [watched, moving].map((socket) => new Promise<unknown>((resolve) => socket.on('closed', resolve)));
  const second = () => Math.floor(performance.now() / 1000);
  let sent = { second: second(), count: 0 };
  const { answered, over, unanswered } = load('stop', (key) => {
    if (sent.second !== second()) sent = { second: second(), count: 0 };
    sent.count += 1;
    // A socket may send only this many messages a second.
    return sent.count <= MESSAGES_PER_SECOND ? overWs(moving)(key) : overHttp(client)(key);
  });
  await until(() => answered.size >= 200);
  server.signal('SIGTERM');
  for (const close of closed) expect(await close).toMatchObject({ code: 1001 });
  expect(await server.exited).toBe(0);
  await over;

  const again = overHttp(other.client);
  const [first] = answered.keys();
  expect(await again(first ?? '')).toMatchObject({ replayed: true });
  // A request without an answer was never accepted: it is made only now.
  for (const key of unanswered) expect(await again(key), key).toMatchObject({ replayed: false });
  expect(server.output.filter((line) => line.includes('"level":50') || line.includes('"level":60'))).toEqual([]);
  await expectHealth();
  await Promise.all([watched.dispose(), moving.dispose()]);
});

/** Sends one transfer by each way in. They wait, because another session has locked the account they need. */
async function withPending(
  ways: readonly ((key: string) => Promise<unknown>)[],
  during: (pending: Promise<unknown>[], letGo: () => Promise<void>) => Promise<void>,
) {
  const sql = openStranger(database.url);
  const [rich] = await sql<{ tenantId: string; id: string }[]>`SELECT tenant_id AS "tenantId", id FROM account WHERE balance > 100000`;
  if (rich === undefined) throw new Error('nobody has so much');
  const held = await hold(sql, (tx) => tx`SELECT FROM account WHERE tenant_id = ${rich.tenantId} AND id = ${rich.id} FOR UPDATE`);
  try {
    const pending = ways.map((way, index) => way(`${server.pid} held ${index}`).catch(() => 'cut'));
    const depth = new RegExp(`revenda_queue_depth ${ways.length}`);
    await until(async () => depth.test(await (await fetch(`${server.client.origin}/metrics`)).text()));
    await during(pending, () => held.release());
  } finally {
    await held.release();
    await sql.end();
  }
}

test('commands waiting in a server that is told to stop are still done and answered, over HTTP and WebSocket', async () => {
  const moving = server.client.socket(demo.root.token);
  const closed = new Promise<unknown>((resolve) => moving.on('closed', resolve));
  await withPending([overHttp(server.client), overWs(moving)], async (pending, letGo) => {
    server.signal('SIGTERM');
    await until(() =>
      fetch(`${server.client.origin}/ready`).then(
        ({ status }) => status !== 200,
        () => true,
      ),
    );
    await letGo();
    for (const answer of pending) expect(await answer).toMatchObject({ __typename: 'TransferCreditsPayload', replayed: false });
  });
  expect(await closed).toMatchObject({ code: 1001 });
  expect(await server.exited).toBe(0);
  await moving.dispose();
});

test('a second signal ends a server that is still finishing', async () => {
  await withPending([overHttp(server.client)], async ([pending]) => {
    let how: unknown;
    server.exited.then((code) => {
      how = code;
    });
    // Signals within half a second of the first count as the same signal.
    await until(() => {
      server.signal('SIGTERM');
      return how !== undefined;
    });
    expect(how).toBe(1);
    expect(await pending).toBe('cut');
  });
});
