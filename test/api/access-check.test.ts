import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type AccessChecks, createAccessChecks } from '../../src/domain/access/check-access.ts';
import { RateLimited } from '../../src/kernel/errors.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { type Api, SECRETS_KEY, startApi } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { effortOf } from '../support/effort.ts';
import { startCountingProxy } from '../support/processes/counting-proxy.ts';
import { Port } from '../support/processes/port.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';

/** Two servers on one database: changes are made at one, and a service checks at the other. */
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

interface Checked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly active?: boolean;
  readonly screens?: number;
  readonly expiresAt?: string | null;
  readonly customer?: string | null;
  readonly version?: number;
}

async function send(key: string, body: string, at = elsewhere.client.origin): Promise<Checked> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const response = await fetch(`${at}/access/check`, { method: 'POST', headers, body });
  const text = await response.text();
  const { date: _, 'x-request-id': __, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text, ...(text.startsWith('{') ? JSON.parse(text) : {}) };
}

const check = (login: string, secret: string, more: object = {}, key = service) => send(key, JSON.stringify({ login, secret, ...more }));

let logins = 0;

/** Activates a customer with a new login and this secret. */
async function served(member: Member, secret = 'right secret'): Promise<CustomerSeen & { readonly login: string }> {
  logins += 1;
  const [login, customer] = [`user-${logins}`, await world.activated(member, 1, 2)];
  await world.client.mutate(member, 'resetAccess', { customerId: customer.id, login, secret });
  return { ...customer, login };
}

test('R49: a right login and secret get what the customer may use, at any server, in its own tenant and no other', async () => {
  const { demo } = world;
  const customer = await served(demo.ana);
  const right = await check(customer.login, 'right secret');
  expect(right).toMatchObject({ status: 200, active: true, screens: 2, expiresAt: customer.expiresAt, customer: customer.id });
  expect(right.version).toBeGreaterThanOrEqual(0);
  expect(Object.keys(JSON.parse(right.text)).sort()).toEqual(['active', 'customer', 'expiresAt', 'screens', 'version']);
  expect(await check(customer.login, 'right secret', {}, foreign)).toMatchObject({ active: false, customer: null });
});

/** Moves the end of a term by hand, and writes the event that the product writes in the same commit. */
async function endsIn(customer: CustomerSeen, ms: number): Promise<Date> {
  const ends = await world.endsIn(customer, ms);
  await world.sql`
    INSERT INTO access_waiting (tenant_id, customer_id, event, at)
    SELECT tenant_id, id, 'CUSTOMER_RENEWED', now() FROM customer WHERE id = ${uuidOf(customer.id)}`;
  return ends;
}

test('R47, R49: an answer follows a commit or time at once, even at a server where nothing was changed', async () => {
  const { ana } = world.demo;
  const customer = await served(ana);
  const now = async (secret = 'right secret') => {
    const { active, expiresAt, screens } = await check(customer.login, secret);
    return { active, screens, expiresAt };
  };
  const { expiresAt } = customer;
  expect(await now()).toEqual({ active: true, screens: 2, expiresAt });
  const { transfer } = await world.client.mutate(ana, 'addScreens', { customerId: customer.id, screens: 1 });
  expect(await now()).toEqual({ active: true, screens: 3, expiresAt });
  await world.client.mutate(ana, 'undoSpending', { transferId: transfer?.id ?? '' });
  expect(await now()).toEqual({ active: true, screens: 2, expiresAt });
  const renewed = await world.client.mutate(ana, 'renewCustomer', { customerId: customer.id, periods: 1 });
  expect(await now()).toEqual({ active: true, screens: 2, expiresAt: renewed.customer?.expiresAt });
  await world.client.mutate(ana, 'resetAccess', { customerId: customer.id, secret: 'another secret' });
  expect((await now()).active).toBe(false);
  expect((await now('another secret')).active).toBe(true);
  // The database's clock decides the end: one millisecond before the end of the term, and exactly at it.
  const ends = await endsIn(customer, 0);
  expect(await now('another secret')).toEqual({ active: false, screens: 2, expiresAt: ends.toISOString() });
  await endsIn(customer, DAY_MS);
  expect((await now('another secret')).active).toBe(true);
});

