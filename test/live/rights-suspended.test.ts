import type { Client as SocketClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { Watch, watchBalance, watchBranch } from './watch.ts';

/**
 * Two servers on one database: rights change at one, and subscriptions are open at the other. Only hints make
 * sessions be rechecked.
 */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo({ limits: { sessionRecheckMs: 3_600_000 } }));
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to watch');
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

function socketOf({ token }: Pick<Member, 'token'>): SocketClient {
  const socket = client.socket(token);
  onTestFinished(() => void socket.dispose());
  return socket;
}

function closeOf(socket: SocketClient): Promise<unknown> {
  return new Promise((resolve) => socket.on('closed', resolve));
}

test('a closed panel’s sockets end at once with 4403 at every server; a panel above sees its last change and goes on', async () => {
  const top = await plantPanel(client, demo.root, 'top@watch.test', 50);
  const panel = await plantPanel(client, top, 'panel@watch.test', 20);
  const second = await client.signIn(panel.email);
  const [one, two] = [socketOf(panel), socketOf({ token: second })];
  const [own, branch, above] = [watchBalance(one), watchBranch(two), watchBalance(socketOf(top), { resellerId: panel.id })];
  const opened = watchBalance(two);
  for (const watch of [own, above, opened]) await watch.next();
  const [ended, ...ends] = [branch.end(), closeOf(one), closeOf(two)];
  const closed = await elsewhere.client.mutate(top, 'closeReseller', { resellerId: panel.id, idempotencyKey: 'watched' });
  expect(outcomeOf(closed)).toBe('CloseResellerPayload');
  expect(await Promise.all(ends)).toMatchObject([{ code: 4403 }, { code: 4403 }]);
  // Its balance and its session end together. It may learn of one before its socket closes for the other.
  expect([4403, 'PANEL_LOCKED']).toContain(await ended);
  expect(await above.next()).toMatchObject({ balance: 0, locked: true, delta: -20, entry: { transfer: { kind: 'SWEEP' } } });
  expect((await client.ask(panel.token, '{ viewer { role } }')).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('a suspended branch may keep watching, and its data shows the suspension from the next change on', async () => {
  const top = await plantPanel(client, demo.root, 'over@watch.test', 50);
  const panel = await plantPanel(client, top, 'under@watch.test', 20);
  const query = 'subscription { event: balanceChanged { balance account { reseller { status statusReason } } } }';
  const watch = new Watch<object>(socketOf(panel), query, {});
  const status = (balance: number, reseller: object) => ({ balance, account: { reseller } });
  expect(await watch.next()).toEqual(status(20, { status: 'ACTIVE', statusReason: null }));
  await elsewhere.client.mutate(top, 'suspendReseller', { resellerId: panel.id, reason: 'late' });
  await elsewhere.client.transfer(top.token, panel.id, 1, 'while suspended');
  expect(await watch.next()).toEqual(status(21, { status: 'SUSPENDED', statusReason: 'late' }));
  // The other server also acts on the right it has learned of by now.
  for (const server of [client, elsewhere.client]) {
    const create = { name: 'n', email: 'n@watch.test', password: 'long enough', initialCredits: 10, idempotencyKey: 'suspended' };
    expect(outcomeOf(await server.mutate(panel, 'createReseller', create))).toBe('PANEL_SUSPENDED');
  }
  await elsewhere.client.mutate(top, 'resumeReseller', { resellerId: panel.id });
  await elsewhere.client.transfer(top.token, panel.id, 1, 'resumed');
  expect(await watch.next()).toEqual(status(22, { status: 'ACTIVE', statusReason: null }));
});

test('a suspended branch that is moved ends for its old parent with NOT_FOUND, and stays suspended under the new one', async () => {
  const [from, to] = [await plantPanel(client, demo.root, 'from@watch.test', 50), await plantPanel(client, demo.root, 'to@watch.test', 50)];
  const moved = await plantPanel(client, from, 'moved@watch.test', 20);
  const lost = watchBalance(socketOf(from), { resellerId: moved.id });
  await lost.next();
  await elsewhere.client.mutate(from, 'suspendReseller', { resellerId: moved.id, reason: 'held' });
  await elsewhere.client.mutate(demo.root, 'moveReseller', { resellerId: moved.id, newParentId: to.id });
  expect(await lost.end()).toBe('NOT_FOUND');
  // The panel that suspended it is no longer above it, and the new parent is not above that panel.
  expect(outcomeOf(await client.mutate(from, 'resumeReseller', { resellerId: moved.id }))).toBe('NOT_FOUND');
  expect(outcomeOf(await client.mutate(to, 'resumeReseller', { resellerId: moved.id }))).toBe('INVALID_STATE');
  expect(await client.mutate(demo.root, 'resumeReseller', { resellerId: moved.id })).toMatchObject({
    reseller: { status: 'ACTIVE' },
  });
});
