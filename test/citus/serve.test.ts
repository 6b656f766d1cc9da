import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { prepareDatabase } from '../../src/db/migrate.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { watchBalance } from '../live/watch.ts';
import type { Client } from '../support/clients/api.ts';
import { customerOf } from '../support/clients/customers-api.ts';
import { preview, settled } from '../support/clients/import-api.ts';
import { colleagueOf, isSignedIn, serviceKeyOf } from '../support/clients/people-api.ts';
import { type ServerProcess, startProcess, stopProcesses } from '../support/processes/processes.ts';
import { asPlatform, order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type Demo, type Member, plantDemo, plantPanel, platformIdOf } from '../support/worlds/demo.ts';

const SECRETS_KEY = Buffer.alloc(32, 'test').toString('base64');
const DAY_MS = 86_400_000;

/** Skipped without a Citus cluster, which TEST_TOPOLOGY=citus announces. */
describe.skipIf(inject('topology') !== 'citus')('servers on a distributed database', () => {
  let database: TestDatabase;
  let servers: readonly ServerProcess[];
  let client: Client;
  let second: Client;
  let demo: Demo;
  let sql: Sql;

  beforeAll(async () => {
    database = await createDatabase();
    const first = await startProcess(database.url, { SECRETS_KEY, PROCESSES: '2' });
    const other = await startProcess(database.url, { SECRETS_KEY });
    servers = [first, other];
    [client, second] = [first.client, other.client];
    demo = await plantDemo(client);
    sql = openSql(database.url, { name: 'test', max: 1, role: null });
  });

  afterAll(async () => {
    await sql.end();
    await stopProcesses(servers);
    await database.drop();
  });

  /** Errors in the logs, and refusals of a job by the database. */
  const complaints = () => servers.flatMap(({ output }) => output.filter((line) => /"level":50|PostgresError/.test(line)));
  const balanceOf = async ({ token }: Member) =>
    (await client.query(token, '{ viewer { reseller { account { balance } } } }')).viewer.reseller.account.balance;

  test('the start refuses a worker, and a read replica', async () => {
    const worker = new URL(inject('templateUrls')[1] ?? '');
    worker.pathname = new URL(database.url).pathname;
    const logins = (url: string) => ({ url, migrateUrl: url });
    await expect(prepareDatabase(logins(worker.href))).rejects.toThrow(/a worker of a Citus cluster/);
    await expect(prepareDatabase({ ...logins(database.url), readUrl: database.url })).rejects.toThrow(/remove READ_DATABASE_URL/);
    await prepareDatabase(logins(database.url));
  });

  test('an e-mail and a key of the platform are unique over all tenants, at any server', async () => {
    const input = { name: 'Twice', ownerEmail: demo.other.email, ownerPassword: 'revenda-demo' };
    expect(await second.mutate(demo.platform, 'createTenant', input)).toMatchObject({ code: 'ALREADY_EXISTS' });
    const [root, other] = [await platformIdOf(client, demo.platform, 'root'), await platformIdOf(client, demo.platform, 'other')];
    const issued = (resellerId: string) =>
      second.mutate(demo.platform, 'issueCredits', { resellerId, amount: 1_000, idempotencyKey: 'one key' });
    expect(await issued(root)).toMatchObject({ replayed: false });
    expect(await issued(root)).toMatchObject({ replayed: true });
    expect(await issued(other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    // More at once than the connections that hold names.
    const names = Array.from({ length: 12 }, (_, index) => ({ name: `T${index}`, ownerEmail: `owner${index % 6}@many.test` }));
    const made = await Promise.all(
      names.map((name) => client.mutate(demo.platform, 'createTenant', { ...name, ownerPassword: 'revenda-demo' })),
    );
    expect(made.map(({ code }) => code ?? 'made').sort()).toEqual([...Array(6).fill('ALREADY_EXISTS'), ...Array(6).fill('made')]);
  });

  test('credits are moved, spent and returned, and a change is announced at the other server', async () => {
    const { ana, bruno } = demo;
    const socket = second.socket(bruno.token);
    const watch = watchBalance(socket);
    expect(await watch.next()).toMatchObject({ balance: 10 });
    expect(await client.transfer(ana.token, bruno.id, 5, 'five')).toMatchObject({ replayed: false });
    expect(await second.transfer(ana.token, bruno.id, 5, 'five')).toMatchObject({ replayed: true });
    expect(await watch.next()).toMatchObject({ balance: 15, delta: 5 });
    const served = await client.mutate(bruno, 'activateCustomer', { name: 'Maria', periods: 1, contact: '+55 11 98765-4321' });
    const customerId = customerOf(served).id;
    const renewed = await second.mutate(bruno, 'renewCustomer', { customerId, periods: 2 });
    expect(await second.mutate(bruno, 'undoSpending', { transferId: renewed.transfer?.id ?? '' })).toMatchObject({
      transfer: { kind: 'UNDO', amount: 2 },
    });
    expect((await watch.take(3)).map(({ balance }) => balance)).toEqual([14, 12, 14]);
    await watch.stop();
    await socket.dispose();
  });

  test('the platform sells, a panel sells, and a panel is moved with its data', async () => {
    const { ana, bruno, platform, root } = demo;
    await setPrices(client, platform, PRICES);
    await order(client, root.token, { quantity: 10 });
    const sale = await asPlatform(client, platform, 'root');
    const before = await balanceOf(root);
    expect(await second.mutate(platform, 'confirmPurchase', { purchaseId: sale.id, reference: 'paid' })).toMatchObject({
      purchase: { status: 'PAID' },
    });
    expect(await balanceOf(root)).toBe(before + 10);
    const below = await plantPanel(client, bruno, 'below@demo.test', 10);
    expect(await client.mutate(root, 'moveReseller', { resellerId: bruno.id, newParentId: root.id })).not.toHaveProperty('code');
    expect(await client.transfer(ana.token, bruno.id, 1, 'moved away')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await client.transfer(root.token, below.id, 1, 'two levels')).toMatchObject({ code: 'NOT_DIRECT_CHILD' });
    expect(await client.mutate(bruno, 'closeReseller', { resellerId: below.id })).toMatchObject({ reseller: { status: 'CLOSED' } });
    expect(await isSignedIn(second, below.token)).toBe(false);
  });

  test("the platform views a root's panel and resets its OWNER, and both logs record it", async () => {
    const { other, platform } = demo;
    const resellerId = await platformIdOf(client, platform, 'other');
    const { token } = await client.mutate(platform, 'openSupportSession', { resellerId, reason: 'to help' });
    const { viewer } = await second.query(token ?? '', '{ viewer { reseller { name } supportSessions { reason } } }');
    expect(viewer).toMatchObject({ reseller: { name: 'other' }, supportSessions: [{ reason: 'to help' }] });
    const colleague = await colleagueOf(client, other.token, 'second@other.test');
    const { reseller } = await client.query(platform, 'query ($id: ID!) { reseller(id: $id) { owners { id email } } }', { id: resellerId });
    const userId = reseller.owners?.find(({ email }) => email === 'second@other.test')?.id ?? '';
    const { oneTimePassword } = await second.mutate(platform, 'resetUserAccess', { userId });
    expect(await isSignedIn(client, colleague.token)).toBe(false);
    expect(await client.mutate(null, 'signIn', { email: 'second@other.test', password: oneTimePassword ?? '' })).toHaveProperty('token');
    const logged = await sql`
      SELECT action, reseller_id IS NULL AS platforms FROM audit_log WHERE action IN ('SUPPORT_SESSION_OPENED', 'USER_ACCESS_RESET') ORDER BY 1, 2`;
    expect(logged.map(({ action, platforms }) => [action, platforms])).toEqual([
      ['SUPPORT_SESSION_OPENED', false],
      ['SUPPORT_SESSION_OPENED', true],
      ['USER_ACCESS_RESET', false],
      ['USER_ACCESS_RESET', true],
    ]);
  });

  test('a service checks customers, a page is opened by its link, and exports have the rows of lists', async () => {
    const { ana, root } = demo;
    const key = await serviceKeyOf(client, root.token);
    const customer = customerOf(await client.mutate(ana, 'activateCustomer', { name: 'João', periods: 1 }));
    await client.mutate(ana, 'resetAccess', { customerId: customer.id, login: 'joao.1', secret: 'right secret' });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const body = JSON.stringify({ login: 'joao.1', secret: 'right secret' });
    const checked = await fetch(`${second.origin}/access/check`, { method: 'POST', headers, body });
    expect(await checked.json()).toMatchObject({ active: true, customer: customer.id });

    await client.mutate(ana, 'setPlans', { currency: 'BRL', plans: [{ name: 'Mensal', periods: 1, priceMinor: 2_500 }] });
    const pathOf = async () => {
      await client.mutate(ana, 'resetRenewalLink', { customerId: customer.id });
      const { customer: linked } = await client.query(ana, 'query ($id: ID!) { customer(id: $id) { renewalLink } }', { id: customer.id });
      return new URL(linked.renewalLink ?? '').pathname;
    };
    const [old, now] = [await pathOf(), await pathOf()];
    expect((await fetch(second.origin + old)).status).toBe(404);
    expect(await (await fetch(second.origin + now)).text()).toContain('Mensal');
    const words = await sql`SELECT count(*)::integer AS count FROM directory WHERE kind = 'RENEWAL_LINK'`;
    expect(words).toEqual([{ count: 1 }]);

    const authorization = { authorization: `Bearer ${ana.token}` };
    const exported = await (await fetch(`${second.origin}/export/customers.csv`, { headers: authorization })).text();
    expect(exported).toContain('João');
    const statement = await (await fetch(`${second.origin}/export/statement.csv`, { headers: authorization })).text();
    const { viewer } = await client.query(
      ana,
      '{ viewer { reseller { account { statement(first: 100) { edges { node { delta } } } } } } }',
    );
    expect(statement.trim().split('\n')).toHaveLength(viewer.reseller.account.statement.edges.length + 1);
  });

  test('a tenant is imported: previewed, committed once by its key, and its owners get in', async () => {
    const { platform, root } = demo;
    const ends = new Date(Date.now() + 45 * DAY_MS).toISOString();
    const file = [
      'kind;id;login;email;name;parent;credits;telas;vencimento;senha',
      'reseller;r1;rev1;rev1@move.test;Rev 1;;40;;;',
      `customer;;ana.1;;Ana;rev1@move.test;;2;${ends};segredo1`,
    ].join('\n');
    const { hash } = await preview(client, root.token, file, { source: 'old' });
    const { viewer } = await client.query(platform, '{ viewer { imports(first: 100) { edges { node { id hash } } } } }');
    const importId = viewer.imports.edges.find(({ node }) => node.hash === hash)?.node.id ?? '';
    const commit = (mode: 'ALL' | 'VALID_ONLY') =>
      second.mutate(platform, 'commitImport', { importId, hash: hash ?? '', mode, idempotencyKey: 'commit it' });
    expect(await commit('ALL')).toMatchObject({ replayed: false });
    expect(await commit('ALL')).toMatchObject({ replayed: true });
    expect(await commit('VALID_ONLY')).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const done = await settled(client, platform, importId);
    expect(done).toMatchObject({ status: 'COMMITTED', validRows: 2, proof: { credits: 40, customers: 1 } });
    const { invitations } = await client.mutate(platform, 'createImportInvitations', { importId });
    const token = invitations?.[0]?.token ?? '';
    expect(await second.mutate(null, 'resetPassword', { token, newPassword: 'revenda-demo' })).not.toHaveProperty('code');
    expect(await client.signIn('rev1@move.test')).toBeTruthy();
  });

  test('the books are sound in every tenant, and no server logged an error', async () => {
    const { ledgerHealth } = await client.query(demo.platform, '{ ledgerHealth { ok problems } }');
    expect(ledgerHealth).toEqual({ ok: true, problems: [] });
    expect(complaints()).toEqual([]);
  });
});