test('R10, R47: customers of locked, suspended and closed panels are served, even while the root panel is locked', async () => {
  const { client, demo } = world;
  const { root } = demo;
  const panel = await plantPanel(client, root, 'fates@check.test', 12);
  const spare = await plantPanel(client, root, 'spare@check.test', 10);
  const customer = await served(panel);
  const locked = await plantPanel(client, root, 'locked@check.test', 10);
  const ofLocked = await served(locked);
  await world.activated(locked, 8);
  expect(await world.balance(locked)).toBe(0);
  expect(await check(ofLocked.login, 'right secret')).toMatchObject({ active: true, customer: ofLocked.id });
  await client.mutate(root, 'suspendReseller', { resellerId: panel.id, reason: 'debt' });
  const balance = await world.balance(root);
  await client.mutate(root, 'transferCredits', { toResellerId: spare.id, amount: balance, idempotencyKey: 'all' });
  expect(await check(customer.login, 'right secret')).toMatchObject({ active: true });
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 1_000, 'again');
  await client.mutate(root, 'resumeReseller', { resellerId: panel.id });
  await client.mutate(root, 'closeReseller', { resellerId: panel.id, idempotencyKey: 'close' });
  expect(await check(customer.login, 'right secret')).toMatchObject({ active: true, customer: customer.id });
});

test('R49: a wrong secret and an unknown login get equal answers, headers, statements and effort', async () => {
  const { login } = await served(world.demo.ana);
  // The version is that of the tenant's newest numbered event, which may arrive between the two.
  const [wrong, unknown] = await until(async () => {
    const pair = [await check(login, 'wrong secret'), await check('nobody.here', 'wrong secret')] as const;
    return pair[0].version === pair[1].version && pair;
  });
  expect(unknown).toEqual(wrong);
  expect(JSON.parse(wrong.text)).toEqual({ active: false, screens: 0, expiresAt: null, customer: null, version: wrong.version });
  expect(wrong.status).toBe(200);

  const [{ tenant } = { tenant: '' }] = await world.sql<
    { tenant: string }[]
  >`SELECT tenant_id AS tenant FROM customer_access WHERE login = ${login}`;
  const proxy = await startCountingProxy(world.databaseUrl);
  const sql = openTestSql(proxy.url, { role: 'revenda_app' });
  const checks = createAccessChecks({
    sql,
    topology: inject('topology'),
    secrets: createSecretBox([Buffer.from(SECRETS_KEY, 'base64')]),
    log: createLogger('silent'),
  });
  const known: string[] = [];
  for (let count = 0; count < 8; count += 1) known.push((await served(world.demo.ana)).login);
  // A remembered login behaves like one that is not remembered.
  for (const name of known) {
    const service = { tenantId: tenant, keyId: tenant };
    expect(await checks.check(service, { login: name, secret: 'right secret' }, '192.0.2.1')).toMatchObject({ active: true });
  }
  let guesses = 0;
  const fail = async (name: string) => {
    guesses += 1;
    const before = proxy.statements();
    expect(
      await checks.check({ tenantId: tenant, keyId: tenant }, { login: name, secret: `guess number ${guesses}` }, '192.0.2.1'),
    ).toMatchObject({ customerId: null });
    return proxy.statements() - before;
  };
  await fail('warm.up');
  const [ofKnown, ofUnknown]: [number[], number[]] = [[], []];
  const everyKnown = () => Promise.all(known.map(async (name) => ofKnown.push(await fail(name))));
  for (const name of known) ofKnown.push(await fail(name));
  for (const name of known) ofUnknown.push(await fail(`${name}.not`));
  expect(new Set([...ofKnown, ...ofUnknown])).toEqual(new Set([inject('topology') === 'single' ? 2 : 3]));
  const least = async (run: () => Promise<unknown>) => Math.min(await effortOf(run), await effortOf(run), await effortOf(run));
  const efforts = [await least(everyKnown), await least(() => Promise.all(known.map((name) => fail(`${name}.not`))))];
  expect(Math.max(...efforts)).toBeLessThan(3 * Math.min(...efforts) + 0.5);
  await sql.end();
  await proxy.close();
});

