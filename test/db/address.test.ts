import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPrisma } from '../../src/db/prisma.ts';
import { openSql } from '../../src/db/sql.ts';
import { startApi } from '../support/clients/api.ts';
import { startServer } from '../support/processes/server-process.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { copyCluster, createDatabase, makeFolder, type PrivatePostgres, startPrivatePostgres } from '../support/worlds/database.ts';
import { plantDemo } from '../support/worlds/demo.ts';

/** Variables of a shell that uses psql; none of them is for this server. */
const FOREIGN_ENVIRONMENT = {
  PGHOST: 'nowhere.invalid',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'wrong',
  PGDATABASE: 'nothing',
  PGSSLMODE: 'require',
  PGSSL: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGOPTIONS: '-c statement_timeout=1 -c search_path=nowhere',
  PGTARGETSESSIONATTRS: 'standby',
  PGAPPNAME: 'psql',
  PGCONNECT_TIMEOUT: '0',
  PGMAX_LIFETIME: '1',
};

let encrypted: PrivatePostgres;
let certificate: string;

beforeAll(async () => {
  encrypted = await startPrivatePostgres({ durable: false });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'database.test' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const sql = openTestSql(encrypted.url);
  const [row] = await sql`SHOW data_directory`;
  const folder = String(row?.data_directory);
  const { uid, gid } = await stat(folder);
  certificate = join(folder, 'server.crt');
  for (const [file, content] of [
    [certificate, cert],
    [join(folder, 'server.key'), key],
  ] as const) {
    await writeFile(file, content, { mode: 0o600 });
    await chown(file, uid, gid);
  }
  await sql.unsafe('ALTER SYSTEM SET ssl = on');
  await sql`SELECT pg_reload_conf()`;
  await sql.end();
});

afterAll(async () => {
  await encrypted?.remove();
});

function withParameters(url: string, parameters: string, host = '127.0.0.1'): string {
  const changed = new URL(url);
  changed.search = parameters;
  changed.hostname = host;
  return changed.href;
}

let calls = 0;

/** Whether the server reports the connections of both drivers as encrypted; 'refused' if it accepts none. */
async function encryption(url: string): Promise<readonly unknown[]> {
  // Sessions of an earlier call may still be listed.
  calls += 1;
  const names = [`test writes ${calls}`, `test reads ${calls}`] as const;
  const sql = openSql(url, { name: names[0], max: 1, role: 'revenda_app' });
  const prisma = openPrisma(url, { name: names[1], max: 1 });
  const admin = openTestSql(encrypted.url);
  try {
    const connected = await Promise.allSettled([sql`SELECT 1`, prisma.$queryRaw`SELECT 1`]);
    const rows = await admin`
      SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE application_name IN (${names[0]}, ${names[1]}) ORDER BY application_name DESC`;
    return connected.map(({ status }, index) => (status === 'fulfilled' ? rows[index]?.ssl : 'refused'));
  } finally {
    await Promise.all([sql.end({ timeout: 0 }), prisma.$disconnect(), admin.end()]);
  }
}

test('both drivers encrypt, and check a certificate, as the URL says', async () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['', '127.0.0.1', false],
    ['sslmode=disable', '127.0.0.1', false],
    ['sslmode=require', '127.0.0.1', true],
    [`sslmode=verify-ca&sslrootcert=${certificate}`, '127.0.0.1', true],
    [`sslmode=verify-full&sslrootcert=${certificate}`, 'localhost', true],
    [`sslmode=verify-full&sslrootcert=${certificate}`, '127.0.0.1', 'refused'],
    ['sslmode=verify-full', 'localhost', 'refused'],
  ];
  for (const [parameters, host, expected] of cases) {
    expect({ parameters, host, encrypted: await encryption(withParameters(encrypted.url, parameters, host)) }).toEqual({
      parameters,
      host,
      encrypted: [expected, expected],
    });
  }
});

test('a certificate that is not accepted stops the start with one line that names it', async () => {
  const server = startServer({ PORT: '0', DATABASE_URL: withParameters(encrypted.url, 'sslmode=verify-full', 'localhost') });
  const { code, stderr } = await server.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^revenda: The database at localhost:\d+ presents a certificate that is not accepted \(\w+\): [^\n]+\n$/);
});

test('an encrypted database with a self-signed certificate serves writes and reads, and is ready', async () => {
  await using api = await startApi({ databaseUrl: withParameters(encrypted.url, 'sslmode=require&schema=public&channel_binding=require') });
  const demo = await plantDemo(api.client);
  const data = await api.client.query(demo.root, '{ viewer { reseller { account { balance } } } }');
  expect(data.viewer.reseller.account.balance).toBeGreaterThan(0);
});

test('settings of the database and its login do not affect our sessions', async () => {
  const database = await createDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const admin = openTestSql(database.url);
  for (const setting of [
    `DateStyle = 'SQL, DMY'`,
    `IntervalStyle = 'sql_standard'`,
    `TimeZone = 'Asia/Tokyo'`,
    `bytea_output = 'escape'`,
    'search_path = nowhere',
    'default_transaction_read_only = on',
    `default_transaction_isolation = 'serializable'`,
  ]) {
    await admin.unsafe(`ALTER DATABASE ${name} SET ${setting}`);
  }
  await admin.end();
  try {
    await using api = await startApi({ databaseUrl: database.url });
    const demo = await plantDemo(api.client);
    const data = await api.client.query(
      demo.root,
      '{ viewer { reseller { createdAt account { statement { edges { node { version createdAt } } } } } } }',
    );
    expect(data.viewer.reseller.account.statement.edges.length).toBeGreaterThan(0);
  } finally {
    await database.drop();
  }
});

test('PG variables of the shell affect neither the embedded default nor a configured database', async () => {
  const database = await createDatabase();
  const dataDir = await copyCluster(await makeFolder());
  const servers = [
    startServer({ PORT: '0', DATA_DIR: dataDir, ...FOREIGN_ENVIRONMENT }),
    startServer({ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: database.url, ...FOREIGN_ENVIRONMENT }),
  ];
  try {
    for (const server of servers) {
      const { url } = await server.ready;
      await until(async () => (await fetch(`${url}/ready`)).status === 200);
    }
  } finally {
    for (const { child, ended } of servers) {
      child.kill('SIGTERM');
      await ended;
    }
    await database.drop();
  }
});

test('a login without a right to a role is refused at the first statement, and no connection works without its settings', async () => {
  const database = await createDatabase();
  const admin = openTestSql(database.url);
  const login = `login_${process.pid}`;
  await admin.unsafe(`CREATE ROLE ${login} LOGIN PASSWORD 'hidden'`);
  const url = new URL(database.url);
  url.username = login;
  url.password = 'hidden';
  const sql = openSql(url.href, { name: 'test refused', max: 1, role: 'revenda_app' });
  const prisma = openPrisma(url.href, { name: 'test refused', max: 1 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(sql`SELECT 1`).rejects.toMatchObject({ code: '42501' });
      await expect(prisma.$queryRaw`SELECT 1`).rejects.toThrow(/permission denied/);
    }
  } finally {
    await Promise.all([sql.end({ timeout: 0 }), prisma.$disconnect()]);
    await admin.unsafe(`DROP ROLE ${login}`);
    await admin.end();
    await database.drop();
  }
});
