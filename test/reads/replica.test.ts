import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPrisma } from '../../src/db/prisma.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type PrivatePostgres, startPrimaryAndStandby } from '../support/worlds/database.ts';
import { type Demo, type Member, plantDemo, plantPanel } from '../support/worlds/demo.ts';

let primary: PrivatePostgres;
let standby: PrivatePostgres;
let ofStandby: Sql;
/** Two servers that share only the databases. */
let here: Api;
let there: Api;
/** A server that reads the primary. */
let onPrimary: Api;
let demo: Demo;
let keys = 0;

beforeAll(async () => {
  ({ primary, standby } = await startPrimaryAndStandby());
  ofStandby = openTestSql(standby.url);
  const options = {
    databaseUrl: primary.url,
    settings: { READ_DATABASE_URL: standby.url },
    limits: { replica: { pauseMs: 100, checkEveryMs: 100 } },
  };
  here = await startApi(options);
  there = await startApi(options);
  onPrimary = await startApi({ databaseUrl: primary.url });
  demo = await plantDemo(here.client);
});

afterAll(async () => {
  await ofStandby.end();
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
  await onPrimary[Symbol.asyncDispose]();
  await standby.remove();
  await primary.remove();
});

beforeEach(async () => {
  for (const { client } of [here, there]) await until(() => isRead(client.origin));
});