test('R49: ten wrong secrets block a login from an address at every server, and a repeated secret counts once', async () => {
  const { ana } = world.demo;
  const [victim, other] = [await served(ana), await served(ana)];
  for (let again = 0; again < 15; again += 1)
    expect(await check(victim.login, 'an old secret')).toMatchObject({ status: 200, active: false });
  expect(await check(victim.login, 'right secret')).toMatchObject({ active: true });
  const guess = (login: string, number: number, at?: string) => send(service, JSON.stringify({ login, secret: `guess ${number}` }), at);
  for (const login of [victim.login, 'nobody.at.all']) {
    // Also concurrently, and at two servers.
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, number) => guess(login, number, number % 2 === 0 ? world.client.origin : undefined)),
    );
    const tried = answers.filter(({ status }) => status === 200).length;
    expect(tried).toBeGreaterThanOrEqual(9);
    // One more may be running at the other server.
    expect(tried).toBeLessThanOrEqual(11);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    const refused = await check(login, 'right secret');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  }
  // Another login still works, and so does another address that the service names.
  expect(await check(other.login, 'right secret')).toMatchObject({ active: true });
  expect(await check(victim.login, 'right secret', { address: '198.51.100.7' })).toMatchObject({ active: true });
  // From always new addresses, at most fifty in all.
  const spread = [];
  for (let number = 0; number < 60; number += 1)
    spread.push((await check(other.login, `spread ${number}`, { address: `203.0.113.${number}` })).status);
  expect(spread.filter((status) => status === 200)).toHaveLength(50);
});

test('R49: a key with 10,000 failures, at any logins, is refused at every server where it fails; other keys are not', async () => {
  const { client, demo, sql } = world;
  const [{ login }, leaked] = [await served(demo.ana), await serviceKeyOf(client, demo.root.token)];
  const from = { address: '192.0.2.200' };
  const [near, far] = [client.origin, elsewhere.client.origin];
  const tried = async (name: string, secret: string, at: string) =>
    (await send(leaked, JSON.stringify({ login: name, secret, ...from }), at)).status;
  await sql`DELETE FROM sign_in_failure WHERE key LIKE 'access:key:%'`;
  const body = Array.from({ length: 50 }, (_, index) => ({ login: `spray.${index}`, secret: 'summer 2026', ...from }));
  expect((await send(leaked, JSON.stringify(body), near)).status).toBe(200);
  // A repeated attempt counts nothing.
  await send(leaked, JSON.stringify(body), near);
  expect([...(await sql`SELECT points FROM sign_in_failure WHERE key LIKE 'access:key:%'`)]).toEqual([{ points: 50 }]);
  await sql`UPDATE sign_in_failure SET points = 9998 WHERE key LIKE 'access:key:%'`;
  expect(await tried('spray.50', 'summer 2026', near)).toBe(200);
  expect(await tried(login, 'right secret', near)).toBe(200);
  expect(await tried('spray.51', 'summer 2026', near)).toBe(200);
  for (const secret of ['right secret', 'summer 2026']) expect(await tried(login, secret, near)).toBe(429);
  expect(await tried(login, 'right secret', far)).toBe(200);
  expect(await tried('spray.52', 'summer 2026', far)).toBe(200);
  expect(await tried(login, 'right secret', far)).toBe(429);
  for (const at of [near, far])
    expect(await send(service, JSON.stringify({ login, secret: 'right secret', ...from }), at)).toMatchObject({ active: true });
});

test('R49: a key that one process of a port found to have failed 10,000 times is refused by the others at once', async () => {
  const { demo, sql } = world;
  const { login } = await served(demo.ana);
  const [{ tenant } = { tenant: '' }] = await sql<
    { tenant: string }[]
  >`SELECT tenant_id AS tenant FROM customer_access WHERE login = ${login}`;
  const own = openTestSql(world.databaseUrl, { max: 2, role: 'revenda_app' });
  const [secrets, log] = [createSecretBox([Buffer.from(SECRETS_KEY, 'base64')]), createLogger('silent')];
  const port = new Port();
  const [first, second] = [1, 2].map((self) =>
    createAccessChecks({ sql: own, topology: inject('topology'), secrets, log, siblings: port.join(self) }),
  );
  const keyId = randomUUID();
  const ask = async (checks: AccessChecks | undefined, secret: string) =>
    checks?.check({ tenantId: tenant, keyId }, { login, secret, address: '192.0.2.201' }, '192.0.2.201');
  await sql`DELETE FROM sign_in_failure WHERE key LIKE 'access:key:%'`;
  await ask(first, 'wrong secret');
  await sql`UPDATE sign_in_failure SET points = 9999 WHERE key LIKE 'access:key:%'`;
  expect(await ask(second, 'right secret')).toMatchObject({ active: true });
  await ask(first, 'another wrong secret');
  await until(async () => (await ask(second, 'right secret').catch((error: unknown) => error instanceof RateLimited)) === true);
  await own.end();
});

