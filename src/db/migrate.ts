import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartupProblem } from '../kernel/startup-problem.ts';
import { openSql, type Sql } from './sql.ts';

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
  const sql = openSql(url, { name: 'revenda migrate', max: 1, role: null, parameters: NO_TIMEOUTS });
  try {
    while (!(await applyNext(sql, migrations)));
  } finally {
    await sql.end();
  }
}

/** Lets a login assume the application's roles, which in PostgreSQL 16 and later even their creator must be granted. */
export async function grantRoles(url: string, login: string): Promise<void> {
  const sql = openSql(url, { name: 'revenda migrate', max: 1, role: null, parameters: NO_TIMEOUTS });
  try {
    await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      const [user] = await tx`SELECT rolsuper FROM pg_roles WHERE rolname = ${login}`;
      if (user && !user.rolsuper) await tx`GRANT revenda_app, revenda_read TO ${tx(login)}`;
    });
  } finally {
    await sql.end();
  }
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
