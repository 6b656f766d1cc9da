import type { Client as SocketClient } from 'graphql-ws';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Client, startApi } from '../support/clients/api.ts';
import { startProcess } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { startPrivatePostgres } from '../support/worlds/database.ts';
import { type Demo, issue, type Member, plantDemo, platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase } from '../support/worlds/planted-demo.ts';
import { range, versionsOf, watchBalance, watchBranch } from './watch.ts';

const CHANGES = 1_000;
const CHANGES_PER_CALL = 25;
const CHANGES_PER_KILL = 300;
/** A socket is cut after about this many events. */
const EVENTS_PER_CUT = 40;

/** What to close after the test, in reverse order. */
const opened: AsyncDisposable[] = [];

async function keep<Resource extends AsyncDisposable>(resource: Promise<Resource>): Promise<Resource> {
  opened.push(await resource);
  return resource;
}

function untilTheEnd(socket: SocketClient): void {
  opened.push({ [Symbol.asyncDispose]: async () => socket.dispose() });
}

afterEach(async () => {
  for (let resource = opened.pop(); resource; resource = opened.pop()) await resource[Symbol.asyncDispose]();
});

/** Pseudo-random numbers from 0 to 1, the same in every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One-credit transfers from the root to Ana, many in one call, retried until they are made, as docs/client-guide.md says. */
async function transfers(client: Client, { ana, root }: Demo, count: number, name: string): Promise<void> {
  const input = { transfers: range(1, count).map((number) => ({ toResellerId: ana.id, amount: 1, idempotencyKey: `${name} ${number}` })) };
  const document = 'mutation ($input: TransferCreditsBatchInput!) { done: transferCreditsBatch(input: $input) { __typename } }';
  await until(async () => {
    const answer = await client.ask<{ done: { __typename: string } }>(root.token, document, { input }).catch(() => null);
    return answer?.data?.done.__typename === 'TransferCreditsBatchPayload';
  });
}

interface Versioned {
  readonly event: { readonly version: number };
}

/** Follows a balance with the recipe of docs/client-guide.md, over a socket that is cut at random. */
function follow(client: Client, { token }: Member, from: number, chance: () => number) {
  let after = from;
  let cuts = 0;
  const seen: number[] = [];
  let current: WebSocket | null = null;
  class Cuttable extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols);
      current = this;
    }
  }
  const socket = client.socket(token, {
    webSocketImpl: Cuttable,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async () => {},
    shouldRetry: () => true,
  });
  untilTheEnd(socket);
  const variables = {
    get after() {
      return after;
    },
  };
  socket.subscribe<Versioned>(
    { query: 'subscription ($after: Version!) { event: balanceChanged(after: $after) { version } }', variables },
    {
      next({ data }) {
        if (!data) return;
        after = data.event.version;
        seen.push(after);
        if (chance() > 1 / EVENTS_PER_CUT) return;
        cuts += 1;
        current?.terminate();
      },
      error: (error) => {
        throw error;
      },
      complete: () => {},
    },
  );
  return { seen, cuts: () => cuts };
}

test('clients of another server see each of a thousand changes once and in order, though sockets and its listener are cut', async () => {
  const { demo, drop, url } = await createDemoDatabase();
  opened.push({ [Symbol.asyncDispose]: drop });
  const [serving, writing] = await Promise.all([keep(startProcess(url)), keep(startProcess(url))]);
  await issue(writing.client, demo.platform, await platformIdOf(writing.client, demo.platform, 'root'), 10_000, 'to move');
  const begin = (await watchOnce(serving.client, demo.root)).version;
  const followers = [1, 2, 3].map((seed) => follow(serving.client, demo.root, begin, chances(seed)));
  const sql = openTestSql(url);
  opened.push({ [Symbol.asyncDispose]: () => sql.end() });

  let killed = 0;
  for (let made = 0; made < CHANGES; made += CHANGES_PER_CALL) {
    await transfers(writing.client, demo, CHANGES_PER_CALL, `change ${made}`);
    if (made % CHANGES_PER_KILL !== 0) continue;
    const gone =
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'revenda feed%'`;
    killed += gone.length;
  }
  for (const { seen } of followers) await until(() => seen.length >= CHANGES);
  for (const { cuts, seen } of followers) {
    expect(seen).toEqual(range(begin + 1, begin + CHANGES));
    expect(cuts()).toBeGreaterThan(5);
  }
  expect(killed).toBeGreaterThan(3);
});

async function watchOnce(client: Client, { token }: Member) {
  const socket = client.socket(token);
  try {
    return await watchBalance(socket).next();
  } finally {
    await socket.dispose();
  }
}

test('subscriptions continue over the same socket through a database that is killed, and one that is stopped', async () => {
  const postgres = await startPrivatePostgres();
  opened.push({ [Symbol.asyncDispose]: () => postgres.remove() });
  const { client } = await keep(startApi({ databaseUrl: postgres.url }));
  const demo = await plantDemo(client);
  const socket = client.socket(demo.root.token);
  untilTheEnd(socket);
  const closes: unknown[] = [];
  socket.on('closed', (event) => closes.push(event));
  const [own, branch] = [watchBalance(socket), watchBranch(socket)];
  const { version } = await own.next();

  await transfers(client, demo, 5, 'before');
  expect(versionsOf(await own.take(5))).toEqual(range(version + 1, version + 5));
  await postgres.kill();
  const afterKill = own.take(5);
  await postgres.restart();
  await transfers(client, demo, 5, 'after the kill');
  expect(versionsOf(await afterKill)).toEqual(range(version + 6, version + 10));

  await postgres.stop();
  await postgres.restart();
  await transfers(client, demo, 5, 'after the stop');
  expect(versionsOf(await own.take(5))).toEqual(range(version + 11, version + 15));
  let newest = await branch.next();
  while (newest.account.id !== demo.root.accountId || newest.version < version + 15) newest = await branch.next();
  expect(closes).toEqual([]);
});
