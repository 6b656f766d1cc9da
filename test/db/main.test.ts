import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEMO_PASSWORD, seedDemo } from '../../prisma/seed.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { isAlive } from '../../src/db/embedded/process-identity.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { lockIsAwaited } from '../fault/stranger.ts';
import { type ServerProcess, startServer } from '../support/processes/server-process.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { copyCluster, createDatabase, makeFolder, startPrimaryAndStandby, type TestDatabase } from '../support/worlds/database.ts';

let database: TestDatabase;
let folder: string;
let servers: ServerProcess[];

beforeAll(async () => {
  folder = await makeFolder();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  servers = [];
  database = await createDatabase();
});

afterEach(async () => {
  for (const { child, ended } of servers) {
    child.kill('SIGTERM');
    await ended;
  }
  await database.drop();
});

function start(settings: Readonly<Record<string, string>>): ServerProcess {
  const server = startServer({ PORT: '0', LOG_LEVEL: 'warn', ...settings });
  servers.push(server);
  return server;
}

/** The one line that a failed start prints. */
async function problem(settings: Readonly<Record<string, string>>): Promise<string> {
  const { code, stderr, stdout } = await start(settings).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.not.stringContaining('serves') });
  expect(stderr).toMatch(/^revenda: [^\n]+\n$/);
  return stderr.slice('revenda: '.length, -1);
}

function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

test('a malformed setting is named in one line, without its value', async () => {
  expect(await problem({ DATABASE_URL: 'mysql://user:hidden@host/db', PLATFORM_EMAIL: 'me@example.com' })).toBe(
    'DATABASE_URL must be a URL like postgresql://user:password@host:5432/database; PLATFORM_EMAIL must be set together with PLATFORM_PASSWORD',
  );
});

test('an unreachable or unknown database, or a refused password, is named in one line, without the password', async () => {
  const unreachable = changed(database.url, (url) => {
    url.port = '1';
  });
  const unknown = changed(database.url, (url) => {
    url.pathname = '/nowhere';
  });
  const wrong = changed(database.url, (url) => {
    url.password = 'hidden';
  });
  const problems = await Promise.all([unreachable, unknown, wrong].map((url) => problem({ DATABASE_URL: url })));
  expect(problems[0]).toBe('The database at 127.0.0.1:1 is unreachable (ECONNREFUSED): check DATABASE_URL.');
  expect(problems[1]).toMatch(/^The database at 127\.0\.0\.1:\d+ has no database nowhere: create it first\.$/);
  expect(problems[2]).toMatch(/refuses the user or password of DATABASE_URL or MIGRATE_DATABASE_URL\.$/);
});

test('a replica with other data, or equal to the database, is named in one line; an unreachable one is accepted', async () => {
  const { primary, standby } = await startPrimaryAndStandby();
  const settings = { DATABASE_URL: primary.url, HOST: '127.0.0.1' };
  const postgres = changed(standby.url, (url) => {
    url.pathname = '/postgres';
  });
  const wrong = changed(standby.url, (url) => {
    url.password = 'hidden';
  });
  const other = 'READ_DATABASE_URL has other data than DATABASE_URL: give it a streaming replica of the same database.';
  expect(await problem({ ...settings, READ_DATABASE_URL: database.url })).toBe(other);
  expect(await problem({ ...settings, READ_DATABASE_URL: postgres })).toBe(other);
  expect(await problem({ ...settings, READ_DATABASE_URL: wrong })).toMatch(
    /^The read replica at 127\.0\.0\.1:\d+ cannot be read \(28P01\): check READ_DATABASE_URL\.$/,
  );
  expect(await problem({ DATABASE_URL: standby.url, READ_DATABASE_URL: standby.url })).toBe(
    'The database of DATABASE_URL is a read replica: give DATABASE_URL its primary, and READ_DATABASE_URL the replica.',
  );
  expect(await problem({ READ_DATABASE_URL: standby.url })).toBe('READ_DATABASE_URL needs DATABASE_URL');

  await standby.stop();
  for (const [url, why] of [
    [standby.url, 'ECONNREFUSED'],
    [primary.url, 'it accepts writes, so it is not a read replica'],
  ] as const) {
    const server = start({ ...settings, READ_DATABASE_URL: url });
    await server.ready;
    server.child.kill('SIGTERM');
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter((line) => line.includes('read replica'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'the read replica cannot be read: the primary is read', why }]);
  }
  await primary.remove();
  await standby.remove();
});

test('a migration that was edited, or that removed what this version needs, is named in one line', async () => {
  const sql = openTestSql(database.url);
  const [applied] = await sql<{ checksum: string }[]>`SELECT checksum FROM _prisma_migrations WHERE migration_name LIKE '%_ledger'`;
  await sql`UPDATE _prisma_migrations SET checksum = repeat('0', 64) WHERE migration_name LIKE '%_ledger'`;
  expect(await problem({ DATABASE_URL: database.url })).toMatch(/^The migration \d+_ledger was edited after it was applied/);
  await sql`UPDATE _prisma_migrations SET checksum = ${applied?.checksum ?? ''} WHERE migration_name LIKE '%_ledger'`;
  await sql`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, finished_at, applied_steps_count)
    VALUES (gen_random_uuid()::text, repeat('0', 64), '20990102000000_contract', '20990101000000_expand', now(), 1)`;
  expect(await problem({ DATABASE_URL: database.url })).toMatch(
    /^The database is newer than this server can serve: its migration 20990102000000_contract removed/,
  );
  await sql`DELETE FROM _prisma_migrations WHERE migration_name LIKE '2099%'`;
  await sql.end();
});

