import type { Client as SocketClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Api, Client } from '../support/clients/api.ts';
import { until } from '../support/until.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { range, versionsOf, watchBalance, watchBranch, watchLock } from './watch.ts';

let api: Api;
let client: Client;
let demo: Demo;
let socket: SocketClient;
/** A new panel below the root, with a child. Both begin at version 1; the panel's grant to the child is its version 2. */
let panel: Member;
let child: Member;
let panels = 0;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to move');
});

beforeEach(async () => {
  panels += 1;
  panel = await plantPanel(client, demo.root, `panel${panels}@demo.test`, 20);
  child = await plantPanel(client, panel, `child${panels}@demo.test`, 10);
  socket = client.socket(panel.token);
});

afterEach(() => socket.dispose());

afterAll(() => api[Symbol.asyncDispose]());

let key = 0;
function transfer(from: Member, to: Member, amount: number) {
  key += 1;
  return client.transfer(from.token, to.id, amount, `change ${key}`);
}

test('balanceChanged begins with the current state and continues with every change, lowBalance included (R12)', async () => {
  const watch = watchBalance(socket);
  const first = await watch.next();
  const account = { id: panel.accountId, balance: 10, version: 2, locked: false, lockedSince: null };
  expect(first).toEqual({
    version: 2,
    balance: 10,
    delta: 0,
    locked: false,
    lowBalance: false,
    at: expect.any(String),
    account,
    entry: null,
  });

  const { transfer: sent } = await transfer(panel, child, 9);
  await transfer(panel, child, 1);
  await transfer(demo.root, panel, 5);
  const [low, locked, unlocked] = await watch.take(3);
  expect(low).toMatchObject({ version: 3, balance: 1, delta: -9, locked: false, lowBalance: true });
  expect(low?.account).toEqual({ ...account, balance: 1, version: 3 });
  expect(low?.entry).toMatchObject({ version: 3, delta: -9, balanceAfter: 1, transfer: { id: sent?.id, kind: 'TRANSFER', amount: 9 } });
  expect(low?.entry?.createdAt).toBe(low?.at);
  expect(locked).toMatchObject({
    version: 4,
    balance: 0,
    locked: true,
    lowBalance: true,
    account: { balance: 0, version: 4, locked: true },
  });
  expect(locked?.account.lockedSince).toBe(locked?.at);
  expect(unlocked).toMatchObject({
    version: 5,
    balance: 5,
    delta: 5,
    locked: false,
    account: { version: 5, locked: false, lockedSince: null },
  });
});

test('the current state has the time of the last change, and resellerId may name any panel of the branch', async () => {
  const [entry] = await watchBalance(socket, { resellerId: child.id, after: 0 }).take(1);
  const first = await watchBalance(socket, { resellerId: child.id }).next();
  expect(first).toMatchObject({ version: 1, delta: 0, entry: null, account: { id: child.accountId } });
  expect(first.at).toBe(entry?.at);
});

test('with `after`, every later change comes from the journal once, followed by live changes', async () => {
  for (let count = 0; count < 5; count += 1) await transfer(demo.root, panel, 1);
  const [all, late, none] = [watchBalance(socket, { after: 0 }), watchBalance(socket, { after: 4 }), watchBalance(socket, { after: 7 })];
  expect(versionsOf(await all.take(7))).toEqual(range(1, 7));
  expect((await late.take(3)).map(({ version, delta }) => [version, delta])).toEqual([
    [5, 1],
    [6, 1],
    [7, 1],
  ]);
  await transfer(demo.root, panel, 2);
  for (const watch of [all, late, none]) expect(await watch.next()).toMatchObject({ version: 8, delta: 2 });
});

test.each([watchBalance, watchLock])(
  '`after` above the current version is refused with its path, and the socket stays open (%o)',
  async (watch) => {
    await expect(watch(socket, { after: 3 }).next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path: 'after' } }]);
    expect(await watch(socket).next()).toMatchObject({ version: 2 });
  },
);

