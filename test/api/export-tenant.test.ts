import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Api, Client } from '../support/clients/api.ts';
import { parseCsv } from '../support/csv.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { openedPayment } from '../support/worlds/customer-payments.ts';
import { type Demo, type Member, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  sql = openTestSql(api.databaseUrl, { max: 2 });
  await setPrices(client, demo.platform, PRICES);
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

type Row = Record<string, string>;

interface Manifest {
  readonly tenant: string;
  readonly totals: Record<string, unknown>;
  readonly files: readonly { readonly file: string; readonly rows: number; readonly bytes: number; readonly sha256: string }[];
}

interface Zip {
  readonly text: string;
  readonly manifest: Manifest;
  readonly tables: Readonly<Record<string, Row[]>>;
}

function ask(token: string | null, init: RequestInit = {}): Promise<Response> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${client.origin}/export/tenant.zip`, { ...init, headers });
}

/** Downloads a tenant's ZIP, whose manifest describes each file. */
async function zipOf(token: string): Promise<Zip> {
  const response = await ask(token);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.status, bytes.toString().slice(0, 300)).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-encoding')).toBe(null);
  const files = Object.entries(unzipSync(bytes)).map(([name, content]) => [name, Buffer.from(content)] as const);
  const [last, ...tables] = files.toReversed();
  expect(last?.[0]).toBe('manifest.json');
  const manifest: Manifest = JSON.parse(last?.[1].toString() ?? '');
  const read = tables.toReversed().map(([file, content]) => {
    const rows = parseCsv(content.toString());
    return { file, rows: rows.length, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), table: rows };
  });
  expect(read.map(({ table: _, ...part }) => part)).toEqual(manifest.files);
  return {
    text: files.map(([, content]) => content.toString()).join('\n'),
    manifest,
    tables: Object.fromEntries(read.map(({ file, table }) => [file.replace('.csv', ''), table])),
  };
}

async function refusalOf(token: string | null): Promise<[number, string | undefined]> {
  const response = await ask(token);
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, errors[0]?.extensions.code];
}

interface Made {
  readonly made: { readonly customer: { readonly id: string } };
}

async function activate(by: Member, input: object): Promise<string> {
  const mutation = `mutation ($input: ActivateCustomerInput!) {
    made: activateCustomer(input: $input) { ... on ActivateCustomerPayload { customer { id } } }
  }`;
  return (await client.data<Made>(by.token, mutation, { input })).made.customer.id;
}

const total = (rows: readonly Row[] | undefined, column: string) => (rows ?? []).reduce((sum, row) => sum + Number(row[column]), 0);

test("a root's owner exports the whole tenant: every table with its sums, without what R18 hides from it", async () => {
  await activate(demo.root, {
    name: '=cmd|own',
    contact: '+55 11 98765-4321',
    login: 'own.one',
    secret: 'own secret',
    periods: 1,
    screens: 2,
    idempotencyKey: 'own',
  });
  const screens = 'mutation ($input: SetNextScreensInput!) { setNextScreens(input: $input) { __typename } }';
  const strangers = await activate(demo.ana, {
    ...{ name: 'Maria of ana', contact: 'maria@customers.test', notes: 'pays late', login: 'ana.one', secret: 'ana secret' },
    ...{ periods: 2, screens: 3, idempotencyKey: 'strange' },
  });
  await client.data(demo.ana.token, screens, { input: { customerId: strangers, screens: 1 } });
  const renewal = 'mutation ($input: RenewCustomerInput!) { renewCustomer(input: $input) { __typename } }';
  await client.data(demo.ana.token, renewal, { input: { customerId: strangers, periods: 1, idempotencyKey: 'again' } });
  await order(client, demo.root.token, { quantity: 20, idempotencyKey: 'to export' });
  const { manifest, tables, text } = await zipOf(demo.root.token);

  expect(manifest.files.map(({ file }) => file)).toEqual(
    ['resellers', 'purchases', 'journal', 'customers', 'audit-log', 'plans', 'customer-payments', 'reminder-rules'].map(
      (name) => `${name}.csv`,
    ),
  );
  expect(tables.resellers?.map(({ email }) => email).sort()).toEqual(
    ['ana', 'bruno', 'caio', 'root', 'zero'].map((name) => `${name}@demo.test`),
  );
  const ids = new Set(tables.resellers?.map(({ id }) => id));
  expect(tables.resellers?.filter(({ parent }) => parent === '')).toHaveLength(1);
  expect(tables.resellers?.every(({ parent }) => parent === '' || ids.has(parent))).toBe(true);
  expect(tables.purchases?.map(({ quantity, status }) => [quantity, status])).toEqual([['20', 'PENDING']]);

  // The books: issued credits less those consumed and withdrawn are what the panels hold, and what the journal adds
  // up to.
  const { totals } = manifest;
  expect(totals.credits).toBe(Number(totals.issued) - Number(totals.consumed) - Number(totals.withdrawn));
  expect(total(tables.resellers, 'credits')).toBe(totals.credits);
  expect(total(tables.journal, 'credits')).toBe(totals.credits);
  expect(total(tables.customers, 'creditsSpent')).toBe(totals.consumed);
  expect(totals).toMatchObject({ resellers: 5, customers: 2, activeCustomers: 2, expiredCustomers: 0, screens: 5 });
  // Two screens for 30 days, three for 60, and then one for 30, less the moments that have passed.
  expect(totals.screenDays).toBe(2 * 30 + 3 * 60 + 30 - 1);

  const [own, strange] = tables.customers ?? [];
  expect(own).toMatchObject({ name: "'=cmd|own", contact: '+55 11 98765-4321', login: 'own.one', screens: '2' });
  expect(strange).toMatchObject({
    name: '',
    contact: '',
    notes: '',
    login: 'ana.one',
    screens: '3',
    nextScreens: '1',
    status: 'ACTIVE',
  });
  expect(ids).toContain(strange?.reseller);
  for (const kept of [
    'Maria of ana',
    'maria@customers.test',
    'pays late',
    'ana secret',
    'own secret',
    'platform@revenda.test',
    'other.test',
  ]) {
    expect(text).not.toContain(kept);
  }
  expect(tables['audit-log']?.filter(({ action }) => action === 'NEXT_SCREENS_SET')).toMatchObject([
    { subject: '', changes: '[{"field":"nextScreens","before":null,"after":null}]', actor: 'ana@demo.test' },
  ]);
  expect(tables['audit-log']?.at(-1)).toMatchObject({ action: 'TENANT_EXPORTED', actor: 'root@demo.test' });
});

test("R52: it contains the root panel's plans, payments and reminder rules with sums, and no prices of other panels", async () => {
  const plan = (
    name: string,
  ) => `mutation { setPlans(input: { currency: "BRL", plans: [{ name: "${name}", periods: 1, priceMinor: 2500 }] }) {
    ... on SetPlansPayload { plans { id } } } }`;
  const { setPlans } = await client.data<{ setPlans: { plans: readonly { id: string }[] } }>(demo.root.token, plan('=Monthly'));
  await client.data(demo.ana.token, plan('Plan of ana'));
  await client.data(
    demo.root.token,
    `mutation { setReminderRules(input: { rules: [{ daysFromEnd: -3, hour: 9, channel: QUEUE, template: "Olá" }] }) { ... on Error { code message } } }`,
  );
  const planId = setPlans.plans[0]?.id;
  await activate(demo.root, { name: 'Has a plan', periods: 1, planId, idempotencyKey: 'has a plan' });
  const panels = await sql<{ tenantId: string; id: string; customerId: string }[]>`
    SELECT c.tenant_id AS "tenantId", c.reseller_id AS id, c.id AS "customerId" FROM customer c ORDER BY c.plan_id IS NULL, c.id`;
  const [own] = panels;
  const strange = panels.find(({ id, tenantId }) => id !== tenantId);
  if (!own || !strange) throw new Error('both panels have customers');
  for (const { customerId, ...panel } of [own, own, strange])
    await openedPayment(sql, { ...panel, userId: '' }, customerId, { periods: 36 });
  await sql`
    UPDATE customer_payment SET status = 'PAID_UNFUNDED', paid_at = now(), paid_by = id, settlement_id = id, price_minor = 3100
    WHERE id IN (SELECT min(id::text)::uuid FROM customer_payment GROUP BY reseller_id)`;
  const { manifest, tables, text } = await zipOf(demo.root.token);
  expect(manifest.totals).toMatchObject({ plans: 1, customerPayments: 2, reminderRules: 1, receivedMinor: { BRL: 3100 } });
  expect(tables.plans).toMatchObject([{ name: "'=Monthly", periods: '1', screens: '1', priceMinor: '2500', currency: 'BRL' }]);
  expect(tables['customer-payments']?.map(({ customer, priceMinor, status }) => ({ customer, priceMinor, status }))).toEqual([
    { customer: own.customerId, priceMinor: '3100', status: 'PAID_UNFUNDED' },
    { customer: own.customerId, priceMinor: '2500', status: 'PENDING' },
  ]);
  expect(tables['reminder-rules']).toMatchObject([{ daysFromEnd: '-3', hour: '9', channel: 'QUEUE', template: 'Olá' }]);
  expect(tables.customers?.filter((row) => row.plan)).toMatchObject([{ id: own.customerId, plan: tables.plans?.[0]?.id, muted: 'false' }]);
  expect(text).not.toContain('Plan of ana');
  // The audit log also tells those above only that it happened.
  const query = '{ auditLog(first: 100) { edges { node { action subject changes { field before after } } } } }';
  const { auditLog } = await client.query(demo.root, query);
  expect(auditLog.edges.filter(({ node }) => node.action === 'PLANS_SET')).toHaveLength(2);
  expect(JSON.stringify(auditLog)).toContain('=Monthly');
  expect(JSON.stringify(auditLog)).not.toContain('Plan of ana');
});

test('nobody else may export: no other panel or lower role, not the platform, no locked root and no support session', async () => {
  expect(await refusalOf(null)).toEqual([401, 'UNAUTHENTICATED']);
  expect(await refusalOf(demo.ana.token)).toEqual([403, 'FORBIDDEN']);
  expect(await refusalOf(demo.platform)).toEqual([403, 'FORBIDDEN']);
  const lesser = await client.data<{ made: { user: { id: string } } }>(
    demo.root.token,
    'mutation { made: inviteUser(input: { email: "viewer@demo.test", password: "revenda-demo", role: FINANCE }) { ... on InviteUserPayload { user { id } } } }',
  );
  expect(lesser.made.user.id).toBeTruthy();
  expect(await refusalOf(await client.signIn('viewer@demo.test'))).toEqual([403, 'FORBIDDEN']);
  const opened = await client.data<{ made: { token: string } }>(
    demo.platform,
    'mutation ($id: ID!) { made: openSupportSession(input: { resellerId: $id, reason: "a look" }) { ... on OpenSupportSessionPayload { token } } }',
    { id: await platformIdOf(client, demo.platform, 'root') },
  );
  expect(await refusalOf(opened.made.token)).toEqual([403, 'FORBIDDEN']);
  const locked = await plantTenant(client, demo.platform, 'empty@locked.test', 0);
  expect(await refusalOf(locked.token)).toEqual([403, 'PANEL_LOCKED']);
  const before = await sql`SELECT FROM audit_log WHERE action = 'TENANT_EXPORTED'`;
  expect(before).toHaveLength(2);
});

test('a client that disconnects ends the reading, and the partial file is not a valid ZIP', async () => {
  const address = new URL(`${client.origin}/export/tenant.zip`);
  const request = get(address, { headers: { authorization: `Bearer ${demo.root.token}` } });
  const [answer] = await once(request, 'response');
  answer.destroy();
  await until(async () => {
    const open = await sql`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'revenda reports' AND state IN ('active', 'idle in transaction')`;
    return open.length === 0;
  });
  // The place is free again: two exports of one tenant may run at a time.
  const both = () => Promise.all([zipOf(demo.root.token), zipOf(demo.root.token)]);
  expect(
    await until(() =>
      both().then(
        ({ length }) => length,
        () => undefined,
      ),
    ),
  ).toBe(2);
});
