/** Applies the SQL files of prisma/migrations in order, and refuses edited, missing and newer ones. */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartupProblem } from '../kernel/startup-problem.ts';
import { readAddress } from './address.ts';
import { openPrisma } from './prisma.ts';
import { openSql, type Sql, type Transaction } from './sql.ts';

/** Migrations wait for each other here; any number will do, as long as it stays the same. */
const MIGRATION_LOCK = 7_283_659_402;
const OWN_FOLDER = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));
/** A migration takes as long as it takes, and waits for locks as long as it must. */
const NO_TIMEOUTS = { statement_timeout: '0', lock_timeout: '0', idle_in_transaction_session_timeout: '0' };

interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 in hex, as Prisma writes it. */
  readonly checksum: string;
}

/**
 * Brings a database up to this version: every migration of the folder that is not applied, each in one transaction
 * with its row in Prisma's own table, so that an interrupted one leaves nothing. Several processes may do so at once.
 * Throws a StartupProblem when the database was made by a newer version, or by files that were edited since.
 */
export async function migrate(url: string, folder: string = OWN_FOLDER): Promise<void> {
  const migrations = await readMigrations(folder);
  await asMigrator(url, async (sql) => {
    while (!(await applyNext(sql, migrations)));
  });
}

export interface DatabaseLogins {
  /** The login that the server connects with. */
  readonly url: string;
  /** A login that may create tables and roles. */
  readonly migrateUrl: string;
}

const OLDEST_POSTGRES = 15;

/**
 * Makes a database ready to serve: migrated, the login allowed to assume the application's roles, and those roles
 * unable to alter the journal. Throws a StartupProblem otherwise.
 */
export async function prepareDatabase({ url, migrateUrl }: DatabaseLogins): Promise<void> {
  await assertSessions(url);
  await assertPrimary(url);
  await asMigrator(migrateUrl, assertVersion);
  await migrate(migrateUrl);
  await asMigrator(migrateUrl, (sql) => grantRoles(sql, readAddress(url).user));
  const sql = openSql(url, { name: 'revenda start', max: 1, role: 'revenda_app' });
  try {
    await assertNotOwner(sql);
  } finally {
    await sql.end();
  }
  await assertReadsOnly(url);
}

/** Throws at a standby, where the first write would fail with words that name no setting. */
async function assertPrimary(url: string): Promise<void> {
  const sql = openSql(url, { name: 'revenda start', max: 1, role: null });
  try {
    const [server] = await sql`SELECT pg_is_in_recovery() AS "isReplica"`;
    if (server?.isReplica === false) return;
    throw new StartupProblem(
      'The database of DATABASE_URL is a read replica: give DATABASE_URL its primary, and READ_DATABASE_URL the replica.',
    );
  } finally {
    await sql.end();
  }
}

/** Throws unless the connections of reads, which Prisma's driver opens, reach the database and cannot write. */
async function assertReadsOnly(url: string): Promise<void> {
  const prisma = openPrisma(url, { name: 'revenda start', max: 1 });
  try {
    const [session] = await prisma.$queryRaw<{ role: string; readOnly: string }[]>`
      SELECT current_user::text AS role, current_setting('transaction_read_only') AS "readOnly"`;
    if (session?.role !== 'revenda_read' || session.readOnly !== 'on') {
      throw new StartupProblem(`A connection for reads may write (role ${session?.role}): the server needs sessions whose settings last.`);
    }
  } finally {
    await prisma.$disconnect();
  }
}

/**
 * Throws when what answers is a pooler that gives out a server connection for a transaction only, as PgBouncer's transaction mode
 * does: roles, LISTEN and prepared statements need sessions. Two clients tell: neither keeps its backend while the other has a
 * transaction open.
 */
