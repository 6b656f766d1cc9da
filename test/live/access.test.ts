import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { endTerms } from '../../src/domain/access/end-terms.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { eventsOf } from '../support/clients/event-stream.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { range, versionsOf, Watch } from './watch.ts';

/** Two servers on one database: changes at one are announced to a service at the other. */
let world: CustomersWorld;
let elsewhere: Api;
let service: string;

beforeAll(async () => {
  world = await CustomersWorld.open();
  elsewhere = await startApi({ databaseUrl: world.databaseUrl });
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to serve');
  service = await serviceKey(demo.root);
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function serviceKey({ token }: Pick<Member, 'token'>): Promise<string> {
  const { secret } = await world.client.mutate(token, 'createApiKey', { name: 'server', scope: 'SERVICE' });
  return secret ?? Promise.reject(new Error('no key was made'));
}

interface Change {
  readonly version: number;
  readonly event: string;
  readonly customerId: string;
  readonly login: string;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: string;
}

const WATCHED =
  'subscription ($after: Version) { event: accessChanged(after: $after) { version event customerId login active screens expiresAt at } }';

function watch(key: string, after: number | null, at: Api['client'] = elsewhere.client): Watch<Change> {
  const socket = at.socket(key);
  onTestFinished(() => void socket.dispose());
  return new Watch(socket, WATCHED, after === null ? {} : { after });
}

/** The first events of a stream over HTTP. */
async function streamed(key: string, after: number, count: number): Promise<Change[]> {
  const aborted = new AbortController();
  const response = await fetch(elsewhere.client.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: WATCHED, variables: { after } }),
    signal: aborted.signal,
  });
  const changes: Change[] = [];
  for await (const { data } of eventsOf<{ readonly data: { readonly event: Change } }>(response)) {
    changes.push(data.event);
    if (changes.length >= count) break;
  }
  aborted.abort();
  return changes;
}

async function loginOf({ token }: Member, id: string): Promise<string> {
  const { customer } = await world.client.query(token, 'query ($id: ID!) { customer(id: $id) { access { login } } }', { id });
  return customer.access.login;
}

test('R48, R49: a service gets every change of the tenant, gapless, on every transport, and resumes from any number', async () => {
  const { demo } = world;
  const [one, other] = [await plantPanel(world.client, demo.root, 'one@access.test', 40), demo.ana];
  const live = watch(service, 0);
  const customer = await world.activated(one, 1, 2);
  await world.activated(other);
  await world.client.mutate(one, 'resetAccess', { customerId: customer.id, login: 'new.name' });
  await world.client.mutate(one, 'renewCustomer', { customerId: customer.id, periods: 1 });
  const changes = await live.take(4);
  expect(versionsOf(changes)).toEqual(range(1, 4));
  expect(changes.map(({ event }) => event).sort()).toEqual([
    'ACCESS_RESET',
    'CUSTOMER_ACTIVATED',
    'CUSTOMER_ACTIVATED',
    'CUSTOMER_RENEWED',
  ]);
  const seen = await world.seen(one, customer.id);
  expect(changes.findLast(({ customerId }) => customerId === customer.id)).toMatchObject({
    ...{ login: 'new.name', active: true, screens: 2, expiresAt: seen?.expiresAt },
  });
  // From the middle, over the stream of another transport, and from the end.
  expect(versionsOf(await watch(service, 2).take(2))).toEqual([3, 4]);
  expect(versionsOf(await streamed(service, 1, 3))).toEqual([2, 3, 4]);
  const later = watch(service, 4);
  const next = await world.activated(other);
  expect(await later.next()).toMatchObject({ version: 5, customerId: next.id, login: await loginOf(other, next.id) });
});

test('R48: the feed resumes from every version, at the server that numbered it and at others, even one that just started', async () => {
  for (let count = 0; count < 3; count += 1) await world.activated(world.demo.ana);
  const all = await watch(service, 0).take(8);
  await using fresh = await startApi({ databaseUrl: world.databaseUrl });
  for (const at of [world.client, elsewhere.client, fresh.client]) {
    for (let after = 0; after < all.length; after += 1)
      expect(await watch(service, after, at).take(all.length - after), String(after)).toEqual(all.slice(after));
  }
});

test("R49: a number above the current one, another tenant's, negative or above 2^53 is BAD_USER_INPUT; no other tenant is seen", async () => {
  const foreign = await serviceKey(world.demo.other);
  for (const after of [1_000_000, -1, 2 ** 53, 1.5]) expect(await watch(service, after).end(), String(after)).toBe('BAD_USER_INPUT');
  // Number 3 is past in one tenant, and in the future in the other.
  expect(await watch(foreign, 3).end()).toBe('BAD_USER_INPUT');
  const watched = watch(foreign, 0);
  await world.activated(world.demo.ana);
  const { id } = await world.activated(world.demo.other);
  expect(await watched.next()).toMatchObject({ version: 1, customerId: id });
});

test('R10, R47: a service gets changes of locked, suspended and closed panels, even while its own root is locked', async () => {
  const { client, demo, sql } = world;
  const { root } = demo;
  const panel = await plantPanel(client, root, 'fates@access.test', 12);
  const spare = await plantPanel(client, root, 'spare@access.test', 10);
  const [ends, moves] = [await world.activated(panel), await world.activated(panel)];
  await client.mutate(root, 'suspendReseller', { resellerId: panel.id, reason: 'debt' });
  await client.mutate(root, 'transferCredits', { toResellerId: spare.id, amount: await world.balance(root), idempotencyKey: 'all' });
  const live = watch(service, 0);
  const changeOf = async (id: string, event: string): Promise<Change> => {
    for (;;) {
      const change = await live.next();
      if (change.customerId === id && change.event === event) return change;
    }
  };
  expect(await changeOf(moves.id, 'CUSTOMER_ACTIVATED')).toMatchObject({ active: true });
  // Changes by time alone are also announced for a suspended panel's customers below a locked root.
  await world.endsIn(ends, 0);
  await endTerms({ sql, topology: inject('topology') });
  expect(await changeOf(ends.id, 'CUSTOMER_EXPIRED')).toMatchObject({ active: false });
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 1_000, 'again');
  await client.mutate(root, 'resumeReseller', { resellerId: panel.id });
  await client.mutate(root, 'closeReseller', { resellerId: panel.id, idempotencyKey: 'close' });
  expect(await changeOf(moves.id, 'CUSTOMER_MOVED')).toMatchObject({ active: true, expiresAt: moves.expiresAt });
});

test("R49: a subscription ends when its key is revoked, or when the key's creator is no longer an OWNER", async () => {
  const { apiKey, secret = '' } = await world.client.mutate(world.demo.root, 'createApiKey', { name: 'brief', scope: 'SERVICE' });
  const live = watch(secret, 0);
  await live.next();
  await world.client.mutate(world.demo.root, 'revokeApiKey', { apiKeyId: apiKey?.id ?? '' });
  expect([4403, 'UNAUTHENTICATED']).toContain(await live.end());
});
