import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, type Client, PASSWORD } from '../support/clients/api.ts';
import { parseCsv } from '../support/csv.ts';
import { liveBytes } from '../support/live-bytes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { noteEmails } from '../support/worlds/directory.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

const LARGE_ROWS = 100_000;
/**
 * The memory that server and reader in this process may use while 100,000 rows pass. The file has 25 MB, and its rows
 * as objects several times that.
 */
const MAX_HELD_BYTES = 8_000_000;
const WEIGH_EVERY_BYTES = 2_000_000;
const LINE_FEED = 10;

let api: Api;
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to export');
  sql = openTestSql(api.databaseUrl, { max: 2 });
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

function download(token: string | null, address: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${client.origin}/export/${address}`, { headers: { ...authorization, ...headers } });
}

async function rowsOf(token: string, address: string): Promise<Record<string, string>[]> {
  const response = await download(token, address);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.status, bytes.toString()).toBe(200);
  return parseCsv(bytes.toString());
}

async function refusalOf(
  token: string | null,
  address: string,
  headers: Record<string, string> = {},
): Promise<[number, string | undefined]> {
  const response = await download(token, address, headers);
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, errors[0]?.extensions.code];
}

async function activate(by: Member, input: object): Promise<void> {
  await client.data(by.token, 'mutation ($input: ActivateCustomerInput!) { activateCustomer(input: $input) { __typename } }', { input });
}

/** The statement as GraphQL returns it, with the column names of the file. */
async function statementOf(token: string, id: string): Promise<Record<string, string>[]> {
  const { reseller } = await client.query(
    token,
    `query ($id: ID!) { reseller(id: $id) { account { statement(first: 100) { edges { node { version delta balanceAfter createdAt transfer {
      kind memo counterparty actor customer { name } from { reseller { name } } to { reseller { name } } } } } } } } }`,
    { id },
  );
  return reseller.account.statement.edges.map(({ node: { balanceAfter, createdAt, delta, transfer, version } }) => ({
    time: createdAt,
    version: String(version),
    kind: transfer.kind,
    credits: String(delta),
    balance: String(balanceAfter),
    counterparty: transfer.counterparty ?? '',
    name: (delta > 0 ? transfer.from : transfer.to)?.reseller.name ?? transfer.customer?.name ?? '',
    memo: transfer.memo ?? '',
    actor: transfer.actor ?? '',
    undoneAt: '',
  }));
}

test('a statement parsed back equals the statement, of every panel of the branch, for each who may see it', async () => {
  const panel = await plantPanel(client, demo.root, 'panel@export.test', 50);
  const child = await plantPanel(client, panel, 'child@export.test', 20);
  await client.data(demo.root.token, 'mutation ($input: TransferCreditsInput!) { transferCredits(input: $input) { __typename } }', {
    input: { toResellerId: panel.id, amount: 5, memo: 'one, "two"\r\nthree; é 漢 \u{1f600}', idempotencyKey: 'export memo' },
  });
  await activate(panel, { name: 'João, o "dono"', periods: 2, idempotencyKey: 'export customer' });
  const pairs = [
    [panel, panel],
    [panel, child],
    [demo.root, panel],
    [child, child],
  ] as const;
  for (const [by, of] of pairs)
    expect(await rowsOf(by.token, `statement.csv?reseller=${of.id}`)).toEqual(await statementOf(by.token, of.id));
  expect(await rowsOf(panel.token, 'statement.csv')).toEqual(await statementOf(panel.token, panel.id));
  const root = await platformIdOf(client, demo.platform, 'root');
  expect(await rowsOf(demo.platform, `statement.csv?reseller=${root}`)).toEqual(await statementOf(demo.platform, root));

  const all = await rowsOf(panel.token, 'statement.csv');
  expect((await rowsOf(panel.token, 'statement.csv?kinds=ACTIVATION,GRANT')).map(({ kind }) => kind)).toEqual([
    'ACTIVATION',
    'GRANT',
    'GRANT',
  ]);
  const from = all[1]?.time ?? '';
  expect(await rowsOf(panel.token, `statement.csv?from=${from}&to=${all[0]?.time}`)).toEqual(all.slice(1, 2));
  expect(await rowsOf(panel.token, 'statement.csv?from=2100-01-01T00:00:00Z')).toEqual([]);
});

test('the file has a name and a type, is not cached, and text from users is never a formula', async () => {
  const panel = await plantPanel(client, demo.root, 'formula@export.test', 50);
  for (const [index, name] of ['=1+1', '+55 11', '-2', '@SUM(A1)', 'plain'].entries()) {
    await activate(panel, { name, contact: `${name} ${index}`, notes: `=${index}`, periods: 1, idempotencyKey: `formula ${index}` });
  }
  const response = await download(panel.token, 'customers.csv');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="customers.csv"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const rows = parseCsv(Buffer.from(await response.arrayBuffer()).toString());
  expect(rows.map(({ name }) => name)).toEqual(["'=1+1", '+55 11', '-2', "'@SUM(A1)", 'plain']);
  expect(rows[0]).toMatchObject({ contact: "'=1+1 0", notes: "'=0", status: 'ACTIVE', screens: '1', creditsSpent: '1' });
  expect(rows[0]?.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect((await rowsOf(panel.token, 'customers.csv?search=SUM')).map(({ name }) => name)).toEqual(["'@SUM(A1)"]);
  expect(await rowsOf(panel.token, 'customers.csv?status=EXPIRED')).toEqual([]);
  expect(await rowsOf(panel.token, 'customers.csv?status=ACTIVE&expiringBefore=2100-01-01T00:00:00Z')).toHaveLength(5);
  expect(await rowsOf(panel.token, 'customers.csv?expiringFrom=2026-01-01T00:00:00Z')).toHaveLength(5);
  expect(await rowsOf(panel.token, 'customers.csv?expiringFrom=2100-01-01T00:00:00Z')).toEqual([]);
});

test('a telephone number is unchanged, and text that only looks like one is never a formula', async () => {
  const panel = await plantPanel(client, demo.root, 'telephone@export.test', 50);
  const written = ['+55 (21) 99876-5432', '+5521998765432', '-cmd', '+1\t2', '+1+A1', '\uff1d1'];
  for (const [index, notes] of written.entries()) {
    await activate(panel, { name: `n${index}`, notes, periods: 1, idempotencyKey: `telephone ${index}` });
  }
  const notes = (await rowsOf(panel.token, 'customers.csv')).map((row) => row.notes);
  expect(notes).toEqual([...written.slice(0, 2), ...written.slice(2).map((text) => `'${text}`)]);
});

