import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertNotOwner, migrate, prepareDatabase } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { StartupProblem } from '../../src/kernel/startup-problem.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createBareDatabase, createDatabase, makeFolder, type TestDatabase } from '../support/worlds/database.ts';

const OWN_FOLDER = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

let database: TestDatabase;
let sql: Sql;
let folder: string;

beforeEach(async () => {
  database = await createBareDatabase();
  sql = openTestSql(database.url, { max: 2 });
  folder = await makeFolder();
  await cp(OWN_FOLDER, folder, { recursive: true });
});

afterEach(async () => {
  await sql.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function addMigration(name: string, script: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), script);
}

async function tables(): Promise<readonly string[]> {
  const rows = await sql`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  return rows.map(({ name }) => name);
}

test('an empty database is migrated, and a second run changes nothing', async () => {
  await migrate(database.url);
  const rows = await sql`SELECT migration_name, checksum, finished_at, applied_steps_count FROM _prisma_migrations ORDER BY 1`;
  expect(rows.map((row) => row.migration_name)).toEqual((await readdir(OWN_FOLDER)).sort());
  for (const row of rows)
    expect(row).toMatchObject({ checksum: expect.stringMatching(/^[0-9a-f]{64}$/), applied_steps_count: 1, finished_at: expect.any(Date) });
  await migrate(database.url);
  expect(await sql`SELECT migration_name, checksum, finished_at, applied_steps_count FROM _prisma_migrations ORDER BY 1`).toEqual(rows);
});

test('a migration that is added later is applied alone', async () => {
  await migrate(database.url, folder);
  await addMigration('20990101000000_more', 'CREATE TABLE more (id int); SELECT 1; DO $$ BEGIN PERFORM 1; END $$;');
  await migrate(database.url, folder);
  expect(await tables()).toContain('more');
});

test('a migration that fails in the middle leaves nothing, and earlier ones stay', async () => {
  await addMigration('20990101000000_broken', 'CREATE TABLE more (id int); SELECT 1 / 0;');
  await expect(migrate(database.url, folder)).rejects.toThrow(/division by zero/);
  const left = await tables();
  expect(left).toContain('transfer');
  expect(left).not.toContain('more');
  expect(await sql`SELECT FROM _prisma_migrations WHERE migration_name LIKE '%broken'`).toHaveLength(0);
});

test('a migration whose connection is killed in the middle leaves nothing, and the next start applies it', async () => {
  await addMigration('20990101000000_slow', 'CREATE TABLE more (id int); SELECT pg_sleep(600);');
  const migrating = expect(migrate(database.url, folder)).rejects.toThrow();
  const sleeping = await until(async () => {
    const [row] = await sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    return row;
  });
  await sql`SELECT pg_terminate_backend(${sleeping.pid})`;
  await migrating;
  expect(await tables()).not.toContain('more');
  await writeFile(join(folder, '20990101000000_slow', 'migration.sql'), 'CREATE TABLE more (id int);');
  await migrate(database.url, folder);
  expect(await tables()).toContain('more');
});

test('an applied migration whose file was edited is refused in one line', async () => {
  await migrate(database.url, folder);
  const [name = ''] = await readdir(folder);
  await appendFile(join(folder, name, 'migration.sql'), '\n-- edited');
  await expectProblem(migrate(database.url, folder), `The migration ${name} was edited after it was applied: restore its file.`);
});

test('line ends that a checkout converted are not an edit', async () => {
  await migrate(database.url, folder);
  const [name = ''] = await readdir(folder);
  const file = join(folder, name, 'migration.sql');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));
  await migrate(database.url, folder);
});

test('a database that a newer version has migrated is served as it is, with a warning in the log', async () => {
  await addMigration('20990101000000_next', 'CREATE TABLE more (id int);');
  await addMigration('20990102000000_after_next', 'ALTER TABLE more ADD COLUMN note text;');
  await migrate(database.url, folder);
  const told: string[] = [];
  await migrate(database.url, OWN_FOLDER, (line) => told.push(line));
  expect(told).toEqual([
    'the database is newer than this server, but can be served: it has the migrations 20990101000000_next, 20990102000000_after_next',
  ]);
  expect(await tables()).toContain('more');
});

test('a database without something that a version needs is refused by that version in one line, and served by others', async () => {
  await addMigration('20990101000000_expand', 'CREATE TABLE more (id int);');
  await migrate(database.url, folder);
  const older = await makeFolder();
  await cp(folder, older, { recursive: true });
  await addMigration('20990102000000_contract', '-- Contract: servers without 20990101000000_expand cannot serve.\nDROP TABLE plan;');
  await migrate(database.url, folder);
  await expectProblem(
    migrate(database.url),
    'The database is newer than this server can serve: its migration 20990102000000_contract removed what servers without ' +
      '20990101000000_expand need. Start a newer version.',
  );
  await migrate(database.url, older);
  await rm(older, { recursive: true });
});

test('an index is created concurrently, and again after an interrupted attempt', async () => {
  await migrate(database.url, folder);
  const index = 'DROP INDEX CONCURRENTLY IF EXISTS tenant_by_name;\nCREATE UNIQUE INDEX CONCURRENTLY tenant_by_name ON tenant (name);';
  await addMigration('20990101000000_index', `-- What it is for.\n${index}\n`);
  const ids = ['10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002'];
  for (const id of ids) await sql`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'twice', now())`;
  const state = async () => (await sql`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('tenant_by_name')`)[0];
  await expect(migrate(database.url, folder)).rejects.toThrow(/could not create unique index/);
  expect(await state()).toEqual({ valid: false });
  await sql`UPDATE tenant SET name = id::text`;
  await Promise.all(Array.from({ length: 4 }, () => migrate(database.url, folder)));
  expect(await state()).toEqual({ valid: true });
  expect(await sql`SELECT FROM _prisma_migrations WHERE migration_name LIKE '2099%'`).toHaveLength(1);
});

test('a migration that another tool left half-finished is refused', async () => {
  await migrate(database.url);
  await sql`UPDATE _prisma_migrations SET finished_at = NULL`;
  await expectProblem(migrate(database.url), /is half-finished in the database: repair it first\.$/);
});

test('eight processes that migrate at once all succeed, and each migration is applied once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)));
  const names = await sql`SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1`;
  expect(names.map(({ name }) => name)).toEqual((await readdir(OWN_FOLDER)).sort());
});

test('neither statement_timeout nor lock_timeout interrupts a migration', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await sql.unsafe(`ALTER DATABASE ${name} SET statement_timeout = '1s'`);
  await sql.unsafe(`ALTER DATABASE ${name} SET lock_timeout = '1s'`);
  await addMigration('20990101000000_slow', 'SELECT pg_sleep(1.2);');
  await migrate(database.url, folder);
});

test("the journal's owner and a superuser are refused as the server's role; the application role is accepted", async () => {
  await migrate(database.url);
  await expectProblem(assertNotOwner(sql), /^The role postgres owns the journal/);
  const app = openTestSql(database.url, { role: 'revenda_app' });
  await assertNotOwner(app);
  await app.end();
});

test('a login without superuser rights can own the database, migrate it and serve from it', async () => {
  const { url, drop } = await createDatabase();
  await drop();
  const name = new URL(url).pathname.slice(1);
  const login = `${name}_login`;
  await sql.unsafe(`CREATE ROLE ${login} LOGIN CREATEROLE PASSWORD 'for-this-test'`);
  await sql.unsafe(`GRANT revenda_app, revenda_read TO ${login} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await sql.unsafe(`CREATE DATABASE ${name} OWNER ${login}`);
  const own = new URL(url);
  own.username = login;
  own.password = 'for-this-test';
  try {
    await prepareDatabase({ url: own.href, migrateUrl: own.href });
    const app = openTestSql(own.href, { role: 'revenda_app' });
    expect(await app`SELECT current_user AS role, session_user AS login`).toEqual([{ role: 'revenda_app', login }]);
    await app.end();
  } finally {
    await drop();
    await sql.unsafe(`DROP OWNED BY ${login}`);
    await sql.unsafe(`DROP ROLE ${login}`);
  }
});

