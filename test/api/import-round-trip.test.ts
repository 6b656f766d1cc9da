import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import { type ImportNow, preview, problemsOf, settled } from '../support/clients/import-api.ts';
import type { Answered, Given, MutationName } from '../support/clients/mutation.ts';
import { parseCsv } from '../support/csv.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, type Member, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** The server that a tenant leaves, and a new one that does not know it. */
let old: Api;
let fresh: Api;
let oldSql: Sql;
let sql: Sql;
let demo: Demo;
let platform: string;
let root: Member;

beforeAll(async () => {
  ({ api: old, demo } = await startDemo());
  fresh = await startApi();
  oldSql = openTestSql(old.databaseUrl);
  sql = openTestSql(fresh.databaseUrl);
  platform = await fresh.client.signIn('platform@revenda.test');
});

afterAll(async () => {
  await sql.end();
  await oldSql.end();
  await fresh[Symbol.asyncDispose]();
  await old[Symbol.asyncDispose]();
});

async function succeed<Name extends MutationName>(
  client: Client,
  token: string | null,
  name: Name,
  input: Given<Name>,
): Promise<Answered<Name>> {
  const done = await client.mutate(token, name, input);
  expect(done).not.toHaveProperty('code');
  return done;
}

interface Zip {
  readonly totals: Readonly<Record<string, number>>;
  readonly file: (name: string) => string;
  readonly rows: (name: string) => Record<string, string>[];
}