test('a port that is taken is named in one line, and the embedded Postgres does not stay running', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const address = blocker.address();
  const port = String(typeof address === 'object' && address?.port);
  const dataDir = await copyCluster(join(folder, 'port-taken'));
  expect(await problem({ PORT: port, DATA_DIR: dataDir })).toBe(`Port ${port} of 127.0.0.1 is taken: set PORT to another.`);
  expect(existsSync(join(dataDir, 'owner.json'))).toBe(false);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  blocker.close();
});

test('a folder that cannot be used is named in one line', async () => {
  expect(await problem({ DATA_DIR: join('/dev/null', 'data') })).toBe(
    'The folder /dev/null/data cannot be used (ENOTDIR): set DATA_DIR to another, or DATABASE_URL.',
  );
});

test('on an own database the first platform user can sign in, and nothing is seeded', async () => {
  const server = start({
    DATABASE_URL: database.url,
    HOST: '127.0.0.1',
    PLATFORM_EMAIL: 'me@example.com',
    PLATFORM_PASSWORD: 'correct horse battery',
  });
  const { url } = await server.ready;
  expect(await signIn(url, 'me@example.com', 'correct horse battery')).toMatchObject({ viewer: { role: 'PLATFORM', reseller: null } });
  expect(await signIn(url, 'root@demo.test', DEMO_PASSWORD)).toEqual({ code: 'INVALID_CREDENTIALS' });
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
});

test('the demo starts from nothing, keeps its data over a stop, a crash and a second start, and stops its Postgres', async () => {
  const dataDir = join(folder, 'demo');
  const balances = {
    'root@demo.test': 1000,
    'ana@demo.test': 100,
    'bruno@demo.test': 10,
    'zero@demo.test': 0,
    'caio@demo.test': 10,
    'root@other.test': 50,
  };
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGINT'] as const) {
    const server = start({ DATA_DIR: dataDir });
    const { url } = await server.ready;
    for (const [email, balance] of Object.entries(balances)) {
      const account = { balance, locked: balance === 0 };
      expect(await signIn(url, email, DEMO_PASSWORD)).toMatchObject({ viewer: { role: 'OWNER', reseller: { account } } });
    }
    const postmaster = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    server.child.kill(signal);
    const { code } = await server.ended;
    // After a crash Postgres keeps running, and the next start adopts it.
    expect({ code, postgres: await isAlive(postmaster) }).toEqual(
      signal === 'SIGKILL' ? { code: null, postgres: true } : { code: 0, postgres: false },
    );
  }
});

test('an embedded Postgres that is killed while the server runs is started again, with its data', async () => {
  const dataDir = await copyCluster(join(folder, 'killed'));
  const server = start({ DATA_DIR: dataDir });
  const { url } = await server.ready;
  const postmaster = async () => Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  for (let round = 0; round < 2; round += 1) {
    const killed = await postmaster();
    process.kill(killed, 'SIGKILL');
    await until(async () => !(await isAlive(killed)));
    await until(async () => (await fetch(`${url}/ready`)).status === 200);
    expect(await postmaster()).not.toBe(killed);
    expect(await signIn(url, 'root@demo.test', DEMO_PASSWORD)).toMatchObject({ viewer: { reseller: { account: { balance: 1000 } } } });
  }
  server.child.kill('SIGTERM');
  const { code, stdout } = await server.ended;
  expect(code).toBe(0);
  expect(stdout).toContain('PostgreSQL has ended: starting it again.');
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a second start on the same folder says "already running" and leaves the first alone', async () => {
  const dataDir = await copyCluster(join(folder, 'twice'));
  const first = start({ DATA_DIR: dataDir });
  const { url } = await first.ready;
  expect(await problem({ DATA_DIR: dataDir })).toBe(`already running: process ${first.child.pid} uses the database of ${dataDir}.`);
  // A server that opens its first connections on a slow machine may not be ready within two seconds.
  await until(async () => (await fetch(`${url}/ready`)).status === 200);
});

test('a second signal ends a drain that hangs, at once', async () => {
  const settings = { DATABASE_URL: database.url, HOST: '127.0.0.1', DRAIN_SECONDS: '600' };
  const app = await createApp(readConfig(settings), database.url, createLogger('warn'));
  await seedDemo(app.ports);
  await app.close();
  const server = start(settings);
  const { url } = await server.ready;
  const { token } = await signIn(url, 'root@demo.test', DEMO_PASSWORD);
  const sql = openTestSql(database.url, { max: 2 });
  await sql.begin(async (tx) => {
    // A command that needs the row waits for it, and the drain waits for the command.
    await tx`SELECT FROM account FOR UPDATE`;
    const answer = ask(url, CREATE_RESELLER, {}, token).catch(() => 'no answer');
    await until(() => lockIsAwaited(sql));
    server.child.kill('SIGTERM');
    const signalling = setInterval(() => server.child.kill('SIGTERM'), 100);
    const { code } = await server.ended;
    clearInterval(signalling);
    expect(code).toBe(1);
    expect(await answer).toBe('no answer');
  });
  await sql.end();
});

const SIGN_IN = `mutation ($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) {
  ... on SignInPayload { token viewer { role reseller { account { balance locked } } } } ... on Error { code } } }`;
const CREATE_RESELLER = `mutation { createReseller(
  input: { name: "New", email: "new@demo.test", password: "new password", initialCredits: 10, idempotencyKey: "new" }) { __typename } }`;

interface SignedIn {
  readonly token?: string;
  readonly viewer?: unknown;
  readonly code?: string;
}

async function signIn(url: string, email: string, password: string): Promise<SignedIn> {
  const { signIn: answer } = await ask(url, SIGN_IN, { email, password });
  return answer ?? {};
}

async function ask(url: string, query: string, variables: object, token?: string): Promise<{ signIn?: SignedIn }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data } = await response.json();
  return data;
}
