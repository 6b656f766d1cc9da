import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { CHECK_PARAMETERS, createAccessChecks } from '../../src/domain/access/check-access.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { SECRETS_KEY } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import { type CountingProxy, startCountingProxy } from '../support/processes/counting-proxy.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { issue, platformIdOf } from '../support/worlds/demo.ts';

/** Changes are made at a server; checks run next to it, as in another process. */
let world: CustomersWorld;
let tenantId: string;
let proxy: CountingProxy;
let sql: Sql;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to serve');
  await world.client.mutate(demo.root, 'transferCredits', { toResellerId: demo.ana.id, amount: 1_000 });
  tenantId = (await world.sql<{ id: string }[]>`SELECT tenant_id AS id FROM reseller WHERE name = 'ana'`)[0]?.id ?? '';
  proxy = await startCountingProxy(world.databaseUrl);
  sql = openTestSql(proxy.url, { name: 'test checks', max: 2, role: 'revenda_app', parameters: CHECK_PARAMETERS });
});

afterAll(async () => {
  await sql.end();
  await proxy.close();
  await world[Symbol.asyncDispose]();
});

const RIGHT = 'right secret';
const HOME = '192.0.2.1';

let made = 0;

async function served(): Promise<CustomerSeen & { readonly login: string }> {
  made += 1;
  const [login, customer] = [`kept-${made}`, await world.activated(world.demo.ana, 1, 2)];
  await world.client.mutate(world.demo.ana, 'resetAccess', { customerId: customer.id, login, secret: RIGHT });
  return { ...customer, login };
}

/** Checks with their own memory, as another process has. */
function checksAt(at = sql) {
  const secrets = createSecretBox([Buffer.from(SECRETS_KEY, 'base64')]);
  const checks = createAccessChecks({ sql: at, topology: inject('topology'), secrets, log: createLogger('silent') });
  return (login: string, secret = RIGHT, address = HOME) =>
    checks.check({ tenantId, keyId: tenantId }, { login, secret, address }, address);
}

/** Changes the end without an event, as the product never does: the memory does not know of it. */
async function byHand({ id }: CustomerSeen, days: number): Promise<string> {
  const [row] = await world.sql<{ at: Date }[]>`
    UPDATE customer SET expires_at = date_trunc('milliseconds', now()) + ${days * DAY_MS}::bigint * interval '1 millisecond'
    WHERE id = ${uuidOf(id)} RETURNING expires_at AS at`;
  return row?.at.toISOString() ?? '';
}

/** Keeps the tenant's events from being numbered while `run` runs. */
async function unnumbered(run: () => Promise<void>): Promise<void> {
  await world.sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`access feed ${tenantId}`}, 0))`;
    await run();
  });
}

async function allNumbered(): Promise<void> {
  await until(async () => (await world.sql`SELECT FROM access_waiting UNION ALL SELECT FROM access_posted`).length === 0);
}

test('R49: right credentials are remembered, and cost one statement however many are checked together', async () => {
  const [one, two] = [await served(), await served()];
  await allNumbered();
  const check = checksAt();
  const first = await check(one.login);
  await check(two.login);
  const real = first.expiresAt?.toISOString();
  await byHand(one, 90);
  const before = proxy.statements();
  const answers = await Promise.all([one, two, one].map(({ login }) => check(login)));
  expect(proxy.statements() - before).toBe(1);
  expect(answers.map(({ active, expiresAt, screens }) => [active, screens, expiresAt?.toISOString()])).toEqual([
    [true, 2, real],
    [true, 2, two.expiresAt],
    [true, 2, real],
  ]);
});

test('R47, R49: a remembered answer ends with the commit that changes it, before and after its event is numbered', async () => {
  const { ana } = world.demo;
  const customer = await served();
  const check = checksAt();
  const now = async (secret?: string) => {
    const { active, expiresAt, screens } = await check(customer.login, secret);
    return { active, screens, expiresAt: expiresAt?.toISOString() };
  };
  const changed = async () => {
    const { expiresAt, screens } = await now();
    await world.client.mutate(ana, 'addScreens', { customerId: customer.id, screens: 1 });
    expect(await now()).toEqual({ active: true, screens: screens + 1, expiresAt });
    const renewed = await world.client.mutate(ana, 'renewCustomer', { customerId: customer.id, periods: 1 });
    expect(renewed.customer?.expiresAt).not.toBe(expiresAt);
    expect((await now()).expiresAt).toBe(renewed.customer?.expiresAt);
    await world.client.mutate(ana, 'undoSpending', { transferId: renewed.transfer?.id ?? '' });
    expect((await now()).expiresAt).not.toBe(renewed.customer?.expiresAt);
    await world.client.mutate(ana, 'resetAccess', { customerId: customer.id, secret: 'another secret' });
    expect((await now()).active).toBe(false);
    expect((await now('another secret')).active).toBe(true);
    await world.client.mutate(ana, 'resetAccess', { customerId: customer.id, secret: RIGHT });
    expect((await now('another secret')).active).toBe(false);
    expect((await now()).active).toBe(true);
  };
  await unnumbered(changed);
  await allNumbered();
  await changed();
  await allNumbered();
  // The change is numbered between two checks.
  await now();
  await world.client.mutate(ana, 'resetAccess', { customerId: customer.id, secret: 'the last secret' });
  await allNumbered();
  expect((await now()).active).toBe(false);
});

test('R47: time ends a remembered term at its millisecond, by the database’s clock', async () => {
  const customer = await served();
  await allNumbered();
  let end = '';
  let check = checksAt();
  // It must end after it was read, which may take long on a slow machine.
  for (let ms = 500, isActive = false; !isActive; ms *= 4) {
    end = await byHand(customer, ms / 86_400_000);
    check = checksAt();
    isActive = (await check(customer.login)).active;
  }
  await world.sql`SELECT pg_sleep_until(${end}::timestamptz)`;
  expect(await check(customer.login)).toMatchObject({ active: false, screens: 2, expiresAt: new Date(end) });
});

test('R49: a thousand changes at once, or a database error, discard everything that is remembered', async () => {
  const customer = await served();
  await allNumbered();
  const other = await served();
  await allNumbered();
  const check = checksAt();
  await check(customer.login);
  await unnumbered(async () => {
    const end = await byHand(customer, 40);
    await world.sql`
      INSERT INTO access_waiting (tenant_id, customer_id, event, at)
      SELECT ${tenantId}, ${uuidOf(other.id)}, 'CUSTOMER_RENEWED', now() FROM generate_series(1, 1000)`;
    expect((await check(customer.login)).expiresAt?.toISOString()).toBe(end);
  });
  await allNumbered();
  await check(customer.login);
  const end = await byHand(customer, 50);
  expect((await check(customer.login)).expiresAt?.toISOString()).not.toBe(end);
  await world.sql.begin(async (tx) => {
    // A running statement fails with its connection.
    await tx`LOCK access_waiting IN ACCESS EXCLUSIVE MODE`;
    const cut = check(customer.login).catch((error: unknown) => error);
    await until(async () => {
      const ended = await world.sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'test checks' AND datname = current_database() AND wait_event_type = 'Lock'`;
      return ended.length === 1;
    });
    expect(await cut).toBeInstanceOf(Error);
  });
  expect((await check(customer.login)).expiresAt?.toISOString()).toBe(end);
});