async function zipOf(client: Client, token: string): Promise<Zip> {
  const response = await fetch(`${client.origin}/export/tenant.zip`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const file = (name: string) => Buffer.from(files[name] ?? []).toString();
  return { file, rows: (name) => parseCsv(file(name)), totals: JSON.parse(file('manifest.json')).totals };
}

async function moveIn(file: string, tenant: string): Promise<{ readonly previewed: ImportNow; readonly done: ImportNow }> {
  const previewed = await preview(fresh.client, platform, file, { tenant, source: 'old server' });
  expect(problemsOf(previewed)).toEqual([]);
  await succeed(fresh.client, platform, 'commitImport', { importId: previewed.id, hash: previewed.hash, idempotencyKey: previewed.hash });
  const done = await settled(fresh.client, platform, previewed.id);
  expect(done).toMatchObject({ status: 'COMMITTED', proof: done.totals, totals: previewed.totals });
  return { previewed, done };
}

/** Keeps the root's place, without the name and e-mail that it has on this server. */
function shownPanels({ rows }: Zip): Record<string, string>[] {
  return rows('resellers.csv').map((row) => (row.isRoot === 'true' ? { ...row, name: 'root', email: 'root' } : row));
}

/** The balance of each panel, by its name and its parent's name. */
function panelsOf(zip: Zip): unknown[] {
  const panels = shownPanels(zip).filter(({ closedAt }) => closedAt === '');
  const nameOf = (id: string | undefined) => panels.find((one) => one.id === id)?.name ?? '';
  return panels
    .map(({ credits, email, locked, name, parent }) => ({ name, above: nameOf(parent), email, credits, locked }))
    .sort((one, other) => String(one.name).localeCompare(String(other.name)));
}

function customersOf(zip: Zip): unknown[] {
  const panels = new Map(shownPanels(zip).map(({ id, name }) => [id, name]));
  return zip
    .rows('customers.csv')
    .map(({ contact, expiresAt, laterScreens, login, name, nextScreens, notes, reseller, screens, screensChangeAt, status }) => ({
      ...{ login, panel: panels.get(reseller), status, screens, nextScreens, laterScreens, screensChangeAt, expiresAt },
      // For customers of other panels the file contains neither name nor contact: their login replaces the name.
      ...(panels.get(reseller) === 'root' ? { name, contact, notes } : {}),
    }))
    .sort((one, other) => String(one.login).localeCompare(String(other.login)));
}

const spansOf = async (client: Client, token: string) => {
  const { viewer } = await client.query(
    token,
    '{ viewer { reseller { customers(first: 50) { edges { node { access { login } spans { screens endsAt } nextScreens status } } } } } }',
  );
  return viewer.reseller.customers.edges.map(({ node }) => node).sort((one, other) => one.access.login.localeCompare(other.access.login));
};

test('an exported tenant is imported elsewhere with every sum equal, panel by panel, and once (R55, R6, R22)', async () => {
  const { client } = old;
  const { ana, bruno, caio } = demo;
  const owner = demo.root;
  const activate = async (by: Member, login: string, more: object = {}) => {
    const input = { name: `Name of ${login}`, login, secret: 'a secret', periods: 1, screens: 1, idempotencyKey: login, ...more };
    return (await succeed(client, by.token, 'activateCustomer', input)).customer?.id ?? '';
  };
  // A closed panel whose customers went to its parent, a suspended panel, and locked panels.
  const closed = await plantPanel(client, ana, 'closed@demo.test', 20);
  await activate(closed, 'was.closed', { screens: 2 });
  await succeed(client, ana.token, 'closeReseller', { resellerId: closed.id, idempotencyKey: 'close' });
  const halted = await plantPanel(client, owner, 'halted@demo.test', 15);
  await activate(halted, 'of.halted', { periods: 2 });
  await succeed(client, owner.token, 'suspendReseller', { resellerId: halted.id, reason: 'not paid' });
  await activate(owner, 'own.formula', {
    name: '=cmd|own',
    contact: '+55 11 98765-4321',
    notes: 'pays; "late"\nalways',
    screens: 2,
    periods: 3,
  });
  // Fewer screens later, then more again: three spans.
  const later = await activate(ana, 'ana.later', { screens: 3, periods: 2 });
  for (const [screens, key] of [
    [1, 'down'],
    [2, 'up'],
  ] as const) {
    await succeed(client, ana.token, 'setNextScreens', { customerId: later, screens });
    await succeed(client, ana.token, 'renewCustomer', { customerId: later, periods: 1, idempotencyKey: key });
  }
  const canceled = await activate(bruno, 'bruno.canceled', { periods: 2 });
  await succeed(client, bruno.token, 'cancelCustomer', { customerId: canceled, idempotencyKey: 'cancel' });
  await activate(caio, 'caio.expired');
  await succeed(client, caio.token, 'startTrial', {
    name: 'Trial',
    contact: 'trial@demo.test',
    login: 'caio.trial',
    hours: 24,
    idempotencyKey: 'trial',
  });
  await oldSql`
    UPDATE customer SET expires_at = date_trunc('milliseconds', now()) - interval '40 days'
    WHERE id = (SELECT customer_id FROM customer_access WHERE login = 'caio.expired')`;
  const before = await zipOf(client, owner.token);
  expect(before.totals).toMatchObject({
    resellers: 7,
    closedResellers: 1,
    customers: 7,
    trialCustomers: 1,
    canceledCustomers: 1,
    expiredCustomers: 1,
  });

  root = await plantTenant(fresh.client, platform, 'new-root@fresh.test', 0);
  const tenant = await platformIdOf(fresh.client, platform, 'new-root');
  const panels = await moveIn(before.file('resellers.csv'), tenant);
  expect(panels.done.totals).toMatchObject({ resellers: 5, credits: before.totals.credits, customers: 0 });
  const customers = await moveIn(before.file('customers.csv'), tenant);
  // Columns that are not imported are listed.
  expect(customers.previewed.columns.filter(({ field }) => field === null).map(({ heading }) => heading)).toEqual(
    expect.arrayContaining(['plan', 'muted']),
  );
  const sums = [
    'customers',
    'activeCustomers',
    'trialCustomers',
    'canceledCustomers',
    'expiredCustomers',
    'screens',
    'screenDays',
  ] as const;
  for (const sum of sums) expect(customers.done.totals[sum], sum).toBe(before.totals[sum]);

  const after = await zipOf(fresh.client, root.token);
  for (const sum of [...sums, 'credits'] as const) expect(after.totals[sum], sum).toBe(before.totals[sum]);
  expect(panelsOf(after)).toEqual(panelsOf(before));
  expect(customersOf(after)).toEqual(customersOf(before));
  expect(await ledgerHealth(sql, null, inject('topology'))).toMatchObject({ ok: true, problems: [] });

  // The owner of a panel gets in, and finds the customers' screens as they were paid for.
  const invited = await succeed(fresh.client, platform, 'createImportInvitations', { importId: panels.done.id });
  expect(invited.invitations).toHaveLength(5);
  const token = invited.invitations?.find(({ email }) => email === ana.email)?.token ?? '';
  await succeed(fresh.client, null, 'resetPassword', { token, newPassword: 'revenda-demo' });
  expect(await spansOf(fresh.client, await fresh.client.signIn(ana.email))).toEqual(await spansOf(client, ana.token));

  for (const name of ['resellers.csv', 'customers.csv']) {
    const again = await preview(fresh.client, root.token, before.file(name), { source: 'old server' });
    expect(again).toMatchObject({ totals: { resellers: 0, credits: 0, customers: 0 }, knownRows: again.rows, validRows: again.rows });
  }
  const [first] = await sql<{ issued: number }[]>`SELECT sum(issued)::bigint AS issued FROM account`;
  expect(first?.issued).toBe(before.totals.credits);
});

test('later files also know a root without credits, a file has one root, and spans have one form (R55)', async () => {
  const owner = await plantTenant(fresh.client, platform, 'empty@fresh.test', 7);
  const tenant = await platformIdOf(fresh.client, platform, 'empty');
  const panels = await moveIn('id,name,credits,isRoot\nboss,Boss,0,true\n', tenant);
  expect(panels.done.totals).toMatchObject({ resellers: 0, credits: 0 });
  const end = new Date(Date.now() + 90 * 86_400_000).toISOString();
  const { done } = await moveIn(`login,reseller,expiry\nof.boss,boss,${end}\n`, tenant);
  expect(done.totals).toMatchObject({ customers: 1 });
  const [{ panel } = { panel: '' }] = await sql<{ panel: string }[]>`
    SELECT r.name AS panel FROM customer_access a JOIN customer c ON c.tenant_id = a.tenant_id AND c.id = a.customer_id
    JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.reseller_id WHERE login = 'of.boss'`;
  expect(panel).toBe('empty');
  const twice = await preview(fresh.client, owner.token, 'id,name,credits,isRoot\na,A,5,true\nb,B,6,true\n');
  expect(problemsOf(twice)).toEqual([[3, 'isRoot', 'is on line 2 already.']]);
  const spans = await preview(
    fresh.client,
    owner.token,
    `login,expiry,screens,laterScreens\nx.1,${end},2,1\nx.2,${end},2,0x1\nx.3,${end},2,1x2\n`,
  );
  expect(problemsOf(spans).map(([line, column]) => [line, column])).toEqual([
    [2, 'laterScreens'],
    [3, 'laterScreens'],
  ]);
  expect(await ledgerHealth(sql, null, inject('topology'))).toMatchObject({ ok: true, problems: [] });
});

test("a panel's own list of customers is imported with its spans of screens, in either language (R55, R22)", async () => {
  for (const language of ['', 'pt-BR', 'en']) {
    const response = await fetch(`${old.client.origin}/export/customers.csv?language=${language}`, {
      headers: { authorization: `Bearer ${demo.ana.token}` },
    });
    const previewed = await preview(fresh.client, root.token, Buffer.from(await response.arrayBuffer()), { source: `list ${language}` });
    expect(problemsOf(previewed)).toEqual([]);
    expect(previewed).toMatchObject({ status: 'PREVIEWED', validRows: 2, totals: { customers: 2, activeCustomers: 2, screens: 5 } });
    // Two screens for a month; three for two months, then one, then two.
    expect(previewed.totals.screenDays).toBe(2 * 30 + 3 * 60 + 30 + 2 * 30 - 1);
    const statement = await fetch(`${old.client.origin}/export/statement.csv?language=${language}`, {
      headers: { authorization: `Bearer ${demo.ana.token}` },
    });
    const refused = await preview(fresh.client, root.token, Buffer.from(await statement.arrayBuffer()), { source: `list ${language}` });
    expect(problemsOf(refused)).toEqual([[1, null, expect.stringContaining('This is a statement')]]);
    for (const { id } of [previewed, refused])
      await fresh.client.data(root.token, `mutation { discardImport(input: { importId: "${id}" }) { __typename } }`);
  }
});
