import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { sweepImports } from '../../src/domain/imports/sweep-imports.ts';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { type ImportNow, importNow, preview, problemsOf, settled } from '../support/clients/import-api.ts';
import type { Given } from '../support/clients/mutation.ts';
import type { ImportMode } from '../support/gql/schema.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database: the second commits what the first has read. */
let api: Api;
let elsewhere: Api;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  sql = openTestSql(api.databaseUrl);
});

afterAll(async () => {
  await sql.end();
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

/** The import with its id as the platform sees it, which contains the tenant. */
async function seen(hash: string): Promise<{ readonly id: string }> {
  const { viewer } = await api.client.query(demo.platform, '{ viewer { imports(first: 100) { edges { node { id hash } } } } }');
  return viewer.imports.edges.map(({ node }) => node).find((one) => one.hash === hash) ?? Promise.reject(new Error('not there'));
}

async function commit(previewed: ImportNow, mode: ImportMode = 'ALL', idempotencyKey = `commit ${previewed.hash}`): Promise<ImportNow> {
  const { id } = await seen(previewed.hash);
  const done = await elsewhere.client.mutate(demo.platform, 'commitImport', { importId: id, hash: previewed.hash, mode, idempotencyKey });
  if (done.import === undefined) throw new Error(done.message);
  return settled(api.client, demo.platform, id);
}

const healthy = async () => expect(await ledgerHealth(sql, null, inject('topology'))).toMatchObject({ ok: true, problems: [] });

const FILE = [
  'kind;id;login;email;name;parent;credits;telas;vencimento;senha;status',
  'reseller;r1;rev1;rev1@move.test;Rev 1;;40;;;;',
  'reseller;r2;;sub@move.test;Sub;r1;7;;;;',
  'reseller;r3;;none@move.test;None;r2;0;;;;',
  `customer;;ana.1;;Ana;sub@move.test;;2;${day(45)};segredo1;`,
  `customer;;bia.1;;Bia;ana@demo.test;;1;${day(-10)};segredo2;`,
  `customer;;teste.1;;Teste;rev1;;1;${day(1)};;trial`,
  `customer;;;;Caio;;;3;${day(90)};;cancelado`,
].join('\n');

test('a commit writes exactly what the preview shows, with equal sums, and the same file again adds nothing (R55, R6)', async () => {
  const first = await preview(api.client, demo.root.token, FILE, { source: 'old' });
  expect(first).toMatchObject({ status: 'PREVIEWED', validRows: 7 });
  const done = await commit(first);
  expect(problemsOf(done)).toEqual([]);
  expect(done).toMatchObject({
    status: 'COMMITTED',
    proof: done.totals,
    totals: first.totals,
    committedBy: 'platform@revenda.test',
    progress: 100,
  });
  expect(done.totals).toMatchObject({
    ...{
      resellers: 3,
      credits: 47,
      customers: 4,
      activeCustomers: 1,
      trialCustomers: 1,
      canceledCustomers: 1,
      expiredCustomers: 1,
      screens: 7,
    },
    screenDays: expect.toSatisfy((days: number) => Math.abs(days - (2 * 45 + 1 + 3 * 90)) <= 1),
  });
  const panels = await sql`
    SELECT r.name, p.name AS above, r.depth, a.balance, a.issued, a.locked, a.version FROM reseller r JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.id
    JOIN reseller p ON p.tenant_id = r.tenant_id AND p.id = r.parent_id JOIN app_user u ON u.tenant_id = r.tenant_id AND u.reseller_id = r.id WHERE u.email LIKE '%@move.test' ORDER BY r.depth`;
  expect([...panels]).toEqual([
    { name: 'Rev 1', above: 'root', depth: 1, balance: 40, issued: 40, locked: false, version: 1 },
    { name: 'Sub', above: 'Rev 1', depth: 2, balance: 7, issued: 7, locked: false, version: 1 },
    { name: 'None', above: 'Sub', depth: 3, balance: 0, issued: 0, locked: true, version: 0 },
  ]);
  const customers = await sql`
    SELECT c.name, r.name AS panel, c.screens, c.is_trial AS trial, c.credits_spent AS spent, c.canceled_at IS NOT NULL AS canceled, a.login
    FROM customer c JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.reseller_id
    JOIN customer_access a ON a.tenant_id = c.tenant_id AND a.customer_id = c.id ORDER BY c.name`;
  expect([...customers]).toMatchObject([
    { name: 'Ana', panel: 'Sub', screens: 2, trial: false, spent: 0, canceled: false, login: 'ana.1' },
    { name: 'Bia', panel: 'ana', screens: 1, login: 'bia.1' },
    { name: 'Caio', panel: 'root', screens: 3, canceled: true },
    { name: 'Teste', panel: 'Rev 1', trial: true },
  ]);
  await healthy();
  const { auditLog } = await api.client.query(demo.root, '{ auditLog(first: 100) { edges { node { action subject actor } } } }');
  expect(auditLog.edges.filter(({ node }) => node.action === 'IMPORT_COMMITTED')).toHaveLength(1);

  const proofOf = (token: string, id: string) =>
    fetch(`${api.client.origin}/export/import-proof.csv?import=${id}`, { headers: { authorization: `Bearer ${token}` } });
  const proof = await proofOf(demo.root.token, first.id);
  expect((await proof.text()).split('\r\n')).toEqual([
    'panel,externalId,creditsInFile,creditsIssued,difference,customers,screens',
    ...['root,,0,0,0,1,3', 'ana,,0,0,0,1,1', 'Rev 1,r1,40,40,0,1,1', 'Sub,r2,7,7,0,1,2', 'None,r3,0,0,0,0,0', ''],
  ]);
  expect((await proofOf(demo.platform, done.id)).status).toBe(200);
  expect((await proofOf(demo.ana.token, first.id)).status).toBe(403);
  expect((await proofOf(demo.other.token, first.id)).status).toBe(404);

  const again = await preview(api.client, demo.root.token, FILE, { source: 'old' });
  expect(again).toMatchObject({ validRows: 7, knownRows: 7, totals: { resellers: 0, customers: 0, credits: 0, screenDays: 0 } });
  const nothing = await commit(again);
  expect(nothing).toMatchObject({ status: 'COMMITTED', proof: again.totals });
  expect((await sql`SELECT FROM imported`).count).toBe(7);
  await healthy();
});

test("of two commits of one preview one is done, a key commits once, and another preview's hash commits nothing (R55, R31)", async () => {
  const one = await preview(api.client, demo.root.token, `login,expiry\nonce.1,${day(30)}\n`, { source: 'once' });
  const { id } = await seen(one.hash);
  const send = (input: Partial<Given<'commitImport'>>) =>
    elsewhere.client.mutate(demo.platform, 'commitImport', { importId: id, hash: one.hash, idempotencyKey: 'once', ...input });
  expect(await send({ hash: 'f'.repeat(64) })).toMatchObject({ code: 'INVALID_STATE' });
  for (const token of [demo.root.token, demo.ana.token]) {
    const input = { importId: one.id, hash: one.hash, idempotencyKey: 'mine' };
    expect(await elsewhere.client.mutate(token, 'commitImport', input)).toMatchObject({ code: 'FORBIDDEN' });
  }
  const answers = await Promise.all([send({}), send({}), send({ idempotencyKey: 'other' })]);
  const words = answers.map(({ code, replayed }) => code ?? replayed);
  // In either order: the same key is then a replay, and another key is too late.
  const isOther = words[2] === false;
  expect(isOther ? words : [...words].sort()).toEqual(isOther ? ['INVALID_STATE', 'INVALID_STATE', false] : ['INVALID_STATE', false, true]);
  const idempotencyKey = isOther ? 'other' : 'once';
  expect(await settled(api.client, demo.platform, id)).toMatchObject({ status: 'COMMITTED', proof: { customers: 1 } });
  expect(await send({ idempotencyKey })).toMatchObject({ replayed: true, import: { status: 'COMMITTED' } });
  expect(await send({ idempotencyKey, mode: 'VALID_ONLY' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  expect((await elsewhere.client.mutate(demo.platform, 'previewImport', { importId: id })).code).toBe('INVALID_STATE');
  expect((await elsewhere.client.mutate(demo.platform, 'discardImport', { importId: id })).code).toBe('INVALID_STATE');
  expect((await sql`SELECT FROM customer_access WHERE login = 'once.1'`).count).toBe(1);
});

test('two concurrent imports of the same rows make each row once (R55)', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => `both.${index},${day(30)},both@both.test`);
  const panel = 'id,login,email,credits,expiry,kind,parent\nb1,,both@both.test,5,,reseller,\n';
  const file = `${panel}${rows
    .map((row) => row.split(','))
    .map(([login, end, parent]) => `,${login},,,${end},customer,${parent}`)
    .join('\n')}\n`;
  const [one, two] = [
    await preview(api.client, demo.root.token, file, { source: 'both' }),
    await preview(api.client, demo.root.token, file, { source: 'both' }),
  ];
  const done = await Promise.all([commit(one), commit(two)]);
  for (const { proof, status, totals } of done) expect({ status, proof }).toEqual({ status: 'COMMITTED', proof: totals });
  expect(done.reduce((sum, { totals }) => sum + totals.customers, 0)).toBe(300);
  expect(done.reduce((sum, { totals }) => sum + totals.credits, 0)).toBe(5);
  expect((await sql`SELECT FROM customer_access WHERE login LIKE 'both.%'`).count).toBe(300);
  await healthy();
});

test('a row that no longer fits the tenant is refused by name: ALL stops and resumes, VALID_ONLY skips it (R55)', async () => {
  const file = (name: string) =>
    `id,email,credits,parent\n${name}1,${name}1@late.test,3,\n${name}2,${name}2@late.test,4,ana@demo.test\n${name}3,${name}3@late.test,5,${name}2\n`;
  const strict = await preview(api.client, demo.root.token, file('s'), { source: 'late' });
  const lenient = await preview(api.client, demo.root.token, file('l'), { source: 'late' });
  await plantPanel(api.client, demo.root, 's2@late.test', 10);
  await plantPanel(api.client, demo.root, 'l2@late.test', 10);
  const stopped = await commit(strict);
  expect(stopped).toMatchObject({ status: 'FAILED', proof: null });
  expect(problemsOf(stopped)).toEqual([[3, null, expect.stringContaining('e-mail')]]);
  expect(await commit(strict, 'VALID_ONLY', 'go on')).toMatchObject({
    status: 'COMMITTED',
    totals: { resellers: 1, credits: 3 },
    proof: { resellers: 1, credits: 3 },
  });
  const left = await commit(lenient, 'VALID_ONLY');
  expect(left).toMatchObject({ status: 'COMMITTED', totals: { resellers: 1, credits: 3 }, proof: { resellers: 1, credits: 3 } });
  expect(problemsOf(left)).toEqual([
    [3, null, expect.stringContaining('e-mail')],
    [4, null, expect.stringContaining('was not made')],
  ]);
  const bad = await preview(api.client, demo.root.token, `login,expiry\nok.1,${day(3)}\nNO,${day(3)}\n`, { source: 'bad' });
  await expect(commit(bad)).rejects.toThrow('problems');
  expect(await commit(bad, 'VALID_ONLY', 'valid')).toMatchObject({ status: 'COMMITTED', proof: { customers: 1 }, rows: 2, validRows: 1 });
  await healthy();
});

test('imported time is served and renewed, and canceling returns no credits for it (R55, R22, R23)', async () => {
  const owner = await plantTenant(api.client, demo.platform, 'mover@move.test', 100);
  await api.client.data(owner.token, 'mutation { setTenantPolicy(input: { refundPolicy: UNUSED_PERIODS }) { __typename } }');
  const previewed = await preview(
    api.client,
    owner.token,
    `login,expiry,telas\nkeep.1,${day(95)},2\nmore.1,${day(95)},2\nwide.1,${day(89)},2\n`,
  );
  expect(await commit(previewed)).toMatchObject({ status: 'COMMITTED', proof: { customers: 3, screens: 6 } });
  const { viewer } = await api.client.query(owner, '{ viewer { reseller { customers { edges { node { id name } } } } } }');
  const idOf = (name: string) => viewer.reseller.customers.edges.find(({ node }) => node.name === name)?.node.id;
  const run = (field: string, payload = 'CancelCustomerPayload') =>
    api.client.data<{ done: { account: { balance: number }; customer: { creditsSpent: number } } }>(
      owner.token,
      `mutation { done: ${field} { ... on ${payload} { account { balance } customer { creditsSpent } } } }`,
    );
  expect(await run(`cancelCustomer(input: { customerId: "${idOf('keep.1')}", idempotencyKey: "k" })`)).toMatchObject({
    done: { account: { balance: 100 }, customer: { creditsSpent: 0 } },
  });
  await run(`renewCustomer(input: { customerId: "${idOf('more.1')}", periods: 1, idempotencyKey: "r" })`, 'RenewCustomerPayload');
  expect(await run(`cancelCustomer(input: { customerId: "${idOf('more.1')}", idempotencyKey: "c" })`)).toMatchObject({
    done: { account: { balance: 100 }, customer: { creditsSpent: 0 } },
  });
  // The payment for one more screen over three periods comes back as one period with all three screens.
  await run(`addScreens(input: { customerId: "${idOf('wide.1')}", screens: 1, idempotencyKey: "w" })`, 'AddScreensPayload');
  expect(await run(`cancelCustomer(input: { customerId: "${idOf('wide.1')}", idempotencyKey: "wc" })`)).toMatchObject({
    done: { account: { balance: 100 }, customer: { creditsSpent: 0 } },
  });
  await healthy();
  expect(await platformIdOf(api.client, demo.platform, 'mover')).not.toBe('');
  expect(await importNow(api.client, demo.root.token, previewed.id)).toBeNull();
});

test('a panel closed since the preview receives nothing; one moved or suspended does, in its current place (R55, R10)', async () => {
  const { client } = api;
  const owner = await plantTenant(client, demo.platform, 'since@since.test', 200);
  const [closed, moved, halted] = [
    await plantPanel(client, owner, 'closed@since.test', 10),
    await plantPanel(client, owner, 'moved@since.test', 10),
    await plantPanel(client, owner, 'halted@since.test', 10),
  ];
  const under = ['closed', 'moved', 'halted'].map((name) => `reseller;${name};;${name}.sub@since.test;3;${name}@since.test;`);
  const served = ['closed', 'moved', 'halted'].map((name) => `customer;;of.${name};;;${name}@since.test;${day(30)}`);
  const file = ['kind;id;login;email;credits;parent;expiry', ...under, ...served].join('\n');
  const previewed = await preview(client, owner.token, file, { source: 'since' });
  expect(previewed).toMatchObject({ status: 'PREVIEWED', rows: 6, validRows: 6 });
  await elsewhere.client.mutate(owner, 'closeReseller', { resellerId: closed.id, idempotencyKey: 'close' });
  await elsewhere.client.mutate(owner, 'suspendReseller', { resellerId: halted.id, reason: 'not paid' });
  await elsewhere.client.mutate(owner, 'moveReseller', { resellerId: moved.id, newParentId: halted.id });
  const done = await commit(previewed, 'VALID_ONLY');
  expect(problemsOf(done)).toEqual([2, 5].map((line) => [line, null, expect.stringContaining('is closed')]));
  expect(done).toMatchObject({ status: 'COMMITTED', totals: { resellers: 2, credits: 6, customers: 2 }, proof: done.totals });
  const places = await sql<{ name: string; above: string; depth: number }[]>`
    SELECT r.name, p.name AS above, r.depth FROM reseller r JOIN reseller p ON p.tenant_id = r.tenant_id AND p.id = r.parent_id
    JOIN app_user u ON u.tenant_id = r.tenant_id AND u.reseller_id = r.id WHERE u.email LIKE '%.sub@since.test' ORDER BY r.depth`;
  expect(places.map(({ above, depth }) => [above, depth])).toEqual([
    ['halted', 2],
    ['moved', 3],
  ]);
  await healthy();
});

test('after seven days a preview, its file and its rows are gone, and of a commit only its proof stays (R55)', async () => {
  const { client } = api;
  const owner = await plantTenant(client, demo.platform, 'week@week.test', 5);
  const one = (login: string) => `login,expiry\n${login},${day(30)}\nNO,${day(3)}\n`;
  const kept = await preview(client, owner.token, one('kept'), { source: 'week' });
  const old = await preview(client, owner.token, one('old'), { source: 'week' });
  const written = await preview(client, owner.token, one('written'), { source: 'week' });
  const done = await commit(written, 'VALID_ONLY');
  const tenant = sql`SELECT tenant_id FROM import WHERE hash = ${old.hash}`;
  await sql`UPDATE import SET created_at = now() - interval '169 hours' WHERE tenant_id = (${tenant}) AND hash <> ${kept.hash}`;
  await sweepImports({ sql, topology: inject('topology') });
  expect(await importNow(client, owner.token, old.id)).toBeNull();
  expect(await importNow(client, owner.token, written.id)).toMatchObject({
    status: 'COMMITTED',
    proof: done.proof,
    problems: { edges: [] },
  });
  expect(await importNow(client, owner.token, kept.id)).toMatchObject({ status: 'PREVIEWED', rows: 2, validRows: 1 });
  const left = await sql<{ imports: number; rows: number; problems: number; chunks: number }[]>`
    SELECT count(DISTINCT i.id)::integer AS imports, (SELECT count(DISTINCT import_id) FROM import_row WHERE tenant_id = i.tenant_id)::integer AS rows,
      (SELECT count(DISTINCT import_id) FROM import_problem WHERE tenant_id = i.tenant_id)::integer AS problems,
      (SELECT count(DISTINCT import_id) FROM import_chunk WHERE tenant_id = i.tenant_id)::integer AS chunks
    FROM import i WHERE i.tenant_id = (SELECT tenant_id FROM import WHERE hash = ${kept.hash}) GROUP BY i.tenant_id`;
  expect([...left]).toEqual([{ imports: 2, rows: 1, problems: 1, chunks: 1 }]);
});
