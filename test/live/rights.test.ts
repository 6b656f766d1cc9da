import type { Client as SocketClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Api, type Client, PASSWORD, startApi } from '../support/clients/api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { type Watch, watchBalance, watchBranch, watchLock } from './watch.ts';

/** Two servers on one database: rights are lost at one, and subscriptions are open at the other. */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo({ limits: { sessionRecheckMs: 100 } }));
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to move');
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

let key = 0;
function transfer(from: Member, to: Member, amount: number) {
  key += 1;
  return elsewhere.client.transfer(from.token, to.id, amount, `right ${key}`);
}

function socketOf({ token }: Pick<Member, 'token'>): SocketClient {
  const socket = client.socket(token);
  onTestFinished(() => void socket.dispose());
  return socket;
}

function closeOf(socket: SocketClient): Promise<unknown> {
  return new Promise((resolve) => socket.on('closed', resolve));
}

/** Waits until the branch subscription sends something: then it is open. */
async function opened(watch: Watch<unknown>, change: () => Promise<unknown>): Promise<void> {
  let isOpen = false;
  const first = watch.next().finally(() => {
    isOpen = true;
  });
  // An error is thrown below.
  first.catch(() => {});
  await until(async () => {
    await change();
    return isOpen;
  });
  await first;
}

async function prepare(work: (sql: ReturnType<typeof openTestSql>) => Promise<unknown>): Promise<void> {
  const sql = openTestSql(api.databaseUrl);
  await work(sql).finally(() => sql.end());
}

test("a lock ends forbidden subscriptions with PANEL_LOCKED; the panel's own balance, its lock and the socket go on", async () => {
  const panel = await plantPanel(client, demo.root, 'locks@demo.test', 20);
  const child = await plantPanel(client, panel, 'locks.child@demo.test', 10);
  const socket = socketOf(panel);
  const [own, lock] = [watchBalance(socket), watchLock(socket)];
  const [ofChild, lockOfChild, branch] = [
    watchBalance(socket, { resellerId: child.id }),
    watchLock(socket, { resellerId: child.id }),
    watchBranch(socket),
  ];
  for (const watch of [own, lock, ofChild, lockOfChild]) await watch.next();
  await opened(branch, () => transfer(demo.root, panel, 1));

  const { viewer } = await client.query(panel, '{ viewer { reseller { account { balance } } } }');
  await transfer(panel, child, viewer.reseller.account.balance);
  expect(await Promise.all([ofChild.end(), lockOfChild.end(), branch.end()])).toEqual(['PANEL_LOCKED', 'PANEL_LOCKED', 'PANEL_LOCKED']);
  expect(await lock.next()).toMatchObject({ locked: true });
  // The same when they are opened again.
  expect(await Promise.all([watchBranch(socket).end(), watchBalance(socket, { resellerId: child.id }).end()])).toEqual([
    'PANEL_LOCKED',
    'PANEL_LOCKED',
  ]);

  await transfer(demo.root, panel, 3);
  expect(await lock.next()).toMatchObject({ locked: false });
  let last = await own.next();
  while (!last.locked) last = await own.next();
  expect(await own.next()).toMatchObject({ version: last.version + 1, balance: 3, locked: false });
  expect(await watchBalance(socket, { resellerId: child.id }).next()).toMatchObject({ delta: 0 });
});

test('signing out, even at another server, closes the session’s sockets with 4403 and no others', async () => {
  const panel = await plantPanel(client, demo.root, 'leaves@demo.test', 20);
  const second = await client.signIn(panel.email);
  const [leaving, staying] = [socketOf(panel), socketOf({ token: second })];
  const [left, stays] = [watchBalance(leaving), watchBalance(staying)];
  await Promise.all([left.next(), stays.next()]);
  const closed = closeOf(leaving);
  await elsewhere.client.data(panel.token, 'mutation { signOut { ok } }');
  expect(await left.end()).toBe(4403);
  expect(await closed).toMatchObject({ code: 4403 });
  await transfer(demo.root, panel, 1);
  expect(await stays.next()).toMatchObject({ delta: 1 });
});