test('lockChanged begins with the current state and sends only locks and unlocks; `after: 0` replays them all', async () => {
  const watch = watchLock(socket);
  expect(await watch.next()).toMatchObject({ version: 2, locked: false, account: { balance: 10 } });
  await transfer(panel, child, 4);
  await transfer(panel, child, 6);
  await transfer(demo.root, panel, 1);
  await transfer(demo.root, panel, 1);
  await transfer(panel, child, 2);
  const flips = [
    { version: 4, locked: true },
    { version: 5, locked: false },
    { version: 7, locked: true },
  ];
  expect(await watch.take(3)).toMatchObject(flips);
  expect(await watchLock(socket, { after: 0 }).take(4)).toMatchObject([{ version: 1, locked: false }, ...flips]);
  expect(await watchLock(socket, { after: 4 }).take(2)).toMatchObject(flips.slice(1));
});

test('branchChanged is silent at first, then sends the newest state of every panel from self down, and of no other', async () => {
  const [watch, wide] = [watchBranch(socket), watchBranch(client.socket(demo.root.token), { resellerId: panel.id })];
  const known = new Map<string, number>();
  const newest = async (of: typeof watch, id: string, version: number) => {
    while ((known.get(id) ?? 0) < version) {
      const { account, version: seen } = await of.next();
      expect([panel.accountId, child.accountId]).toContain(account.id);
      expect(seen).toBeGreaterThan(known.get(account.id) ?? 0);
      known.set(account.id, seen);
    }
  };
  // The subscription is open once it sends something: earlier events do not concern it.
  let sent = 0;
  const first = newest(watch, panel.accountId, 3);
  let begun = false;
  first.then(() => {
    begun = true;
  });
  await until(async () => {
    await transfer(demo.root, demo.ana, 1);
    await transfer(demo.root, panel, 1);
    sent += 1;
    return begun;
  });
  for (let count = 0; count < 20; count += 1) await transfer(panel, child, 1).then(() => transfer(demo.root, panel, 1));
  await newest(watch, panel.accountId, 2 + sent + 40);
  await newest(watch, child.accountId, 21);
  known.clear();
  await transfer(demo.root, panel, 1);
  await newest(wide, panel.accountId, 2 + sent + 41);
});

test('a change that is refused or rolled back never appears', async () => {
  const watch = watchBalance(socket);
  await watch.next();
  expect(await transfer(panel, child, 11)).toMatchObject({ code: 'INSUFFICIENT_CREDITS' });
  const transfers = [
    { toResellerId: child.id, amount: 3, idempotencyKey: 'part 1' },
    { toResellerId: child.id, amount: 8, idempotencyKey: 'part 2' },
  ];
  const { done } = await client.data<{ done: object }>(
    panel.token,
    'mutation ($input: TransferCreditsBatchInput!) { done: transferCreditsBatch(input: $input) { __typename ... on BatchRefusedError { index } } }',
    { input: { transfers } },
  );
  expect(done).toEqual({ __typename: 'BatchRefusedError', index: 1 });
  expect(await client.transfer(panel.token, child.id, 2, 'kept')).toMatchObject({ replayed: false });
  expect(await client.transfer(panel.token, child.id, 2, 'kept')).toMatchObject({ replayed: true });
  await transfer(panel, child, 1);
  expect(await watch.take(2)).toMatchObject([
    { version: 3, delta: -2 },
    { version: 4, delta: -1 },
  ]);
});

test('the same events arrive over server-sent events', async () => {
  const over = new AbortController();
  const response = await fetch(client.url, {
    method: 'POST',
    signal: over.signal,
    headers: { authorization: `Bearer ${panel.token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { balanceChanged(after: 0) { version delta } }' }),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.includes('"version":2')) break;
  }
  over.abort();
  expect(text.match(/"balanceChanged":\{[^}]*\}/g)).toEqual([
    '"balanceChanged":{"version":1,"delta":20}',
    '"balanceChanged":{"version":2,"delta":-10}',
  ]);
});