test("a reader gets its separator, its language and its zone's times, and an unknown one is refused", async () => {
  const panel = await plantPanel(client, demo.root, 'reader@export.test', 50);
  await activate(panel, { name: 'Maria; José', periods: 1, idempotencyKey: 'reader' });
  const textOf = async (address: string) => (await download(panel.token, address)).text();
  const customers = (await textOf('customers.csv?separator=%3B&language=pt-BR&timeZone=America/Sao_Paulo')).split('\r\n');
  expect(customers[0]).toContain('Nome;Contato;Situação;Telas;');
  expect(customers[1]).toMatch(/^"Maria; José";;Ativo;1;1;;\d{4}-\d\d-\d\d \d\d:\d\d:\d\d;1;/);
  const [utc, local] = await Promise.all(
    ['UTC', 'Asia/Kathmandu'].map(async (zone) => {
      const [row] = parseCsv(await textOf(`customers.csv?timeZone=${zone}`).then((text) => `\u{feff}${text.replace('\u{feff}', '')}`));
      return Date.parse(`${row?.expiresAt?.replace(' ', 'T')}Z`);
    }),
  );
  expect((local ?? 0) - (utc ?? 0)).toBe(5.75 * 3_600_000);
  const statement = (await textOf('statement.csv?separator=;&language=en')).split('\r\n');
  expect(statement[0]).toContain('Date and time;Number;What;Credits;Balance;With;Name;Note;By');
  expect(statement[1]).toMatch(/;2;Activation;-1;49;Customer;"Maria; José";/);
  for (const wrong of ['separator=x', 'language=fr', 'timeZone=Mars/Base']) {
    expect(await refusalOf(panel.token, `customers.csv?${wrong}`), wrong).toEqual([400, 'BAD_USER_INPUT']);
  }
});

