import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Watch } from '../live/watch.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { CustomersWorld, uuidOf } from '../support/clients/customers-api.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { until } from '../support/until.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';

/** Two servers on one database: the service reports to one, and the panel watches at the other. */
let world: CustomersWorld;
let elsewhere: Api;
let service: string;
let foreign: string;

beforeAll(async () => {
  world = await CustomersWorld.open();
  elsewhere = await startApi({ databaseUrl: world.databaseUrl });
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to serve');
  [service, foreign] = [await serviceKeyOf(client, demo.root.token), await serviceKeyOf(client, demo.other.token)];
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

interface Service {
  readonly status: string;
  readonly reason: string | null;
  readonly at: string | null;
}

interface Said {
  readonly status: number;
  readonly state?: string;
  readonly version?: number;
  readonly path?: string;
}

async function say(customer: string, body: unknown, key = service): Promise<Said> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const response = await fetch(`${world.client.origin}/access/customers/${customer}/state`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(body),
  });
  const { errors, ...said } = await response.json();
  return { status: response.status, ...said, ...(errors?.[0]?.extensions?.path ? { path: errors[0].extensions.path } : {}) };
}

async function stateOf({ token }: Pick<Member, 'token'>, id: string): Promise<Service | null> {
  const { customer } = await elsewhere.client.query(token, 'query ($id: ID!) { customer(id: $id) { service { status reason at } } }', {
    id,
  });
  return customer.service;
}

/** The number of a customer's last event, once it is numbered. */
async function lastOf(id: string): Promise<number> {
  return until(async () => {
    const [row] = await world.sql<{ version: number | null }[]>`
      SELECT max(version) AS version FROM access_event
      WHERE customer_id = ${uuidOf(id)} AND NOT EXISTS (SELECT 1 FROM access_waiting UNION ALL SELECT 1 FROM access_posted)`;
    return row?.version ?? undefined;
  });
}

const watching = (key: string, document: string, after: number) => {
  const socket = elsewhere.client.socket(key);
  onTestFinished(() => void socket.dispose());
  return new Watch<{ version: number; event: string; customer?: { service: Service | null } }>(socket, document, { after });
};
const OF_PANEL =
  'subscription ($after: Version) { event: customerChanged(after: $after) { version event customer { service { status reason at } } } }';
const OF_SERVICE = 'subscription ($after: Version) { event: accessChanged(after: $after) { version event } }';

