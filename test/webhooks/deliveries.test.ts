import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Resolve } from '../../src/domain/endpoint/address-rules.ts';
import { WEBHOOK_EVENTS } from '../../src/domain/endpoint/events.ts';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { until } from '../support/until.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { deliveriesOf, hook } from './hook-api.ts';
import { type Received, Receiver } from './receiver.ts';

let api: CustomersWorld;
let demo: Demo;
let sql: Sql;
let receiver: Receiver;
/** Retries at once, seven times. */
const RETRIES = Array.from({ length: 7 }, () => 20);

/** Uses no name server: one name leads to a private address, and every other name is unknown. */
const resolve: Resolve = async (name) =>
  name === 'inside.test' ? [{ address: '10.0.0.1', family: 4 }] : Promise.reject(new Error('ENOTFOUND'));

beforeAll(async () => {
  receiver = await Receiver.open();
  api = await CustomersWorld.open({ limits: { webhooks: { allowLoopback: true, retryDelaysMs: RETRIES, resolve } } });
  ({ demo, sql } = api);
  await issue(api.client, demo.platform, await platformIdOf(api.client, demo.platform, 'root'), 10_000, 'to tell');
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** An endpoint of the panel at a path of the receiver, which knows its secret. */
async function register({ token }: Pick<Member, 'token'>, path: string, events: readonly string[], scope = 'PANEL'): Promise<string> {
  const made = await hook(api.client, token, 'createWebhookEndpoint', { url: receiver.origin + path, scope, events });
  receiver.secrets.push(made.secret ?? '');
  return made.endpoint?.id ?? Promise.reject(new Error(JSON.stringify(made)));
}

let contacts = 0;
async function activate(
  { token }: Pick<Member, 'token'>,
  name = 'Maria',
  contact = `+55119${String(80_000_000 + contacts)}`,
): Promise<string> {
  contacts += 1;
  const done = await api.client.mutate({ token }, 'activateCustomer', { name, contact, periods: 1 });
  return done.customer?.id ?? Promise.reject(new Error(JSON.stringify(done)));
}

async function renew({ token }: Pick<Member, 'token'>, customerId: string): Promise<void> {
  await api.client.mutate({ token }, 'renewCustomer', { customerId, periods: 1 });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const typesOf = (got: readonly Received[]) => got.map(({ type }) => type);

test('panel and tenant get the chosen events, signed; the tenant gets no personal data, nobody a secret (R50, R46)', async () => {
  const panel = await plantPanel(api.client, demo.root, 'told@demo.test', 30);
  const own = [
    'CUSTOMER_ACTIVATED',
    'CUSTOMER_RENEWED',
    'ACCESS_RESET',
    'ACCOUNT_CHANGED',
    'ACCOUNT_LOW',
    'ACCOUNT_LOCKED',
    'PURCHASE_CHANGED',
  ];
  await register(panel, '/panel', own);
  await register(demo.root, '/tenant', [...own, 'RESELLER_CREATED', 'RESELLER_STATUS_CHANGED'], 'TENANT');
  await register(demo.ana, '/sibling', own);
  const id = await activate(panel, 'Ana Maria', '+5511987654321');
  await renew(panel, id);
  await api.client.mutate(panel, 'resetAccess', { customerId: id, secret: 'not-to-be-told' });
  const child = await plantPanel(api.client, panel, 'below@demo.test', 28);
  await until(() => receiver.got.some(({ data, type }) => type === 'reseller.created' && data.resellerId === child.id));
  await api.client.mutate(demo.root, 'suspendReseller', { resellerId: child.id, reason: 'r' });

  const told = await receiver.at('/panel', 8);
  const access = told.filter(({ data }) => data.customerId === id);
  expect(typesOf(access)).toEqual(['customer.activated', 'customer.renewed', 'access.reset']);
  expect(access[0]?.data).toMatchObject({ resellerId: panel.id, active: true, screens: 1, name: 'Ana Maria', contact: '+5511987654321' });
  const account = told.filter(({ type }) => type.startsWith('account.'));
  expect(account.map(({ data, type }) => [type, data.delta, data.balance])).toEqual([
    ['account.changed', -1, 29],
    ['account.changed', -1, 28],
    ['account.changed', -28, 0],
    ['account.locked', -28, 0],
    ['account.low', -28, 0],
  ]);
  const tenant = await until(() => {
    const found = receiver.got.filter(({ path }) => path === '/tenant');
    const types = typesOf(found.filter(({ data }) => [id, child.id].includes(String(data.customerId ?? data.resellerId))));
    return ['reseller.status_changed', 'access.reset'].every((type) => types.includes(type)) && found;
  });
  expect(tenant.find(({ data, type }) => type === 'reseller.created' && data.resellerId === child.id)?.data).toMatchObject({
    resellerId: child.id,
    parentId: panel.id,
    status: 'ACTIVE',
  });
  expect(tenant.find(({ data, type }) => type === 'reseller.status_changed' && data.resellerId === child.id)?.data).toMatchObject({
    resellerId: child.id,
    status: 'SUSPENDED',
  });
  expect(typesOf(tenant.filter(({ data }) => data.customerId === id))).toEqual(['customer.activated', 'customer.renewed', 'access.reset']);
  expect(JSON.stringify(tenant)).not.toMatch(/Ana Maria|987654321/);
  expect(JSON.stringify(receiver.got)).not.toContain('not-to-be-told');
  expect(receiver.got.filter(({ path }) => path === '/sibling')).toEqual([]);
  expect(receiver.got.every(({ verified }) => verified)).toBe(true);
});

test('a purchase is announced to its buyer and its seller, each change with a higher version (R50)', async () => {
  await setPrices(api.client, demo.platform, PRICES);
  await register(demo.bruno, '/buyer', ['PURCHASE_CHANGED']);
  const bought = await order(api.client, demo.bruno.token, { quantity: 10, idempotencyKey: 'order' });
  await receiver.at('/buyer', 1);
  await api.client.data(demo.bruno.token, `mutation { cancelPurchase(input: { purchaseId: "${bought.id}" }) { __typename } }`);
  const [first, second] = await receiver.at('/buyer', 2);
  expect(first?.data).toMatchObject({ purchaseId: bought.id, number: bought.number, status: 'PENDING', quantity: 10, sellerId: null });
  expect(second?.data).toMatchObject({ purchaseId: bought.id, status: 'CANCELED' });
  expect(second?.data.version).toBeGreaterThan(first?.data.version ?? 0);
});

test('a failing endpoint is retried under one id, in order for each customer, and delays nobody else (R50)', async () => {
  const panel = await plantPanel(api.client, demo.root, 'failing@demo.test', 60);
  const events = ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED'];
  const failing = await register(panel, '/failing', events);
  await register(panel, '/fine', events);
  const refused = new Set<string>();
  // The first customer's first message is answered with 500 three times; all others succeed at once.
  let times = 0;
  receiver.answer = ({ data, path, type }) => {
    if (path !== '/failing' || data.name !== 'Slow' || type !== 'customer.activated' || times === 3) return 200;
    times += 1;
    refused.add(String(data.customerId));
    return 500;
  };
  const slow = await activate(panel, 'Slow');
  await renew(panel, slow);
  const quick = await activate(panel, 'Quick');
  await renew(panel, quick);
  const failed = await receiver.at('/failing', 7);
  const of = (id: string, got: readonly Received[]) => got.filter(({ data }) => data.customerId === id);
  expect(typesOf(of(slow, failed))).toEqual([...Array(4).fill('customer.activated'), 'customer.renewed']);
  expect(new Set(of(slow, failed).map(({ id }) => id)).size).toBe(2);
  expect(typesOf(of(quick, failed))).toEqual(['customer.activated', 'customer.renewed']);
  expect(typesOf(of(slow, await receiver.at('/fine', 4)))).toEqual(['customer.activated', 'customer.renewed']);
  const rows = await until(async () => {
    const found = await deliveriesOf(api.client, panel.token, failing);
    return found.every(({ status }) => status === 'DELIVERED') && found;
  });
  expect(rows.map(({ attempts }) => attempts).sort()).toEqual([1, 1, 1, 4]);
});

test('a message refused eight times is dead, blocks nothing, and is replayed under its id, as is a range of versions (R50)', async () => {
  const panel = await plantPanel(api.client, demo.root, 'dead@demo.test', 60);
  const endpoint = await register(panel, '/dead', ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED']);
  receiver.answer = ({ type }) => (type === 'customer.activated' ? 503 : 204);
  const id = await activate(panel);
  await renew(panel, id);
  const got = await receiver.at('/dead', 9);
  expect(typesOf(got)).toEqual([...Array(8).fill('customer.activated'), 'customer.renewed']);
  const [dead] = await until(async () => {
    const found = await deliveriesOf(api.client, panel.token, endpoint, 'first: 10, status: DEAD');
    return found.length === 1 && found;
  });
  expect(dead).toMatchObject({
    event: 'CUSTOMER_ACTIVATED',
    attempts: 8,
    lastStatusCode: 503,
    lastError: 'HTTP_503',
    version: got[0]?.data.version,
  });
  receiver.answer = () => 204;
  expect(await hook(api.client, panel.token, 'replayEvents', { deliveryId: dead?.id })).toMatchObject({
    __typename: 'ReplayEventsPayload',
  });
  expect((await receiver.at('/dead', 10))[9]).toMatchObject({ id: got[0]?.id, body: got[0]?.body });
  const [before, after] = [got[0]?.data.version ?? 0, got[8]?.data.version ?? 0];
  const again = (afterVersion: number) => hook(api.client, panel.token, 'replayEvents', { endpointId: endpoint, afterVersion });
  await until(async () => (await deliveriesOf(api.client, panel.token, endpoint)).every(({ status }) => status === 'DELIVERED'));
  await again(before - 1);
  expect((await receiver.at('/dead', 12)).slice(10).map(({ data }) => data.version)).toEqual([before, after]);
  expect(await again(1_000_000)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.afterVersion' }] });
  expect(await hook(api.client, panel.token, 'replayEvents', { endpointId: endpoint })).toMatchObject({ code: 'INVALID_INPUT' });
});

test('410 and five days of failures disable an endpoint; the owner sees why, and enabling sends what was kept (R50)', async () => {
  const panel = await plantPanel(api.client, demo.root, 'gone@demo.test', 60);
  const stateOf = async (id: string) =>
    (await api.client.query(panel, `{ node(id: "${id}") { ... on WebhookEndpoint { enabled disabledReason } } }`)).node;
  const gone = await register(panel, '/gone', ['CUSTOMER_ACTIVATED']);
  receiver.answer = ({ path }) => (path === '/gone' ? 410 : 500);
  await activate(panel);
  await until(async () => !(await stateOf(gone)).enabled);
  expect(await stateOf(gone)).toEqual({ enabled: false, disabledReason: 'GONE' });
  await activate(panel, 'Meanwhile');
  expect(await hook(api.client, panel.token, 'sendTestEvent', { endpointId: gone })).toMatchObject({ code: 'INVALID_STATE' });

  const failing = await register(panel, '/failing-for-days', ['CUSTOMER_ACTIVATED']);
  await sql`UPDATE webhook_endpoint SET failing_since = now() - interval '5 days' WHERE url LIKE '%/failing-for-days'`;
  await activate(panel, 'Late');
  await until(async () => !(await stateOf(failing)).enabled);
  expect(await stateOf(failing)).toEqual({ enabled: false, disabledReason: 'FAILING' });
  const { auditLog } = await api.client.query(panel, '{ auditLog(first: 20) { edges { node { action actor changes { after } } } } }');
  const disabled = auditLog.edges.map(({ node }) => node).filter(({ action }) => action === 'WEBHOOK_DISABLED');
  expect(disabled).toEqual(['FAILING', 'GONE'].map((after) => ({ action: 'WEBHOOK_DISABLED', actor: null, changes: [{ after }] })));

  receiver.answer = () => 200;
  const enabled = await hook(api.client, panel.token, 'updateWebhookEndpoint', { endpointId: gone, enabled: true });
  expect(enabled.endpoint).toMatchObject({ enabled: true, disabledReason: null });
  const told = await until(() => {
    const names = new Set(receiver.got.filter(({ path }) => path === '/gone').map(({ data }) => data.name));
    return names.size === 3 && names;
  });
  expect([...told].sort()).toEqual(['Late', 'Maria', 'Meanwhile']);
});

test('after a rotation messages have both signatures, and a test event is marked and concerns nobody (R50)', async () => {
  const endpoint = await register(demo.ana, '/rotated', ['CUSTOMER_EXPIRED', 'PURCHASE_CHANGED']);
  const accepted = Promise.withResolvers<number>();
  receiver.answer = () => accepted.promise;
  const send = (event?: string) => hook(api.client, demo.ana.token, 'sendTestEvent', { endpointId: endpoint, event });
  const first = await send();
  // The delivery is still pending in the mutation's result because the receiver accepts it only afterwards.
  expect(first.delivery).toMatchObject({ event: 'CUSTOMER_EXPIRED', status: 'PENDING' });
  accepted.resolve(204);
  expect((await receiver.at('/rotated', 1))[0]).toMatchObject({ type: 'customer.expired', test: true, verified: true, signatures: 1 });
  const old = receiver.secrets.pop() ?? '';
  const { secret = '' } = await hook(api.client, demo.ana.token, 'rotateWebhookSecret', { endpointId: endpoint });
  for (const known of [old, secret]) {
    receiver.secrets.push(known);
    const before = receiver.got.filter(({ path }) => path === '/rotated').length;
    await until(async () => (await send('PURCHASE_CHANGED')).delivery !== undefined);
    expect((await receiver.at('/rotated', before + 1)).at(-1)).toMatchObject({ type: 'purchase.changed', verified: true, signatures: 2 });
    receiver.secrets.pop();
  }
  await sql`UPDATE webhook_endpoint SET old_secret_until = now() WHERE url LIKE '%/rotated'`;
  receiver.secrets.push(old);
  await until(async () => (await send()).delivery !== undefined);
  expect((await receiver.at('/rotated', 4)).at(-1)).toMatchObject({ verified: false, signatures: 1 });
});

test("bad endpoints are refused by name: addresses, no events, a tenant's for a panel below the root, the 101st (R50, R51)", async () => {
  const make = (token: string, input: object) =>
    hook(api.client, token, 'createWebhookEndpoint', { url: receiver.origin, events: ['ACCESS_RESET'], ...input });
  const good = await make(demo.ana.token, {});
  const change = (input: object) => hook(api.client, demo.ana.token, 'updateWebhookEndpoint', { endpointId: good.endpoint?.id, ...input });
  for (const url of [
    'http://example.com',
    'file:///etc/passwd',
    'ftp://example.com',
    'https://user@example.com',
    'https://user:word@example.com',
    'https://93.184.216.34:22',
    'https://[fd00::1]',
    'https://[::ffff:10.0.0.1]',
    'https://167772161',
    'https://10.0.0.1',
    'https://inside.test',
  ]) {
    const refusal = { code: 'INVALID_INPUT', fields: [{ path: 'input.url' }] };
    expect(await make(demo.ana.token, { url }), url).toMatchObject(refusal);
    expect(await change({ url }), url).toMatchObject(refusal);
  }
  expect(await change({ events: [] })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.events' }] });
  expect(await make(demo.ana.token, { events: [] })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.events' }] });
  expect(await make(demo.ana.token, { scope: 'TENANT' })).toMatchObject({ code: 'FORBIDDEN' });
  // An endpoint for every event.
  const all = await make(demo.root.token, { events: WEBHOOK_EVENTS, scope: 'TENANT' });
  expect(all).toHaveProperty('secret');
  await hook(api.client, demo.root.token, 'removeWebhookEndpoint', { endpointId: all.endpoint?.id });
  const panel = await plantPanel(api.client, demo.root, 'many@demo.test', 10);
  const made = await Promise.all(Array.from({ length: 105 }, () => make(panel.token, {})));
  expect(made.filter(({ secret }) => secret !== undefined)).toHaveLength(100);
  expect(made.filter(({ code }) => code === 'INVALID_STATE')).toHaveLength(5);
  const removed = made.find(({ endpoint }) => endpoint)?.endpoint?.id;
  await hook(api.client, panel.token, 'removeWebhookEndpoint', { endpointId: removed });
  expect(await make(panel.token, {})).toHaveProperty('secret');
  expect(await hook(api.client, panel.token, 'rotateWebhookSecret', { endpointId: removed })).toMatchObject({ code: 'NOT_FOUND' });
});

test('10,000 deliveries waiting for a dead endpoint delay no others, and more events wait in their source (R50)', async () => {
  const [{ tenant, id } = { tenant: '', id: '' }] = await sql<{ tenant: string; id: string }[]>`
    UPDATE webhook_endpoint SET due_at = now() + interval '1 hour' WHERE url LIKE '%/dead' RETURNING tenant_id AS tenant, id`;
  await sql`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at, due_at)
    SELECT ${tenant}, gen_random_uuid(), ${id}, 'CUSTOMER_ACTIVATED', 'customer ' || n, 1, '{}', now(), now() FROM generate_series(1, 10000) AS n`;
  const member = { token: await api.client.signIn('dead@demo.test') };
  await activate(member, 'One more');
  const panel = await plantPanel(api.client, demo.root, 'beside@demo.test', 20);
  await register(panel, '/beside', ['CUSTOMER_ACTIVATED']);
  receiver.answer = () => 204;
  await activate(panel);
  await receiver.at('/beside', 1);
  const [full] = await sql<{ waiting: number; behind: boolean }[]>`
    SELECT (SELECT count(*)::integer FROM webhook_delivery WHERE endpoint_id = ${id} AND finished_at IS NULL) AS waiting,
      access_version < (SELECT max(version) FROM access_event a WHERE a.tenant_id = e.tenant_id AND a.reseller_id = e.reseller_id) AS behind
    FROM webhook_endpoint e WHERE id = ${id}`;
  expect(full).toEqual({ waiting: 10_000, behind: true });
  await sql`DELETE FROM webhook_delivery WHERE endpoint_id = ${id} AND body = '{}'`;
  await sql`UPDATE webhook_endpoint SET due_at = now() WHERE id = ${id}`;
  expect(
    (
      await until(() => {
        const found = receiver.got.filter(({ data, path }) => path === '/dead' && data.name === 'One more');
        return found.length > 0 && found;
      })
    )[0],
  ).toMatchObject({ type: 'customer.activated' });
});

test('the example receiver verifies its messages, and processes one once even if it arrives twice (R50)', async () => {
  const port = await freePort();
  const made = await hook(api.client, demo.ana.token, 'createWebhookEndpoint', {
    url: `http://127.0.0.1:${port}`,
    events: ['CUSTOMER_RENEWED'],
  });
  const file = fileURLToPath(new URL('../../examples/webhook-receiver/receiver.ts', import.meta.url));
  const child = spawn(process.execPath, [file, made.secret ?? '', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  closedAtEnd(async () => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await until(() => printed.includes('listening'));
  const stranger = {
    'webhook-id': 'x',
    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    'webhook-signature': `v1,${'A'.repeat(43)}=`,
  };
  expect((await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers: stranger, body: '{}' })).status).toBe(400);
  const customer = await activate(demo.ana);
  await renew(demo.ana, customer);
  await until(() => printed.includes(customer));
  const endpointId = made.endpoint?.id ?? '';
  const [told] = await until(async () => {
    const found = await deliveriesOf(api.client, demo.ana.token, endpointId, 'first: 5, status: DELIVERED');
    return found.length > 0 && found;
  });
  await hook(api.client, demo.ana.token, 'replayEvents', { deliveryId: told?.id });
  await until(async () => (await deliveriesOf(api.client, demo.ana.token, endpointId))[0]?.status === 'DELIVERED');
  await until(async () => (await hook(api.client, demo.ana.token, 'sendTestEvent', { endpointId })).delivery !== undefined);
  await until(() => printed.includes('(test)'));
  expect(printed.match(/customer\.renewed \d+ \S+$/gm)).toHaveLength(1);
});

test('all messages of this file, for every kind of subject, match docs/webhook-events.schema.json (R50)', async () => {
  const schema = JSON.parse(await readFile(new URL('../../docs/webhook-events.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  for (const { body } of receiver.got) expect(validate(JSON.parse(body)), `${body} ${JSON.stringify(validate.errors)}`).toBe(true);
  const kinds = new Set(receiver.got.map(({ type }) => type.split('.')[0]));
  expect([...kinds].sort()).toEqual(['access', 'account', 'customer', 'purchase', 'reseller']);
  expect(validate({ type: 'customer.activated', timestamp: 'now', data: { version: 1 } })).toBe(false);
});
