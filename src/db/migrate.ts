/** Applies the SQL files of prisma/migrations in order while other servers run, and refuses a database that this version cannot serve. */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupProblem } from '../kernel/startup-problem.ts';
import { readAddress } from './address.ts';
import { type Migration, OWN_FOLDER, readMigrations } from './migration-files.ts';
import { openPrisma } from './prisma.ts';
import { isDeadlockOrSerialization, isLockTimeout } from './retry.ts';
import { LOCK_TIMEOUT_MS } from './session-settings.ts';
import { openSql, type Sql, type Transaction } from './sql.ts';
import { readTopology } from './topology.ts';

/** The advisory lock by which migrations exclude each other. The value does not matter, but must never change. */
export const MIGRATION_LOCK = 7_283_659_402;
/** Migrations run without time-outs. */
export const NO_TIMEOUTS = { statement_timeout: '0', lock_timeout: '0', idle_in_transaction_session_timeout: '0' };
/** How long a statement of a migration waits for a lock. Later sessions wait behind it, each for `LOCK_TIMEOUT_MS` at most. */
const LOCK_WAIT_MS = LOCK_TIMEOUT_MS / 2;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Receives lines of information for the operator. */
export type Log = (line: string) => void;

/**
 * Applies every missing migration of the folder, each in one transaction with its row in Prisma's own table, so that an interrupted
 * one leaves nothing. Several processes may do this at once, and others may serve: a migration that does not get its locks soon is
 * tried again later. A newer database stays unchanged (ADR-0118). Throws a StartupProblem if this version cannot serve the
 * database, or if the file of an applied migration was edited.
 */
export async function migrate(url: string, folder: string = OWN_FOLDER, log: Log = () => {}): Promise<void> {
  const migrations = await readMigrations(folder);
  await asMigrator(url, async (sql) => {
    for (let waits = 0; ; waits += 1) {
      const state = await applyNext(sql, migrations, log);
      if (state === 'up to date') return;
      if (state === 'applied') waits = 0;
      else await delay(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** waits));
    }
  });
}

export interface DatabaseLogins {
  /** The login that the server connects with. */
  readonly url: string;
  /** A login that may create tables and roles. */
  readonly migrateUrl: string;
  /** The URL of a read replica, if there is one. */
  readonly readUrl?: string | null;
}

const OLDEST_POSTGRES = 15;

/**
 * Prepares a database for the server: migrates it, grants the application's roles to the login, and checks that those roles
 * cannot alter the journal. Throws a StartupProblem if that fails.
 */
export async function prepareDatabase({ url, migrateUrl, readUrl = null }: DatabaseLogins, log?: Log): Promise<void> {
  await assertSessions(url);
  await assertPrimary(url);
  await asMigrator(migrateUrl, async (sql) => {
    await assertVersion(sql);
    await assertCoordinator(sql);
  });
  await migrate(migrateUrl, OWN_FOLDER, log);
  await asMigrator(migrateUrl, (sql) => grantRoles(sql, readAddress(url).user));
  const sql = openSql(url, { name: 'revenda start', max: 1, role: 'revenda_app' });
  try {
    await assertNotOwner(sql);
    if (readUrl !== null && (await readTopology(sql)) === 'citus')
      throw new StartupProblem('A distributed database (Citus) is used without read replicas: remove READ_DATABASE_URL.');
  } finally {
    await sql.end();
  }
  await assertReadsOnly(url);
}

/** Throws for a standby: otherwise the first write would fail with an error that names no setting. */
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

/** Throws unless the connections for reads, which Prisma's driver opens, work and cannot write. */
async function assertReadsOnly(url: string): Promise<void> {
  const prisma = openPrisma(url, { name: 'revenda start', max: 1 });
  try {
    const [session] = await prisma.$queryRaw<{ role: string; readOnly: string }[]>`
      SELECT current_user::text AS role, current_setting('transaction_read_only') AS "readOnly"`;
    if (session?.role !== 'revenda_read' || session.readOnly !== 'on') {
      throw new StartupProblem(
        `A connection for reads can write (role ${session?.role}): the server needs sessions that keep their settings.`,
      );
    }
  } finally {
    await prisma.$disconnect();
  }
}

/**
 * Throws if a pooler in transaction mode answers, such as PgBouncer's: roles, LISTEN and prepared statements need sessions. It uses two
 * clients: through such a pooler, a client does not keep its own backend while the other one has a transaction open.
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
 * Throws if the role of these connections could alter the journal, because it is the journal's owner, a member of the owner's role
 * or a superuser.
 */
export async function assertNotOwner(sql: Sql): Promise<void> {
  const [role] = await sql`
    SELECT current_user AS name, pg_has_role(relowner, 'MEMBER') AS owns
    FROM pg_class WHERE oid = 'transfer'::regclass`;
  if (role?.owns !== false) throw new StartupProblem(`The role ${role?.name} owns the journal: the server must not run as its owner.`);
}

