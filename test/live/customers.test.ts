import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { changeScreens, endTerms } from '../../src/domain/access/end-terms.ts';
import { numberEvents } from '../../src/domain/access/number-events.ts';
import { screensAtMoment } from '../../src/domain/customer/paid-screens.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import { openTestSql } from '../support/sql.ts';
import { patiently, until } from '../support/until.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { Watch } from './watch.ts';

/** Two servers on one database: changes at one are watched at the other. */
let world: CustomersWorld;
let elsewhere: Api;
let sql: Sql;

beforeAll(async () => {
  world = await CustomersWorld.open();
  elsewhere = await startApi({ databaseUrl: world.databaseUrl });
  sql = openTestSql(world.databaseUrl, { max: 6, role: 'revenda_app' });
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to watch');
});

afterAll(async () => {
  await sql.end();
  await elsewhere[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

let panels = 0;
function panel(credits = 60, parent: Member = world.demo.root): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, parent, `p${panels}@watch.test`, credits);
}

interface Change {
  readonly version: number;
  readonly event: string;
  readonly customer: { readonly id: string; readonly expiresAt: string };
  readonly at: string;
}

/** Watches at the server where nothing is changed. */
function watch({ token }: Pick<Member, 'token'>, after: number | null): Watch<Change> {
  const socket = elsewhere.client.socket(token);
  onTestFinished(() => void socket.dispose());
  const document =
    'subscription ($after: Version) { event: customerChanged(after: $after) { version event at customer { id expiresAt } } }';
  return new Watch(socket, document, after === null ? {} : { after });
}

/** The feed of the whole tenant, as a service sees it. */
async function feed(): Promise<{ version: number; event: string; customer: string; active: boolean; screens: number; ends: Date }[]> {
  return sql`
    SELECT version, event, customer_id AS customer, active, screens, expires_at AS ends FROM access_event
    WHERE tenant_id = (SELECT tenant_id FROM reseller WHERE name = 'root' AND parent_id IS NULL AND tenant_id IN (
      SELECT tenant_id FROM app_user WHERE email = 'root@demo.test')) ORDER BY version`;
}

const EVENTS = [
  ...['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_SCREENS_CHANGED', 'SPENDING_UNDONE', 'ACCESS_RESET', 'CUSTOMER_CANCELED'],
  'TRIAL_STARTED',
];

async function everything(member: Member): Promise<CustomerSeen> {
  const customer = await world.activated(member);
  await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
  const { transfer } = await world.client.mutate(member, 'addScreens', { customerId: customer.id, screens: 1 });
  await world.client.mutate(member, 'undoSpending', { transferId: transfer?.id ?? '' });
  await world.client.mutate(member, 'resetAccess', { customerId: customer.id });
  await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
  await world.trial(member, `${member.email}`);
  return customer;
}

test('R48: a panel gets every change of its customers in order at another server, resumes anywhere, and no other panel does', async () => {
  const [member, other] = [await panel(), await panel()];
  const live = watch(member, 0);
  const { id } = await everything(member);
  await world.activated(other);
  const changes = await live.take(EVENTS.length);
  expect(changes.map(({ event }) => event)).toEqual(EVENTS);
  expect(changes.filter(({ customer }) => customer.id === id)).toHaveLength(6);
  const versions = changes.map(({ version }) => version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(versions.length);
  // From the middle, at either server, and from the end, where only new changes arrive.
  expect((await watch(member, versions[2] ?? 0).take(4)).map(({ version }) => version)).toEqual(versions.slice(3));
  const later = watch(member, versions.at(-1) ?? 0);
  const next = await world.activated(member);
  expect(await later.next()).toMatchObject({ event: 'CUSTOMER_ACTIVATED', customer: { id: next.id } });
  expect(await watch(member, 1_000_000).end()).toBe('BAD_USER_INPUT');
  // These numbers are past in this tenant, and in the future in the other.
  expect(await watch(world.demo.other, versions.at(-1) ?? 0).end()).toBe('BAD_USER_INPUT');
  expect((await watch(other, 0).next()).event).toBe('CUSTOMER_ACTIVATED');
});

test('R48: customers of a closed panel are announced as moved to its parent, and a panel that becomes locked gets no more', async () => {
  const parent = await panel(30);
  const child = await panel(20, parent);
  const moved = await Promise.all([world.activated(child), world.activated(child)]);
  // A change belongs to the customer's panel at the time it is numbered.
  await watch(child, 0).take(2);
  const above = watch(parent, 0);
  await world.client.mutate(parent, 'closeReseller', { resellerId: child.id, idempotencyKey: 'close' });
  const changes = await above.take(2);
  expect(changes.map(({ event }) => event)).toEqual(['CUSTOMER_MOVED', 'CUSTOMER_MOVED']);
  expect((await feed()).filter(({ event }) => event === 'CUSTOMER_MOVED').map(({ customer }) => customer)).toEqual(
    expect.arrayContaining(moved.map(({ id }) => uuidOf(id))),
  );
  const balance = await world.balance(parent);
  await world.client.mutate(parent, 'transferCredits', {
    toResellerId: (await panel(10, parent)).id,
    amount: balance - 10,
    idempotencyKey: 'all',
  });
  expect(await above.end()).toBe('PANEL_LOCKED');
});

test("R48: a tenant's numbers have no gap, whoever numbers them, and a customer's last event is its current state", async () => {
  const members = await Promise.all([panel(), panel(), panel()]);
  const customers = (
    await Promise.all(members.map((member) => Promise.all(Array.from({ length: 6 }, () => world.activated(member)))))
  ).flat();
  let isOver = false;
  const numbering = Promise.all(
    Array.from({ length: 3 }, async () => {
      while (!isOver) await patiently(() => numberEvents({ sql, topology: inject('topology') }));
    }),
  );
  await Promise.all(
    customers.map(async ({ id }, index) => {
      const member = members[Math.floor(index / 6)];
      if (!member) throw new Error('no such panel');
      await world.client.mutate(member, 'renewCustomer', { customerId: id, periods: 1 });
      if (index % 3 === 0) await world.client.mutate(member, 'addScreens', { customerId: id, screens: 1 });
    }),
  );
  isOver = true;
  await numbering;
  await patiently(() => numberEvents({ sql, topology: inject('topology') }));
  const events = await feed();
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  for (const [index, { id }] of customers.entries()) {
    const own = events.filter(({ customer }) => customer === uuidOf(id));
    const screens = index % 3 === 0 ? ['CUSTOMER_SCREENS_CHANGED'] : [];
    expect(own.map(({ event }) => event)).toEqual(['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', ...screens]);
    const [row] = await sql<{ screens: number; ends: Date }[]>`SELECT screens, expires_at AS ends FROM customer WHERE id = ${uuidOf(id)}`;
    expect(own.at(-1)).toMatchObject({ active: true, ...row });
  }
  expect(await sql`SELECT FROM access_waiting UNION ALL SELECT FROM access_posted`).toHaveLength(0);
});

test('R48: each end of a term is announced once, with any number of servers, after an outage and again after a renewal', async () => {
  const member = await panel();
  const customer = await world.activated(member);
  await world.endsIn(customer, -DAY_MS);
  const id = uuidOf(customer.id);
  // As many as several batches, that ended while no server was running.
  await world.sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, created_at, has_access)
    SELECT tenant_id, gen_random_uuid(), reseller_id, 'ended', 'ended', 1, 1, false, now() - n * interval '1 second', now(), false
    FROM customer, generate_series(1, 1200) AS n WHERE id = ${id}`;
  await Promise.all([
    patiently(() => endTerms({ sql, topology: inject('topology') })),
    patiently(() => endTerms({ sql, topology: inject('topology') })),
    patiently(() => endTerms({ sql, topology: inject('topology') })),
  ]);
  await until(async () => {
    await Promise.all([
      patiently(() => endTerms({ sql, topology: inject('topology') })),
      patiently(() => numberEvents({ sql, topology: inject('topology') })),
    ]);
    return (await feed()).filter(({ event }) => event === 'CUSTOMER_EXPIRED').length >= 1201;
  });
  const ended = (await feed()).filter(({ event }) => event === 'CUSTOMER_EXPIRED');
  expect(ended).toHaveLength(1201);
  expect(new Set(ended.map(({ customer: one }) => one)).size).toBe(1201);
  expect(ended.every(({ active }) => !active)).toBe(true);
  customerOf(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 }));
  await world.endsIn(customer, -1);
  await until(async () => {
    await patiently(() => endTerms({ sql, topology: inject('topology') }));
    await patiently(() => numberEvents({ sql, topology: inject('topology') }));
    return (await feed()).filter(({ customer: one, event }) => one === id && event === 'CUSTOMER_EXPIRED').length === 2;
  });
  const own = (await feed()).filter(({ customer: one }) => one === id).map(({ event }) => event);
  expect(own).toEqual(['CUSTOMER_ACTIVATED', 'CUSTOMER_EXPIRED', 'CUSTOMER_RENEWED', 'CUSTOMER_EXPIRED']);
});

test('R48: the day on which the next number of screens begins is announced once', async () => {
  const member = await panel();
  const customer = await world.activated(member, 1, 3);
  await world.client.mutate(member, 'setNextScreens', { customerId: customer.id, screens: 1 });
  await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
  await patiently(() => changeScreens({ sql, topology: inject('topology') }));
  // The purchase gets its number before the test moves time on.
  await patiently(() => numberEvents({ sql, topology: inject('topology') }));
  // As if the first period were over: paid time is counted back from the end.
  await world.endsIn(customer, 20 * DAY_MS);
  await Promise.all([
    patiently(() => changeScreens({ sql, topology: inject('topology') })),
    patiently(() => changeScreens({ sql, topology: inject('topology') })),
    patiently(() => changeScreens({ sql, topology: inject('topology') })),
  ]);
  await patiently(() => numberEvents({ sql, topology: inject('topology') }));
  const own = (await feed()).filter(({ customer: one }) => one === uuidOf(customer.id)).map(({ event, screens }) => [event, screens]);
  expect(own).toEqual([
    ['CUSTOMER_ACTIVATED', 3],
    ['CUSTOMER_RENEWED', 3],
    ['CUSTOMER_SCREENS_CHANGED', 1],
  ]);
});

test('R22, R48: an event has the screens that the rules give, in any span of a paid term and after its end', async () => {
  const some = (most: number) => Math.floor(Math.random() * most);
  const [{ now }] = await sql<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const rows = Array.from({ length: 200 }, () => {
    const laterSpans = Array.from({ length: some(5) }, () => ({ screens: 1 + some(9), periods: 1 + some(4) }));
    // From before the current span to after the end; never within hours of a span's end.
    const expiresAt = new Date(now.getTime() + (some(700) - 60) * DAY_MS + DAY_MS / 2);
    return { id: uuidv7(), screens: 1 + some(9), nextScreens: 1, laterSpans: laterSpans.length > 0 ? laterSpans : null, expiresAt };
  });
  const written = JSON.stringify(rows);
  await world.sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${written}::text::jsonb) AS g (id uuid, screens smallint, "laterSpans" jsonb, "expiresAt" timestamptz)
    ), panel AS (
      SELECT tenant_id, reseller_id FROM app_user WHERE email = 'root@demo.test'
    ), made AS (
      INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, later_spans, next_screens, is_trial, expires_at, ended_for, credits_spent, created_at)
      SELECT tenant_id, id, reseller_id, 'spans', 'spans', screens, nullif("laterSpans", 'null'), 1, false, "expiresAt", "expiresAt", 0, now() FROM given, panel
    )
    INSERT INTO access_waiting (tenant_id, customer_id, event, at) SELECT tenant_id, id, 'CUSTOMER_RENEWED', now() FROM given, panel`;
  await patiently(() => numberEvents({ sql, topology: inject('topology') }));
  const numbered = new Map((await feed()).map(({ customer, ...event }) => [customer, event]));
  for (const row of rows) {
    const { active, ends, screens } = numbered.get(row.id) ?? {};
    expect({ active, ends, screens }, JSON.stringify(row)).toEqual({
      active: row.expiresAt > now,
      ends: row.expiresAt,
      screens: screensAtMoment(row, now),
    });
  }
});

test('R48: postings and single events share one order over several turns, each with its state at the time', async () => {
  const member = await panel();
  const customer = await world.activated(member);
  await patiently(() => numberEvents({ sql, topology: 'single' }));
  const id = uuidOf(customer.id);
  const own = async () => (await feed()).filter(({ customer: one }) => one === id);
  const before = (await own()).length;
  // In one transaction, because the server numbers events by itself, at any time. It also announces other customers' changes.
  await world.sql.begin(async (tx) => {
    // More posting rows than one turn takes, of two changes each, with a single event between and after them.
    await tx`
      INSERT INTO access_posted (tenant_id, id, customers, events, resellers, screens, ends, at)
      SELECT tenant_id, nextval('access_waiting_id_seq'), ARRAY[id, id], '{CUSTOMER_RENEWED,CUSTOMER_SCREENS_CHANGED}', ARRAY[reseller_id, reseller_id],
        ARRAY[n, n + 1], ARRAY[n, 4000000000000 + n], now()
      FROM (SELECT tenant_id, id, reseller_id, n FROM customer, generate_series(1, 70) AS n WHERE id = ${id} ORDER BY n) AS c`;
    const single = (event: string, place: ReturnType<typeof sql>) => tx`
      INSERT INTO access_waiting (tenant_id, id, customer_id, event, at) OVERRIDING SYSTEM VALUE
      SELECT tenant_id, ${place}, id, ${event}, now() FROM customer WHERE id = ${id}`;
    // Takes the number of a posting, so that it lies between two others.
    const [{ at }] = await tx<[{ at: string }]>`
      DELETE FROM access_posted WHERE id = (SELECT id FROM access_posted ORDER BY id OFFSET 49 LIMIT 1) RETURNING id AS at`;
    await single('ACCESS_RESET', tx`${at}::bigint`);
    await single('CUSTOMER_EXPIRED', tx`nextval('access_waiting_id_seq')`);
  });
  await Promise.all([
    patiently(() => numberEvents({ sql, topology: 'single' })),
    patiently(() => numberEvents({ sql, topology: 'single' })),
  ]);
  const all = await feed();
  expect(all.map(({ version }) => version)).toEqual(Array.from(all, (_, index) => index + 1));
  const events = (await own()).slice(before);
  const announced = events.map(({ active, customer: one, ends, event, screens }) => [event, one, active, screens, ends.getTime()]);
  const expected = Array.from({ length: 70 }, (_, index) => index + 1).flatMap((n) =>
    n === 50
      ? [['ACCESS_RESET', id, false, 51, 51]]
      : [
          ['CUSTOMER_RENEWED', id, false, n, n],
          ['CUSTOMER_SCREENS_CHANGED', id, true, n + 1, 4_000_000_000_000 + n],
        ],
  );
  expect(announced).toEqual([...expected, ['CUSTOMER_EXPIRED', id, true, 1, new Date(customer.expiresAt).getTime()]]);
});
