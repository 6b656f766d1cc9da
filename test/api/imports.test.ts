import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Api } from '../support/clients/api.ts';
import { type ImportNow, importNow, preview, problemsOf, settled, upload, uploadForm } from '../support/clients/import-api.ts';
import { colleagueOf } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  sql = openTestSql(api.databaseUrl);
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

/** Some months from now, as other systems write a date. */
const SOON = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);

const MIXED = [
  'kind;id;login;email;name;parent;credits;telas;vencimento;senha',
  'reseller;r1;rev1;rev1@x.test;Rev 1;;40;;;',
  'reseller;r2;;sub@x.test;Sub;r1;0;;;',
  `customer;;ana.1;;Ana;sub@x.test;;2;${SOON} 10:00;segredo1`,
  'customer;;bia.1;;Bia;ana@demo.test;;1;01/02/2020;segredo2',
  'customer;;;;Caio;;;1;46243;',
].join('\n');

test('an upload writes only its preview, whose rows, sums and first lines are shown (R55)', async () => {
  const tables = () => sql`
    SELECT (SELECT count(*) FROM reseller) + (SELECT count(*) FROM customer) + (SELECT count(*) FROM app_user) + (SELECT count(*) FROM transfer) AS rows`;
  const before = await tables();
  const { id, status } = await uploadForm(api.client, demo.root.token, MIXED, { source: 'old panel', separator: '' });
  expect(status).toBe(202);
  const now = await settled(api.client, demo.root.token, id);
  expect(now).toMatchObject({
    ...{ status: 'PREVIEWED', rows: 5, validRows: 5, knownRows: 0, progress: 100, separator: ';', encoding: 'UTF_8', fileName: 'list.csv' },
    totals: {
      resellers: 2,
      credits: 40,
      customers: 3,
      activeCustomers: 1,
      expiredCustomers: 1 + Number(Date.parse('2026-08-10') < Date.now()),
      screens: 4,
    },
    proof: null,
  });
  expect(now.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(now.sample.map(({ line, name, parent }) => [line, name, parent])).toEqual([
    ...[
      [2, 'Rev 1', null],
      [3, 'Sub', 'r1'],
      [4, 'Ana', 'sub@x.test'],
      [5, 'Bia', 'ana@demo.test'],
      [6, 'Caio', null],
    ],
  ]);
  expect(await tables()).toEqual(before);
  // Secrets and the file are sealed.
  const [kept] = await sql<{ text: string }[]>`
    SELECT (SELECT string_agg(body, '') FROM import_chunk) || (SELECT string_agg(access::text, '') FROM import_row) AS text`;
  expect(kept?.text).not.toMatch(/segredo|Rev 1/);
  expect((await api.client.mutate(demo.root, 'discardImport', { importId: id })).__typename).toBe('DiscardImportPayload');
  expect(await importNow(api.client, demo.root.token, id)).toBeNull();
  expect((await sql`SELECT FROM import_row`).count + (await sql`SELECT FROM import_chunk`).count).toBe(0);
});

test('a file is read again with another separator, encoding, zone and other columns, and the hash changes (R55)', async () => {
  const file = Buffer.from(
    'conta|fim;login\nx|y;1\n'.replaceAll('|', ';').replace('login', 'usuário').replace('x;y;1', `José;${SOON} 10:00;jose.1`),
    'latin1',
  );
  const first = await preview(api.client, demo.root.token, file);
  expect(first).toMatchObject({ status: 'FAILED', encoding: 'WINDOWS_1252' });
  expect(problemsOf(first)).toMatchObject([[1, null, expect.stringContaining('No column says')]]);
  const columns = [
    { heading: 'conta', field: 'name' },
    { heading: 'fim', field: 'expiresAt' },
  ];
  const again = async (input: object): Promise<ImportNow> => {
    const { __typename } = await api.client.mutate(demo.root, 'previewImport', { importId: first.id, ...input });
    expect(__typename).toBe('PreviewImportPayload');
    return settled(api.client, demo.root.token, first.id);
  };
  const second = await again({ columns });
  expect(second).toMatchObject({ status: 'PREVIEWED', validRows: 1, timeZone: 'America/Sao_Paulo', sample: [{ name: 'José' }] });
  expect(second.columns.map(({ field }) => field)).toEqual(['name', 'expiresAt', 'login']);
  const third = await again({ timeZone: 'UTC' });
  expect(third).toMatchObject({ status: 'PREVIEWED', timeZone: 'UTC' });
  expect(third.hash).not.toBe(second.hash);
  expect(await again({ separator: ',' })).toMatchObject({ status: 'FAILED', separator: ',' });
  expect(await api.client.mutate(demo.root, 'previewImport', { importId: first.id, separator: '|' })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  await api.client.mutate(demo.root, 'discardImport', { importId: first.id });
});

test('rows that clash, have no parent, a parent below themselves or too deep a place are named by line and column (R55, R16)', async () => {
  const panels = Array.from({ length: 11 }, (_, index) => `d${index + 1},d${index + 1}@deep.test,${index === 0 ? '' : `d${index}`},0`);
  const file = [
    'id,email,parent,credits',
    ...['a,same@x.test,,1', 'b,same@x.test,,1', 'a,other@x.test,,1', 'c,ana@demo.test,,1', 'd,d@x.test,nobody,1'],
    ...['e,e@x.test,f,1', 'f,f@x.test,e,1', 'g,g@x.test,f,1', 'h,h@x.test,h,1', 'i,i@x.test,b,1', ...panels, 'e1,e1@x.test,d11,0'],
  ].join('\r\n');
  const now = await preview(api.client, demo.root.token, file);
  expect(now).toMatchObject({ status: 'PREVIEWED', rows: 22, validRows: 11 });
  expect(problemsOf(now)).toEqual([
    [3, 'email', 'is on line 2 already.'],
    [4, 'id', 'is on line 2 already.'],
    [5, 'email', 'is taken: another user signs in with it.'],
    [6, 'parent', expect.stringContaining('names no panel')],
    ...[7, 8, 9, 10].map((line) => [line, 'parent', expect.stringContaining('leads back')]),
    [11, 'parent', expect.stringContaining('has a problem')],
    [22, 'parent', expect.stringContaining('too deep')],
    [23, 'parent', expect.stringContaining('has a problem')],
  ]);
  await api.client.mutate(demo.root, 'discardImport', { importId: now.id });
  const customers = await preview(
    api.client,
    demo.root.token,
    `username,expiry,reseller\nana.1,${SOON},zero@demo.test\nana.1,${SOON},\nbia.1,${SOON},nobody\n`,
  );
  expect(problemsOf(customers).map(([line, column]) => [line, column])).toEqual([
    [3, 'username'],
    [4, 'reseller'],
  ]);
  await api.client.mutate(demo.root, 'discardImport', { importId: customers.id });
});

test('a file that is not a table is refused during the upload with a reason, and leaves nothing (R55)', async () => {
  const workbook = await upload(api.client, demo.root.token, Buffer.from('PK\u0003\u0004rest of a workbook'));
  expect(workbook).toMatchObject({ status: 400, code: 'INVALID_INPUT', message: expect.stringContaining('Save as') });
  expect(await upload(api.client, demo.root.token, '')).toMatchObject({ status: 400, message: expect.stringContaining('empty') });
  expect(await uploadForm(api.client, demo.root.token, 'a\0b', {})).toMatchObject({ status: 400, message: expect.stringContaining('NUL') });
  expect(await upload(api.client, demo.root.token, 'a,b\n', { colour: 'red' })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  expect(await upload(api.client, demo.root.token, 'a,b\n', { timeZone: 'Mars' })).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  const json = await fetch(`${api.client.origin}/import`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(json.status).toBe(415);
  expect((await sql`SELECT FROM import`).count).toBe(0);
});

test('a login that a customer of the tenant has is refused by line and column; another tenant’s is free (R55, R46)', async () => {
  const { client } = api;
  const activate = async (token: string, login: string) =>
    expect(
      (
        await client.mutate(token, 'activateCustomer', {
          name: login,
          login,
          secret: 'segredo1',
          periods: 1,
          screens: 1,
          idempotencyKey: login,
        })
      ).__typename,
    ).toBe('ActivateCustomerPayload');
  await activate(demo.ana.token, 'taken.1');
  await activate(demo.other.token, 'theirs.1');
  const now = await preview(client, demo.root.token, `username,expiry\nfree.1,${SOON}\ntaken.1,${SOON}\ntheirs.1,${SOON}\n`);
  expect(now).toMatchObject({ status: 'PREVIEWED', rows: 3, validRows: 2, totals: { customers: 2 } });
  expect(problemsOf(now)).toEqual([[3, 'username', 'is taken by a customer of the tenant.']]);
  await client.mutate(demo.root, 'discardImport', { importId: now.id });
});

test("owners of one root share their previews, another tenant's are invisible, and no owner commits any (R55, R18)", async () => {
  const { client } = api;
  const now = await preview(client, demo.root.token, `username,expiry\nshared.1,${SOON}\n`);
  const colleague = await colleagueOf(client, demo.root.token, 'colleague@demo.test');
  expect(await importNow(client, colleague.token, now.id)).toMatchObject({ hash: now.hash });
  const input = { importId: now.id, hash: now.hash, idempotencyKey: 'shared' };
  for (const token of [demo.root.token, colleague.token, demo.ana.token, demo.other.token]) {
    const { text } = await client.ask(
      token,
      'mutation ($input: CommitImportInput!) { commitImport(input: $input) { ... on Error { code } } }',
      { input },
    );
    expect(text).toContain('FORBIDDEN');
  }
  expect((await client.mutate(demo.other, 'previewImport', { importId: now.id, timeZone: 'UTC' })).code).toBe('NOT_FOUND');
  expect(await importNow(client, demo.root.token, now.id)).toMatchObject({ status: 'PREVIEWED', hash: now.hash, timeZone: now.timeZone });
  const { __typename } = await client.mutate(colleague, 'previewImport', { importId: now.id, timeZone: 'UTC' });
  expect(__typename).toBe('PreviewImportPayload');
  const again = await settled(client, demo.root.token, now.id);
  expect(again).toMatchObject({ status: 'PREVIEWED', timeZone: 'UTC' });
  // The preview that the first owner saw no longer exists, also for the platform.
  const { viewer } = await client.query(demo.platform, '{ viewer { imports(first: 100) { edges { node { id hash } } } } }');
  const importId = viewer.imports.edges.find(({ node }) => node.hash === again.hash)?.node.id ?? '';
  expect(await client.mutate(demo.platform, 'commitImport', { importId, hash: now.hash, idempotencyKey: 'old' })).toMatchObject({
    code: 'INVALID_STATE',
  });
  expect((await client.mutate(colleague, 'discardImport', { importId: now.id })).__typename).toBe('DiscardImportPayload');
  expect(await importNow(client, demo.root.token, now.id)).toBeNull();
});

test("a root's owners see and upload only for their own tenant, the platform for any, and nobody else at all (R55, R18)", async () => {
  const { client } = api;
  const file = `username,expiry\nana.1,${SOON}\n`;
  const other = await platformIdOf(client, demo.platform, 'other');
  for (const [token, code] of [
    [demo.ana.token, 'FORBIDDEN'],
    [null, 'UNAUTHENTICATED'],
    [demo.zero.token, 'FORBIDDEN'],
  ] as const)
    expect((await upload(client, token, file)).code).toBe(code);
  expect((await upload(client, demo.platform, file)).code).toBe('NOT_FOUND');
  const own = await preview(client, demo.root.token, file);
  const theirs = await upload(client, demo.platform, file, { tenant: other });
  expect(theirs.status).toBe(202);
  const list = async (token: string) => {
    const { viewer } = await client.query(token, '{ viewer { imports { edges { node { status reseller { name } } } } } }');
    return viewer.imports.edges.map(({ node }) => node.reseller.name);
  };
  expect(await list(demo.platform)).toEqual(['other', 'root']);
  expect(await list(demo.root.token)).toEqual(['root']);
  expect(await list(demo.other.token)).toEqual(['other']);
  expect(await list(demo.ana.token)).toEqual([]);
  for (const token of [demo.other.token, demo.ana.token]) {
    expect(await importNow(client, token, own.id)).toBeNull();
    expect((await api.client.mutate(token, 'discardImport', { importId: own.id })).code).toMatch(/^(NOT_FOUND|FORBIDDEN)$/);
  }
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await upload(client, demo.root.token, file)).status);
  expect(statuses).toEqual([202, 202, 202, 202, 409]);
});