/** The counter of queries and exports with this outcome. */
async function readsOf(origin: string, outcome: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(new RegExp(`^revenda_replica_reads_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Whether a query is currently read from the standby. */
async function isRead(origin: string): Promise<boolean> {
  const before = await readsOf(origin, 'replica');
  await balance(here.client.origin === origin ? here : there);
  return (await readsOf(origin, 'replica')) > before;
}

const BALANCE = '{ viewer { reseller { account { balance version } } } }';

interface Account {
  readonly balance: number;
  readonly version: number;
}

async function account(api: Api, token = demo.ana.token): Promise<Account> {
  const { viewer } = await api.client.query(token, BALANCE);
  return viewer.reseller.account;
}

async function balance(api: Api): Promise<number> {
  return (await account(api)).balance;
}

async function transfer(api: Api, amount = 1): Promise<number> {
  keys += 1;
  const { to } = await api.client.transfer(demo.root.token, demo.ana.id, amount, `replica ${keys}`);
  if (!to) throw new Error('the transfer was refused');
  return to.balance;
}

async function exported(api: Api): Promise<string> {
  const response = await fetch(`${api.client.origin}/export/statement.csv`, { headers: { authorization: `Bearer ${demo.ana.token}` } });
  expect(response.status).toBe(200);
  return response.text();
}

test('queries and exports read the replica, and see what any server committed before they were sent', async () => {
  const before = await readsOf(there.client.origin, 'replica');
  const seen: number[] = [];
  const made: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    made.push(await transfer(here));
    seen.push(await balance(there));
  }
  expect(seen).toEqual(made);
  // A replica that replays too slowly is left out for a moment.
  const fromReplica = <Answer>(ask: () => Promise<Answer>) =>
    until(async () => {
      const reads = await readsOf(there.client.origin, 'replica');
      const answer = await ask();
      return (await readsOf(there.client.origin, 'replica')) > reads && { answer };
    });
  const { answer: csv } = await fromReplica(() => exported(there));
  expect(csv.split('\n')[1]).toContain(`,${made.at(-1)},`);
  const LISTS = `{ viewer { reseller {
    children { totalCount }
    descendants { edges { node { branch { creditsHeld activeCustomers } } } }
    account { balanceAt(time: "2026-01-01T00:00:00Z") statement(from: "2026-01-01T00:00:00Z") { edges { node { version } } } }
  } } }`;
  const failed = await readsOf(there.client.origin, 'failed');
  const { answer } = await fromReplica(() => there.client.ask(demo.root.token, LISTS));
  expect(answer).toEqual(await onPrimary.client.ask(demo.root.token, LISTS));
  expect(await readsOf(there.client.origin, 'failed')).toBe(failed);
  expect(await readsOf(there.client.origin, 'replica')).toBeGreaterThan(before);
  expect(await (await fetch(`${there.client.origin}/metrics`)).text()).toContain('revenda_pool_connections{count="replica reads open"} ');
  // All three pools read from the standby.
  const names = await ofStandby`SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE usename IS NOT NULL ORDER BY 1`;
  const pools = ['lists', 'reads', 'reports'].map((pool) => `revenda replica ${pool}`);
  expect(names.map(({ name }) => name)).toEqual(['revenda replica', ...pools, 'test']);
});

test('a mutation returns what it committed while the replica is frozen, and so does every later read', async () => {
  await ofStandby`SELECT pg_wal_replay_pause()`;
  let made: Member;
  try {
    const before = await readsOf(there.client.origin, 'behind');
    made = await plantPanel(here.client, demo.root, 'still@demo.test', 10);
    const balanceNow = await transfer(here);
    expect(await balance(there)).toBe(balanceNow);
    expect(await exported(there)).toContain(`,${balanceNow},`);
    expect(await account(there, made.token)).toEqual({ balance: 10, version: 1 });
    expect(await readsOf(there.client.origin, 'behind')).toBeGreaterThan(before);
  } finally {
    await ofStandby`SELECT pg_wal_replay_resume()`;
  }
  await until(() => isRead(there.client.origin));
  expect(await account(there, made.token)).toEqual({ balance: 10, version: 1 });
});

test('a subscriber that got a change reads that change or a later one, although the replica lags', async () => {
  const socket = there.client.socket(demo.ana.token);
  const events = socket.iterate<{ balanceChanged: { version: number } }>({ query: 'subscription { balanceChanged { version } }' });
  await ofStandby`ALTER SYSTEM SET recovery_min_apply_delay = '300ms'`;
  await ofStandby`SELECT pg_reload_conf()`;
  try {
    for (let round = 0; round < 10; round += 1) {
      const pushed = events.next();
      await transfer(here);
      const { value } = await pushed;
      const version = value?.data?.balanceChanged.version ?? Number.POSITIVE_INFINITY;
      expect((await account(there)).version).toBeGreaterThanOrEqual(version);
      expect((await account(here)).version).toBeGreaterThanOrEqual(version);
    }
  } finally {
    await ofStandby`ALTER SYSTEM RESET recovery_min_apply_delay`;
    await ofStandby`SELECT pg_reload_conf()`;
    await events.return?.();
    await socket.dispose();
  }
});

test('a read from the replica returns nothing of another tenant, and is refused as on the primary', async () => {
  const node = 'query ($id: ID!) { node(id: $id) { __typename } }';
  expect((await there.client.ask(demo.other.token, node, { id: demo.ana.id })).data).toEqual({ node: null });
  expect((await there.client.ask(demo.zero.token, '{ viewer { reseller { children { edges { node { id } } } } } }')).errors).toMatchObject([
    { extensions: { code: 'PANEL_LOCKED' } },
  ]);
  expect((await there.client.ask(null, BALANCE)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

/** Whether the server closed the connection, after the headers ("terminated") or before all of them were sent ("fetch failed"). */
function isCut(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  return error.message === 'terminated' || (error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'UND_ERR_SOCKET');
}

test('running and later reads are answered by the primary when the replica is killed, frozen or restarted', async () => {
  let isOver = false;
  const reading = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const least = await balance(here);
      expect(await balance(there)).toBeGreaterThanOrEqual(least);
    }
  });
  const exporting = (async () => {
    while (!isOver) {
      const least = await balance(here);
      // An export that has begun to be sent is cut, as when the primary fails.
      const text = await exported(there).catch((error: unknown) => (isCut(error) ? null : Promise.reject(error)));
      if (text !== null) expect(Number(text.split('\n')[1]?.split(',')[4])).toBeGreaterThanOrEqual(least);
    }
  })();
  const failedOrAway = async () => (await readsOf(there.client.origin, 'failed')) + (await readsOf(there.client.origin, 'away'));
  const lost = async (ends: () => Promise<unknown>) => {
    const before = await failedOrAway();
    await ends();
    await until(async () => (await failedOrAway()) > before);
    const moved = await transfer(here);
    expect(await balance(there)).toBe(moved);
  };
  await lost(() => standby.kill());
  await standby.restart();
  await until(() => isRead(there.client.origin));

  const frozen: { thaw: () => void } = { thaw: () => {} };
  await lost(async () => {
    frozen.thaw = await standby.freeze();
  });
  frozen.thaw();
  await until(() => isRead(there.client.origin));

  await lost(() => standby.stop());
  await standby.restart();
  await until(() => isRead(there.client.origin));
  isOver = true;
  await Promise.all([...reading, exporting]);
});

test('pools of the replica connect only to the server whose lag was measured', async () => {
  const startOf = async (sql: Sql) => String((await sql`SELECT pg_postmaster_start_time()::text AS server`)[0]?.server);
  const ofPrimary = openTestSql(primary.url);
  const [there, elsewhere] = [await startOf(ofStandby), await startOf(ofPrimary)];
  await ofPrimary.end();
  const places = [
    [standby.url, there],
    [standby.url, '2026-01-01 00:00:00+00'],
    [primary.url, elsewhere],
  ] as const;
  const outcomes = await Promise.all(
    places.map(async ([url, server]) => {
      const sql = openSql(url, { name: 'test', max: 1, role: 'revenda_read', replica: server });
      const cut = new AbortController();
      const prisma = openPrisma(url, { name: 'test', max: 1, replica: { server, cut: cut.signal } });
      const asked = await Promise.allSettled([sql`SELECT 1`, prisma.$queryRaw`SELECT 1`]);
      cut.abort();
      await sql.end();
      return asked.map(({ status }) => status);
    }),
  );
  expect(outcomes).toEqual([
    ['fulfilled', 'fulfilled'],
    ['rejected', 'rejected'],
    ['rejected', 'rejected'],
  ]);
});

test('a replica that was promoted is no longer read', async () => {
  await ofStandby`SELECT pg_promote()`;
  await until(async () => !(await isRead(there.client.origin)));
  const moved = await transfer(here);
  expect(await balance(there)).toBe(moved);
  expect(await isRead(there.client.origin)).toBe(false);
});