test('R48, R49: a panel sees its service wait, be ready and fail, live at another server, and retries a failed service', async () => {
  const panel = await plantPanel(world.client, world.demo.root, 'one@state.test', 50);
  const before = await world.activated(panel);
  const customer = await world.activated(panel);
  // No service has reported anything, so there is no state to show.
  expect([await stateOf(panel, before.id), await stateOf(panel, customer.id)]).toEqual([null, null]);
  const begun = await lastOf(customer.id);
  const live = watching(panel.token, OF_PANEL, begun);
  const ofService = watching(service, OF_SERVICE, begun);
  expect(await say(customer.id, { version: begun, state: 'READY' })).toEqual({ status: 200, state: 'READY', version: begun });
  expect(await live.next()).toMatchObject({ event: 'SERVICE_READY', customer: { service: { status: 'READY', reason: null } } });
  expect(await stateOf(panel, before.id)).toBeNull();

  await world.client.mutate(panel, 'renewCustomer', { customerId: customer.id, periods: 1 });
  expect(await stateOf(panel, customer.id)).toEqual({ status: 'WAITING', reason: null, at: null });
  const renewed = await live.next();
  expect(renewed).toMatchObject({ event: 'CUSTOMER_RENEWED', customer: { service: { status: 'WAITING' } } });
  // A report about an earlier event is kept, and does not change the current state.
  expect(await say(customer.id, { version: begun, state: 'FAILED', reason: 'late' })).toMatchObject({ state: 'FAILED', version: begun });
  expect(await stateOf(panel, customer.id)).toMatchObject({ status: 'WAITING' });
  const { version } = renewed;
  expect(await say(customer.id, { version, state: 'FAILED', reason: 'disk is full' })).toMatchObject({ state: 'FAILED', version });
  expect(await live.next()).toMatchObject({ event: 'SERVICE_FAILED', customer: { service: { status: 'FAILED', reason: 'disk is full' } } });
  const failed = async () =>
    (
      await world.client.query(
        panel,
        '{ viewer { reseller { customers(first: 10, serviceFailed: true) { totalCount edges { node { id } } } } } }',
      )
    ).viewer.reseller.customers;
  expect(await failed()).toEqual({ totalCount: 1, edges: [{ node: { id: customer.id } }] });
  // Two concurrent repetitions give one state and no further event. An older number changes nothing.
  await Promise.all([1, 2].map(() => say(customer.id, { version, state: 'FAILED', reason: 'disk is full' })));
  expect(await say(customer.id, { version: begun, state: 'READY' })).toEqual({ status: 200, state: 'FAILED', version });

  const retry = (token: string) =>
    world.client.data<{ retryService: { __typename: string; code?: string; customer?: { service: Service } } }>(
      token,
      `mutation ($id: ID!) { retryService(input: { customerId: $id }) {
        __typename ... on Error { code } ... on RetryServicePayload { customer { service { status } } } } }`,
      { id: customer.id },
    );
  const tried = await Promise.all([retry(panel.token), retry(panel.token)]);
  expect(tried.map(({ retryService: { __typename, code } }) => code ?? __typename).sort()).toEqual([
    'INVALID_STATE',
    'RetryServicePayload',
  ]);
  expect(await failed()).toEqual({ totalCount: 0, edges: [] });
  const again = await live.next();
  expect(again).toMatchObject({ event: 'SERVICE_RETRIED', customer: { service: { status: 'WAITING' } } });
  expect(await say(customer.id, { version: again.version, state: 'READY' })).toMatchObject({ state: 'READY' });
  expect(await live.next()).toMatchObject({ event: 'SERVICE_READY' });
  // Services receive changes and retries, and not their own reports.
  expect((await ofService.take(2)).map(({ event }) => event)).toEqual(['CUSTOMER_RENEWED', 'SERVICE_RETRIED']);
  const next = await world.activated(panel);
  expect(await ofService.next()).toMatchObject({ event: 'CUSTOMER_ACTIVATED' });
  expect(await stateOf(panel, next.id)).toMatchObject({ status: 'WAITING' });
});

test("R18, R49: unknown and other tenants' customers are not found, invalid values are named, and only services report", async () => {
  const { client, demo } = world;
  const { id } = await world.activated(demo.ana);
  const version = await lastOf(id);
  const unknown = `${id.slice(0, -4)}AAAA`;
  for (const name of [unknown, 'x', '%00', demo.ana.id]) expect((await say(name, { version: 0, state: 'READY' })).status, name).toBe(404);
  expect((await say(id, { version: 0, state: 'READY' }, foreign)).status).toBe(404);
  const bad: [string, unknown][] = [
    ['version', { version: version + 1_000, state: 'READY' }],
    ['version', { version: -1, state: 'READY' }],
    ['version', { version: 2 ** 53, state: 'READY' }],
    ['version', { version: 1.5, state: 'READY' }],
    ['version', { version: '1', state: 'READY' }],
    ['state', { version, state: 'WAITING' }],
    ['reason', { version, state: 'FAILED', reason: 'a\u0007b' }],
    ['reason', { version, state: 'FAILED', reason: 'x'.repeat(201) }],
    ['reason', { version, state: 'READY', reason: 'why' }],
    ['body', { version, state: 'READY', more: 1 }],
  ];
  for (const [path, body] of bad) expect(await say(id, body), JSON.stringify(body)).toEqual({ status: 400, path });
  const { secret = '' } = await client.mutate(demo.root, 'createApiKey', { name: 'k', scope: 'MANAGE' });
  for (const token of [demo.ana.token, demo.root.token, demo.platform, secret])
    expect((await say(id, { version, state: 'READY' }, token)).status).toBe(403);
  expect(await say(id, { version, state: 'FAILED' })).toEqual({ status: 200, state: 'FAILED', version });
});
