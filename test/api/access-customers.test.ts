import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Watch } from '../live/watch.ts';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { until } from '../support/until.ts';
import { issue, platformIdOf } from '../support/worlds/demo.ts';

/** More than a reader's socket and the server's buffers can take. */
const MANY = 60_000;

let world: CustomersWorld;
let service: string;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to serve');
  service = await serviceKeyOf(client, demo.root.token);
});

afterAll(() => world[Symbol.asyncDispose]());

interface State {
  readonly login: string;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: string;
}

const URL_PATH = '/access/customers';

async function state(key = service): Promise<{ version: number; customers: Map<string, State> }> {
  const response = await fetch(world.client.origin + URL_PATH, { headers: { authorization: `Bearer ${key}` } });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [first, last] = [lines.shift(), lines.pop()];
  expect(Object.keys(first)).toEqual(['version']);
  expect(last).toEqual({ customers: lines.length });
  return { version: first.version, customers: new Map(lines.map(({ customer, ...rest }) => [customer, rest])) };
}

test('R49: the state plus the changes after its version say what each customer of the tenant may use', async () => {
  const { demo } = world;
  const [kept, changed] = [await world.activated(demo.ana, 1, 2), await world.activated(demo.root)];
  await world.client.mutate(demo.ana, 'resetAccess', { customerId: kept.id, login: 'kept.login' });
  await world.activated(demo.other);
  const begun = await state();
  expect([...begun.customers.keys()].sort()).toEqual([kept.id, changed.id].sort());
  expect(begun.customers.get(kept.id)).toEqual({ login: 'kept.login', active: true, screens: 2, expiresAt: kept.expiresAt });
  // States are taken during changes, and each is completed by the changes after its version.
  const busy = (async () => {
    for (let round = 0; round < 8; round += 1)
      await world.client.mutate(demo.root, 'renewCustomer', { customerId: changed.id, periods: 1 });
  })();
  const states = [begun, await state(), await state()];
  await busy;
  const last = await world.seen(demo.root, changed.id);
  for (const { customers, version } of states) {
    const socket = world.client.socket(service);
    const watch = new Watch<State & { customerId: string }>(
      socket,
      'subscription ($after: Version) { event: accessChanged(after: $after) { customerId login active screens expiresAt } }',
      { after: version },
    );
    while (customers.get(changed.id)?.expiresAt !== last?.expiresAt) {
      const { customerId, ...now } = await watch.next();
      customers.set(customerId, now);
    }
    await socket.dispose();
    expect(customers.get(kept.id)?.login).toBe('kept.login');
  }
});

test('R49: a tenant without customers has a state too, and HEAD has its headers', async () => {
  const { client, demo } = world;
  const secret = await serviceKeyOf(client, demo.other.token);
  await world.sql`DELETE FROM customer_access WHERE tenant_id = (SELECT tenant_id FROM app_user WHERE email = ${demo.other.email})`;
  // A customer without credentials is included, with an empty login.
  expect([...(await state(secret)).customers.values()]).toMatchObject([{ login: '', active: true }]);
  const head = await fetch(client.origin + URL_PATH, { method: 'HEAD', headers: { authorization: `Bearer ${secret}` } });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
});

test('R49: a large state is read only as fast as the client takes it, two per tenant at a time; one cut off is visibly cut', async () => {
  const { client, demo, sql } = world;
  await sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, credits_spent, created_at, has_access, ended_for)
    SELECT tenant_id, gen_random_uuid(), reseller_id, 'many', 'many', 1, 1, false, now() + interval '30 days', 1, now(), true, NULL
    FROM app_user, generate_series(1, ${MANY}) WHERE email = ${demo.ana.email}`;
  const opened: { readonly destroy: () => void; readonly status: number }[] = [];
  const open = () =>
    new Promise<number>((resolve, reject) => {
      const request = get(client.origin + URL_PATH, { headers: { authorization: `Bearer ${service}` } }, (response) => {
        response.pause();
        opened.push({ status: response.statusCode ?? 0, destroy: () => request.destroy() });
        resolve(response.statusCode ?? 0);
      });
      request.on('error', (error) => (opened.length === 0 ? reject(error) : undefined));
    });
  expect([await open(), await open(), await open()]).toEqual([200, 200, 429]);
  for (const { destroy } of opened) destroy();
  // Their places are free again once the server has noticed.
  const whole = await until(() => state().catch(() => undefined));
  expect(whole.customers.size).toBe(MANY + 2);
});