test('R49: checks sent together are answered one by one in their order, and guess no faster', async () => {
  const [one, two] = [await served(world.demo.ana), await served(world.demo.ana)];
  const right = { secret: 'right secret', address: '192.0.2.77' };
  const body = [{ login: one.login, ...right }, { login: 'x' }, { login: two.login, ...right }, { login: 'nobody-here', ...right }];
  const answers: (Partial<Checked> & { errors?: { extensions: object }[] })[] = JSON.parse(
    (await send(service, JSON.stringify(body))).text,
  );
  expect(answers.map(({ active, customer, errors }) => errors?.[0]?.extensions ?? [active, customer])).toEqual([
    [true, one.id],
    { code: 'BAD_USER_INPUT', path: 'login' },
    [true, two.id],
    [false, null],
  ]);
  const guesses = Array.from({ length: 50 }, (_, index) => ({ ...right, login: one.login, secret: `guess number ${index}` }));
  const guessed: typeof answers = JSON.parse((await send(service, JSON.stringify(guesses))).text);
  expect(guessed.filter(({ active }) => active === false)).toHaveLength(10);
  expect(guessed.filter(({ errors }) => JSON.stringify(errors ?? null).includes('"RATE_LIMITED"'))).toHaveLength(40);
  expect(JSON.parse((await send(service, JSON.stringify([...guesses, guesses[0]]))).text).errors[0].extensions.path).toBe('body');
});

test('R49: bad logins, secrets and bodies are refused by name, and only a service may check', async () => {
  const bad: Record<string, [string, unknown]> = {
    'a login of 2': ['login', { login: 'ab', secret: 'right secret' }],
    'a login of 65': ['login', { login: 'a'.repeat(65), secret: 'right secret' }],
    'upper case': ['login', { login: 'Maria', secret: 'right secret' }],
    'no login': ['login', { secret: 'right secret' }],
    'a control character': ['secret', { login: 'maria', secret: 'right\u0007secret' }],
    NUL: ['secret', { login: 'maria', secret: 'right\0secret' }],
    'half a pair': ['secret', { login: 'maria', secret: 'right\ud800secret' }],
    'a number': ['secret', { login: 'maria', secret: 12345678 }],
    'no address': ['address', { login: 'maria', secret: 'right secret', address: 'localhost' }],
    'a list': ['body', []],
    null: ['body', null],
    more: ['body', { login: 'maria', secret: 'right secret', tenant: 'x' }],
  };
  for (const [name, [path, body]] of Object.entries(bad)) {
    const { status, text } = await send(service, JSON.stringify(body));
    expect([status, JSON.parse(text).errors[0].extensions], name).toEqual([400, { code: 'BAD_USER_INPUT', path }]);
    expect(text, name).not.toContain('right');
  }
  expect((await send(service, '{')).status).toBe(400);
  expect((await send(service, JSON.stringify({ login: 'maria', secret: 'x'.repeat(21_000) }))).status).toBe(413);

  const { client, demo, sql } = world;
  const ask = async (path: string, token: string | null, init: RequestInit = {}) => {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    const { headers = {}, ...rest } = init;
    return (await fetch(client.origin + path, { headers: { ...authorization, ...(headers as object) }, ...rest })).status;
  };
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"login":"maria","secret":"right secret"}' };
  const keys = await Promise.all(
    (['READ', 'SPEND', 'MANAGE'] as const).map(
      async (scope) => (await client.mutate(demo.root, 'createApiKey', { name: 'k', scope })).secret ?? '',
    ),
  );
  for (const [path, init] of [
    ['/access/check', post],
    ['/access/customers', {}],
  ] as const) {
    expect(await ask(path, null, init), path).toBe(401);
    for (const token of [demo.root.token, demo.platform, demo.ana.token, ...keys]) expect(await ask(path, token, init), path).toBe(403);
    expect(
      await ask(path, service, { ...init, headers: { ...('headers' in init ? init.headers : {}), origin: 'https://evil.test' } }),
    ).toBe(403);
    expect(await ask(path, service, { method: 'DELETE' })).toBe(405);
  }
  expect(await ask('/access/check', service, { ...post, headers: { 'content-type': 'text/plain' } })).toBe(415);
  expect(await ask('/access/other', service)).toBe(404);
  // A key of a panel that was no root when the key was created opens nothing, even if the database says SERVICE.
  const { apiKey, secret = '' } = await client.mutate(demo.ana, 'createApiKey', { name: 'k', scope: 'READ' });
  await sql`UPDATE api_key SET scope = 'SERVICE' WHERE id = ${uuidOf(apiKey?.id ?? '')}`;
  expect(await ask('/access/customers', secret)).toBe(403);
});