async function expectProblem(work: Promise<unknown>, message: string | RegExp): Promise<void> {
  const problem = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(problem).toBeInstanceOf(StartupProblem);
  expect(problem).toHaveProperty('message', typeof message === 'string' ? message : expect.stringMatching(message));
}

test('existing purchases are numbered in their order, and a server of the previous version can still sell (R38)', async () => {
  const newer = (await readdir(folder)).filter((name) => name >= '20261128070000');
  for (const name of newer) await rm(join(folder, name), { recursive: true });
  await migrate(database.url, folder);
  const tenants = ['10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002'];
  for (const id of tenants) {
    await sql`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 't', now())`;
    await sql`INSERT INTO reseller (tenant_id, id, path, depth, name, created_at) VALUES (${id}, ${id}, ${`${id.slice(0, 1)}.`}, 0, 'r', now())`;
  }
  // Inserted as the previous version does.
  const buy = (tenantId: string, id: string, createdAt: string) => sql`
    INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
    VALUES (${tenantId}, ${id}, ${tenantId}, 10, 100, 'BRL', 'MANUAL', 'PENDING', ${tenantId}, ${createdAt}::timestamptz, now())`;
  const ids = ['a', 'b', 'c', 'd', 'e'].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);
  const [one = '', two = ''] = tenants;
  await buy(one, ids[1] ?? '', '2026-02-01T00:00:00Z');
  await buy(one, ids[0] ?? '', '2026-03-01T00:00:00Z');
  await buy(two, ids[2] ?? '', '2026-01-01T00:00:00Z');
  await migrate(database.url);
  await buy(one, ids[3] ?? '', '2026-01-01T00:00:00Z');
  await buy(two, ids[4] ?? '', '2026-01-01T00:00:00Z');
  const rows = await sql<{ id: string; number: number }[]>`SELECT left(id::text, 1) AS id, number FROM purchase ORDER BY tenant_id, number`;
  expect(rows.map(({ id, number }) => `${id}${number}`)).toEqual(['b1', 'a2', 'd3', 'c1', 'e2']);
});