export async function assertSessions(url: string, setting = 'DATABASE_URL'): Promise<void> {
  const clients = [1, 2].map(() => openSql(url, { name: 'revenda start', max: 1, role: null }));
  const [first, second] = clients as [Sql, Sql];
  try {
    const before = await backendOf(first);
    const [other, after] = await second.begin(async (tx) => [await backendOf(tx), await backendOf(first)]);
    if (before === after && before !== other) return;
    throw new StartupProblem(
      `The database is behind a pooler in transaction mode: give ${setting} one in session mode, or the database itself.`,
    );
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function backendOf(sql: Sql | Transaction): Promise<number> {
  const [row] = await sql.unsafe('SELECT pg_backend_pid() AS pid');
  return Number(row?.pid);
}

/**
 * Throws unless the role of these connections is one that cannot alter the journal: neither its owner, nor a member
 * of the owner's role, nor a superuser.
 */
export async function assertNotOwner(sql: Sql): Promise<void> {
  const [role] = await sql`
    SELECT current_user AS name, pg_has_role(relowner, 'MEMBER') AS owns
    FROM pg_class WHERE oid = 'transfer'::regclass`;
  if (role?.owns !== false) throw new StartupProblem(`The role ${role?.name} owns the journal: the server does not run as its owner.`);
}

async function assertVersion(sql: Sql): Promise<void> {
  const [server] = await sql`SELECT current_setting('server_version_num')::int / 10000 AS major`;
  const major = Number(server?.major);
  if (major < OLDEST_POSTGRES) throw new StartupProblem(`The database is PostgreSQL ${major}: ${OLDEST_POSTGRES} or later is needed.`);
}

/** From PostgreSQL 16 on even the login that created a role must be granted it before it can assume it. */
async function grantRoles(sql: Sql, login: string): Promise<void> {
  const [user] = await sql`
    SELECT rolsuper OR CASE WHEN current_setting('server_version_num')::int >= 160000
      THEN pg_has_role(oid, 'revenda_app', 'SET') AND pg_has_role(oid, 'revenda_read', 'SET')
      ELSE pg_has_role(oid, 'revenda_app', 'MEMBER') AND pg_has_role(oid, 'revenda_read', 'MEMBER') END AS may
    FROM pg_roles WHERE rolname = ${login}`;
  if (user?.may === false) await sql`GRANT revenda_app, revenda_read TO ${sql(login)}`;
}

async function asMigrator(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = openSql(url, { name: 'revenda migrate', max: 1, role: null, parameters: NO_TIMEOUTS });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  // A checkout that converts line ends must not look like an edit.
  const script = (await readFile(join(folder, name, 'migration.sql'), 'utf8')).replaceAll('\r\n', '\n');
  return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
}

/** Applies the first migration that is missing; answers whether none was. */
async function applyNext(sql: Sql, migrations: readonly Migration[]): Promise<boolean> {
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`;
    await tx.unsafe(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id varchar(36) PRIMARY KEY,
      checksum varchar(64) NOT NULL,
      finished_at timestamptz,
      migration_name varchar(255) NOT NULL,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(),
      applied_steps_count integer NOT NULL DEFAULT 0)`);
    const applied = await tx<AppliedRow[]>`
      SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
      FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`;
    for (const row of applied) assertUsable(row, migrations);
    const next = migrations.find((migration) => !applied.some((row) => row.name === migration.name));
    if (!next) return true;
    await tx.unsafe(next.script);
    await tx`
      INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
      VALUES (${randomUUID()}, ${next.checksum}, ${next.name}, clock_timestamp(), 1)`;
    return false;
  });
}

interface AppliedRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

function assertUsable(row: AppliedRow, migrations: readonly Migration[]): void {
  const file = migrations.find((migration) => migration.name === row.name);
  if (!file) throw new StartupProblem(`The database is newer than this server: it has the migration ${row.name}, which is not here.`);
  if (!row.finished) throw new StartupProblem(`The migration ${row.name} was left half-finished in the database: repair it first.`);
  if (file.checksum !== row.checksum)
    throw new StartupProblem(`The migration ${row.name} was edited after it was applied: restore its file.`);
}