test.each([
  [
    'expired',
    (sql: ReturnType<typeof openTestSql>, email: string) => sql`
    UPDATE session SET expires_at = now() WHERE user_id = (SELECT id FROM app_user WHERE email = ${email})`,
  ],
  [
    'of a user who was disabled',
    (sql: ReturnType<typeof openTestSql>, email: string) => sql`
    UPDATE app_user SET disabled_at = now() WHERE email = ${email}`,
  ],
] as const)('a session that is %s closes its sockets with 4403, even without a hint', async (how, end) => {
  const panel = await plantPanel(client, demo.root, `over.${how.length}@demo.test`, 20);
  const socket = socketOf(panel);
  const watch = watchBalance(socket);
  await watch.next();
  const closed = closeOf(socket);
  await prepare((sql) => end(sql, panel.email));
  expect(await closed).toMatchObject({ code: 4403 });
});

test('a token of nobody closes the socket with 4403; without a token every operation is refused', async () => {
  const stranger = socketOf({ token: 'nobody' });
  expect(await watchBalance(stranger).end()).toBe(4403);
  const silent = client.socket(null);
  onTestFinished(() => void silent.dispose());
  expect(await watchBalance(silent).end()).toBe('UNAUTHENTICATED');
  expect(await watchBranch(silent).end()).toBe('UNAUTHENTICATED');
});

test("the session cookie opens a socket, and the header's name may have any case", async () => {
  const response = await fetch(client.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation { signIn(input: { email: "ana@demo.test", password: "${PASSWORD}", transport: COOKIE }) { ... on SignInPayload { token viewer { role } } } }`,
    }),
  });
  expect(await response.json()).toEqual({ data: { signIn: { token: null, viewer: { role: 'OWNER' } } } });
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  class Browser extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: { cookie, origin: client.origin } });
    }
  }
  const byCookie = client.socket(null, { webSocketImpl: Browser });
  const byHeader = client.socket(null, { connectionParams: { AUTHORIZATION: `bearer ${demo.ana.token}` } });
  for (const socket of [byCookie, byHeader]) {
    expect(await watchBalance(socket).next()).toMatchObject({ account: { id: demo.ana.accountId } });
    await socket.dispose();
  }
});

test('a move ends subscriptions to what is no longer visible with NOT_FOUND, and no others', async () => {
  const [from, to] = [await plantPanel(client, demo.root, 'from@demo.test', 300), await plantPanel(client, demo.root, 'to@demo.test', 50)];
  const moved = await plantPanel(client, from, 'moved@demo.test', 200);
  const below = await plantPanel(client, moved, 'below@demo.test', 10);
  const old = socketOf(from);
  const [lost, lostBelow, own, oldBranch] = [
    watchBalance(old, { resellerId: moved.id }),
    watchBalance(old, { resellerId: below.id }),
    watchBalance(old),
    watchBranch(old),
  ];
  const [rootSees, itself] = [watchBalance(socketOf(demo.root), { resellerId: moved.id }), watchBranch(socketOf(moved))];
  for (const watch of [lost, lostBelow, own, rootSees]) await watch.next();
  await opened(oldBranch, () => transfer(demo.root, from, 1));
  await opened(itself, () => transfer(moved, below, 1));

  const { answer } = await elsewhere.client.data<{ answer: object }>(
    demo.root.token,
    'mutation ($input: MoveResellerInput!) { answer: moveReseller(input: $input) { __typename ... on Error { code } } }',
    { input: { resellerId: moved.id, newParentId: to.id } },
  );
  expect(answer).toEqual({ __typename: 'MoveResellerPayload' });
  expect(await Promise.all([lost.end(), lostBelow.end()])).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  expect(await watchBalance(old, { resellerId: moved.id }).end()).toBe('NOT_FOUND');

  const { to: received } = await transfer(to, moved, 7);
  let seen = await rootSees.next();
  while (seen.version < (received?.version ?? 0)) seen = await rootSees.next();
  expect(seen).toMatchObject({ version: received?.version, delta: 7 });
  while (seen.account.id !== moved.accountId || seen.version < (received?.version ?? 0)) seen = await itself.next();
  // The old parent's branch sends the parent's next change, and nothing of the panel that left.
  const { to: last } = await transfer(demo.root, from, 9);
  for (let change = await oldBranch.next(); ; change = await oldBranch.next()) {
    expect([change.account.id, change.version]).not.toEqual([moved.accountId, received?.version]);
    if (change.account.id === from.accountId && change.version === last?.version) break;
  }
});