test('R49: a caller that may not try is not answered from memory: from another network, after a failure, or during a guess', async () => {
  const customer = await served();
  await allNumbered();
  const check = checksAt();
  const elsewhere = checksAt();
  const guess = async (at: typeof check, number: number, address = HOME) => {
    try {
      return (await at(customer.login, `guess number ${number}`, address)).active ? 'right' : 'wrong';
    } catch {
      return 'refused';
    }
  };
  const right = async (address = HOME) => {
    try {
      return (await check(customer.login, RIGHT, address)).active;
    } catch {
      return 'refused';
    }
  };
  const far = '198.51.100.9';
  expect(await right()).toBe(true);
  // At another process somebody fails from its own network, until that network is blocked.
  for (let number = 0; number < 12; number += 1) await guess(elsewhere, number, far);
  expect([await right(far), await right()]).toEqual(['refused', true]);
  // From the customer's network: one guess here is allowed, and it discards what was remembered.
  for (let number = 0; number < 12; number += 1) await guess(elsewhere, number);
  expect([await guess(check, 100), await right()]).toEqual(['refused', 'refused']);
});

test('R49: during a guess that is not yet counted, the same login is not answered from memory, and others are', async () => {
  const [guessed, other] = [await served(), await served()];
  await allNumbered();
  const check = checksAt();
  for (const { login } of [guessed, other]) await check(login);
  const settled: string[] = [];
  const asked: Promise<unknown>[] = [];
  const ask = (name: string, login: string, secret?: string) =>
    asked.push(check(login, secret).then(({ active }) => settled.push(`${name} ${active}`)));
  await world.sql.begin(async (tx) => {
    await tx`LOCK sign_in_failure IN ACCESS EXCLUSIVE MODE`;
    ask('guess', guessed.login, 'a wrong guess');
    await until(async () => (await waitingForLocks()) === 1);
    ask('beside it', guessed.login);
    await check(other.login);
    await check(other.login);
    expect(settled).toEqual([]);
  });
  await Promise.all(asked);
  expect(settled).toEqual(['guess false', 'beside it true']);
});

async function waitingForLocks(): Promise<number> {
  const rows = await world.sql`
    SELECT FROM pg_stat_activity WHERE application_name = 'test checks' AND datname = current_database() AND wait_event_type = 'Lock'`;
  return rows.length;
}

test('R46, R49: under concurrent checks and changes no process gives an old answer to a check that began after a commit', async () => {
  const { ana } = world.demo;
  const customers = [await served(), await served(), await served()];
  const processes = [checksAt(), checksAt()];
  let isOver = false;
  const load = processes.flatMap((check) =>
    customers.map(async ({ login }) => {
      while (!isOver) await check(login);
    }),
  );
  const wrong: string[] = [];
  // Some changes are numbered when they are read, and some wait: the server numbers them meanwhile.
  for (let turn = 1; turn <= 10; turn += 1) {
    for (const { id, login } of customers) {
      const { customer } = await world.client.mutate(ana, 'renewCustomer', { customerId: id, periods: 1 });
      for (const check of processes) {
        const { expiresAt } = await check(login);
        if (expiresAt?.toISOString() !== customer?.expiresAt) wrong.push(`${login}, ${turn}: ${expiresAt?.toISOString()}`);
      }
    }
  }
  isOver = true;
  await Promise.all(load);
  expect(wrong).toEqual([]);
});
