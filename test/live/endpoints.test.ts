import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import { colleagueOf } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import type { Demo } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { deliveriesOf, hook } from '../webhooks/hook-api.ts';
import { Receiver } from '../webhooks/receiver.ts';
import { Watch } from './watch.ts';

/** Two servers on one database: one delivers, and the other shows the outcome. */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;
let sql: Sql;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await Receiver.open();
  const webhooks = { allowLoopback: true, retryDelaysMs: [20] };
  ({ api, demo } = await startDemo({ limits: { webhooks } }));
  elsewhere = await startApi({ databaseUrl: api.databaseUrl, limits: { webhooks } });
  ({ client } = api);
  sql = openTestSql(api.databaseUrl);
});

afterAll(async () => {
  await sql.end();
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

interface EndpointEvent {
  readonly id: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly dead: { readonly edges: readonly object[] };
}

/** The event for which an owner is notified. */
type State = 'enabled' | 'dead' | 'removed' | 'GONE' | 'BY_OWNER';

function stateOf(event: EndpointEvent | null): State {
  if (event === null) return 'removed';
  if (event.disabledReason === 'GONE' || event.disabledReason === 'BY_OWNER') return event.disabledReason;
  return event.dead.edges.length > 0 ? 'dead' : 'enabled';
}

const TOLD = '{ id enabled disabledReason dead: deliveries(first: 1, status: DEAD) { edges { node { id } } } }';

function watch(token: string): Watch<EndpointEvent | null> {
  const socket = elsewhere.client.socket(token);
  onTestFinished(() => void socket.dispose());
  return new Watch(socket, `subscription { event: webhookEndpointChanged ${TOLD} }`, {});
}

async function upTo(watched: Watch<EndpointEvent | null>, state: State): Promise<void> {
  while (stateOf(await watched.next()) !== state);
}

/** Changes the panel's endpoints until an event arrives: from then on nothing is missed. */
async function begun(watched: Watch<EndpointEvent | null>): Promise<void> {
  const event = watched.next().then(() => true);
  const touch = () => sql`UPDATE webhook_endpoint SET url = url`.then(() => false);
  while (!(await Promise.race([event, touch()])));
}

test('an owner is told at any server that an endpoint is made, disabled, given up on, retried and removed (R50)', async () => {
  const { token } = demo.ana;
  receiver.answer = () => 500;
  const made = await hook(client, token, 'createWebhookEndpoint', {
    url: `${receiver.origin}/told`,
    scope: 'PANEL',
    events: ['CUSTOMER_ACTIVATED'],
  });
  const endpointId = made.endpoint?.id ?? '';
  const [watched, child] = [watch(token), watch(demo.bruno.token)];
  await begun(watched);
  await hook(client, token, 'sendTestEvent', { endpointId });
  await upTo(watched, 'dead');
  receiver.answer = () => 410;
  const [dead] = await deliveriesOf(client, token, endpointId, 'first: 1, status: DEAD');
  await hook(client, token, 'replayEvents', { deliveryId: dead?.id });
  await upTo(watched, 'GONE');
  receiver.answer = () => 204;
  await hook(client, token, 'updateWebhookEndpoint', { endpointId, enabled: true });
  await upTo(watched, 'enabled');
  await hook(client, token, 'updateWebhookEndpoint', { endpointId, enabled: false });
  await upTo(watched, 'BY_OWNER');
  await hook(client, token, 'removeWebhookEndpoint', { endpointId });
  await upTo(watched, 'removed');
  // Nobody else is notified: the child's first event is about its own endpoint.
  const own = await hook(client, demo.bruno.token, 'createWebhookEndpoint', {
    url: `${receiver.origin}/own`,
    scope: 'PANEL',
    events: ['CUSTOMER_ACTIVATED'],
  });
  await begun(child);
  await hook(client, demo.bruno.token, 'updateWebhookEndpoint', { endpointId: own.endpoint?.id, enabled: false });
  // Events of `begun` may still come.
  for (let isEnabled = true; isEnabled; ) {
    const event = await child.next();
    expect(event?.id).toBe(own.endpoint?.id);
    isEnabled = event?.enabled ?? false;
  }
});

test('failed attempts and arrived deliveries send the owner no event (R50)', async () => {
  const { token } = demo.root;
  receiver.answer = () => 204;
  const made = await hook(client, token, 'createWebhookEndpoint', {
    url: `${receiver.origin}/quiet`,
    scope: 'PANEL',
    events: ['CUSTOMER_ACTIVATED'],
  });
  const endpointId = made.endpoint?.id ?? '';
  const stamps = () => sql`SELECT changed_xact FROM webhook_endpoint WHERE url = ${`${receiver.origin}/quiet`}`;
  const before = await stamps();
  const answers = [500, 204];
  receiver.answer = () => answers.shift() ?? 204;
  await hook(client, token, 'sendTestEvent', { endpointId });
  await until(async () => (await deliveriesOf(client, token, endpointId)).some(({ status }) => status === 'DELIVERED'));
  expect([answers, await stamps()]).toEqual([[], before]);
});

test('only an owner may watch, and an owner who loses the role gets nothing more (R50, R18)', async () => {
  const finance = await colleagueOf(client, demo.root.token, 'finance-hooks@demo.test', 'FINANCE');
  expect(await watch(finance.token).end()).toBe('FORBIDDEN');
  const owner = await colleagueOf(client, demo.root.token, 'second-owner@demo.test', 'OWNER');
  const watched = watch(owner.token);
  await begun(watched);
  await client.mutate(demo.root, 'updateUser', { userId: owner.id, role: 'VIEWER' });
  expect(await watched.end()).toBe('FORBIDDEN');
});