/** Refuses a worker of a Citus cluster: it has the distributed tables, but not those that stay on the coordinator. */
async function assertCoordinator(sql: Sql): Promise<void> {
  const [extension] = await sql`SELECT FROM pg_extension WHERE extname = 'citus'`;
  if (extension === undefined) return;
  const [own] = await sql`SELECT groupid FROM pg_dist_local_group`;
  if (own?.groupid !== 0) throw new StartupProblem('The database is a worker of a Citus cluster: give DATABASE_URL its coordinator.');
}

async function assertVersion(sql: Sql): Promise<void> {
  const [server] = await sql`SELECT current_setting('server_version_num')::int / 10000 AS major`;
  const major = Number(server?.major);
  if (major < OLDEST_POSTGRES) throw new StartupProblem(`The database is PostgreSQL ${major}: ${OLDEST_POSTGRES} or later is needed.`);
}

/** Grants the application's roles. Since PostgreSQL 16, even the login that created a role needs this grant to assume it. */
async function grantRoles(sql: Sql, login: string): Promise<void> {
  const [user] = await sql`
    SELECT rolsuper OR CASE WHEN current_setting('server_version_num')::int >= 160000
      THEN pg_has_role(oid, 'revenda_app', 'SET') AND pg_has_role(oid, 'revenda_read', 'SET')
      ELSE pg_has_role(oid, 'revenda_app', 'MEMBER') AND pg_has_role(oid, 'revenda_read', 'MEMBER') END AS may
    FROM pg_roles WHERE rolname = ${login}`;
  if (user?.may === false) await sql`GRANT revenda_app, revenda_read TO ${sql(login)}`;
}

async function asMigrator(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = openSql(url, { name: 'revenda migrate', max: 2, role: null, parameters: NO_TIMEOUTS });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** The result of one attempt. 'must wait': another process migrates, or other sessions hold the locks. Then nothing was changed. */
type State = 'up to date' | 'applied' | 'must wait';

async function applyNext(sql: Sql, migrations: readonly Migration[], log: Log): Promise<State> {
  let applying = '';
  try {
    return await sql.begin(async (tx): Promise<State> => {
      // Does not wait inside a statement: an index that another process builds concurrently would wait for the end of this statement.
      const [lock] = await tx`SELECT pg_try_advisory_xact_lock(${MIGRATION_LOCK}) AS held`;
      if (lock?.held !== true) return 'must wait';
      const applied = await appliedRows(tx);
      for (const row of applied) assertUsable(row, migrations);
      const next = migrations.find((migration) => !applied.some((row) => row.name === migration.name));
      if (!next) {
        logNewer(applied, migrations, log);
        return 'up to date';
      }
      applying = next.name;
      if (next.concurrent === null) {
        await tx.unsafe(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`);
        // On a distributed database, each statement must see the changes of the statements before it, on every shard. Else it has no effect.
        await tx.unsafe(`SET LOCAL citus.multi_shard_modify_mode = 'sequential'`);
        for (const statement of next.statements) await tx.unsafe(statement);
      } else {
        // Runs the statements on the other connection, outside a transaction, while this connection holds the lock. This connection
        // must not keep a query's snapshot open, because building an index waits for all open snapshots.
        await tx.unsafe('SELECT 1');
        for (const statement of next.concurrent) await sql.unsafe(statement);
      }
      await tx`
        INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, finished_at, applied_steps_count)
        VALUES (${randomUUID()}, ${next.checksum}, ${next.name}, ${next.contractAfter}, clock_timestamp(), 1)`;
      return 'applied';
    });
  } catch (error) {
    if (!(isLockTimeout(error) || isDeadlockOrSerialization(error))) throw error;
    log(`the migration ${applying} waits for locks of other sessions, and is tried again`);
    return 'must wait';
  }
}

interface AppliedRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
  /** For a migration that removes something: the migration since which servers work without it. */
  readonly contractAfter: string | null;
}

async function appliedRows(tx: Transaction): Promise<readonly AppliedRow[]> {
  await tx.unsafe(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0)`);
  return tx<AppliedRow[]>`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs AS "contractAfter"
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`;
}

function assertUsable(row: AppliedRow, migrations: readonly Migration[]): void {
  const file = migrations.find((migration) => migration.name === row.name);
  if (!row.finished) throw new StartupProblem(`The migration ${row.name} is half-finished in the database: repair it first.`);
  if (file && file.checksum !== row.checksum)
    throw new StartupProblem(`The migration ${row.name} was edited after it was applied: restore its file.`);
  const needed = file ? null : row.contractAfter;
  if (needed !== null && !migrations.some(({ name }) => name === needed))
    throw new StartupProblem(
      `The database is newer than this server can serve: its migration ${row.name} removed what servers without ${needed} need. Start a newer version.`,
    );
}

/** Reports a database that a newer version has migrated. This version can serve it, because everything new has defaults (ADR-0118). */
function logNewer(applied: readonly AppliedRow[], migrations: readonly Migration[], log: Log): void {
  const unknown = applied.map(({ name }) => name).filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) log(`the database is newer than this server, but can be served: it has the migrations ${unknown.join(', ')}`);
}