test('it is only for callers who may read: signed in, unlocked, in the branch, not cross-site; by cookie and in every role', async () => {
  const { ana, bruno, caio, other, root, zero } = demo;
  expect(await refusalOf(null, 'statement.csv')).toEqual([401, 'UNAUTHENTICATED']);
  expect(await refusalOf('nobody', 'customers.csv')).toEqual([401, 'UNAUTHENTICATED']);
  for (const address of ['statement.csv', 'customers.csv', `statement.csv?reseller=${caio.id}`]) {
    expect(await refusalOf(zero.token, address), address).toEqual([403, 'PANEL_LOCKED']);
  }
  for (const id of [root.id, zero.id, other.id, 'nothing', ana.accountId]) {
    expect(await refusalOf(ana.token, `statement.csv?reseller=${id}`), id).toEqual([404, 'NOT_FOUND']);
  }
  expect(await refusalOf(demo.platform, 'customers.csv')).toEqual([403, 'FORBIDDEN']);
  expect(await refusalOf(demo.platform, 'statement.csv')).toEqual([404, 'NOT_FOUND']);
  expect(await refusalOf(ana.token, 'statement.csv', { origin: 'https://elsewhere.example' })).toEqual([403, 'FORBIDDEN']);
  for (const query of ['from=yesterday', 'to=2026-02-30T00:00:00Z', 'kinds=GIFT', 'colour=red']) {
    expect(await refusalOf(ana.token, `statement.csv?${query}`), query).toEqual([400, 'BAD_USER_INPUT']);
  }
  expect(await refusalOf(ana.token, 'customers.csv?status=GONE')).toEqual([400, 'BAD_USER_INPUT']);
  expect((await fetch(`${client.origin}/export/statement.csv`, { method: 'POST' })).status).toBe(405);

  const signedIn = await fetch(client.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation { signIn(input: { email: "${bruno.email}", password: "${PASSWORD}", transport: COOKIE }) { __typename } }`,
    }),
  });
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
  expect((await download(null, 'statement.csv', { cookie })).status).toBe(200);
  await sql`
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    SELECT tenant_id, gen_random_uuid(), reseller_id, 'viewer@export.test', password_hash, 'VIEWER', created_at FROM app_user WHERE email = ${ana.email}`;
  await noteEmails(sql, 'viewer@export.test');
  expect(await rowsOf(await client.signIn('viewer@export.test'), 'statement.csv')).toEqual(await statementOf(ana.token, ana.id));
});

/** Creates a panel with a statement of 100,000 more entries. */
async function plantLarge(email: string): Promise<Member> {
  const panel = await plantPanel(client, demo.root, email, 10);
  await sql.begin(async (tx) => {
    const name = email.replace(/@.*$/, '');
    const [row] = await tx<{ tenant_id: string; id: string }[]>`SELECT tenant_id, id FROM reseller WHERE name = ${name}`;
    const [tenantId, id] = [row?.tenant_id ?? null, row?.id ?? null];
    await tx`
      CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id, clock_timestamp() AS at FROM generate_series(2, ${LARGE_ROWS + 1}::integer) AS n`;
    await tx`
      INSERT INTO transfer (tenant_id, id, kind, to_id, amount, actor_id, memo, created_at)
      SELECT ${tenantId}, id, 'ISSUE', ${id}, 1, ${tenantId}, repeat('a memo of some length ', 10), at FROM made`;
    await tx`
      INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
      SELECT ${tenantId}, ${id}, n, 'ISSUE', 1, 9 + n, id, at FROM made`;
    await tx`
      UPDATE account SET version = ${LARGE_ROWS + 1}, balance = ${LARGE_ROWS + 10}, issued = ${LARGE_ROWS}, changed_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
  });
  return panel;
}

/** Database sessions of exports that read or wait for their reader. */
async function exporting(): Promise<number> {
  const rows = await sql`
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'revenda reports' AND state IN ('active', 'idle in transaction')`;
  return rows.length;
}

/** Returns the head of the answer; the body is read on demand. */
function begin({ token }: Member, address: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${client.origin}/export/${address}`, { headers: { authorization: `Bearer ${token}` } }, resolve).on('error', reject);
  });
}

test("100,000 rows are streamed; a client that disconnects ends the cursor, and a tenant's third export waits", async () => {
  const panel = await plantLarge('large@export.test');
  const heldBefore = liveBytes();
  let [held, lines, bytes, weighed] = [0, 0, 0, 0];
  const response = await download(panel.token, 'statement.csv');
  if (!response.body) throw new Error('no body');
  for await (const chunk of response.body) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === LINE_FEED) lines += 1;
    if (bytes < weighed) continue;
    weighed = bytes + WEIGH_EVERY_BYTES;
    held = Math.max(held, liveBytes(heldBefore + MAX_HELD_BYTES) - heldBefore);
  }
  // The header, and the earlier grant.
  expect(lines).toBe(LARGE_ROWS + 2);
  expect(bytes).toBeGreaterThan(25_000_000);
  expect(held).toBeLessThan(MAX_HELD_BYTES);

  const slow = [await begin(panel, 'statement.csv'), await begin(panel, 'statement.csv')];
  expect(await exporting()).toBe(2);
  expect(await refusalOf(panel.token, 'statement.csv')).toEqual([429, 'LIMIT_EXCEEDED']);
  for (const answer of slow) answer.destroy();
  await until(async () => (await exporting()) === 0);
  await until(async () => (await download(panel.token, 'statement.csv?kinds=GRANT')).status === 200);
});
