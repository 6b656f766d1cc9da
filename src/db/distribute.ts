/** Distributes a migrated database over the workers of its Citus cluster, once, or reports why it cannot. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { StartupProblem } from '../kernel/startup-problem.ts';
import { plainArray } from './arrays/literal.ts';
import { MIGRATION_LOCK, NO_TIMEOUTS } from './migrate.ts';
import { OWN_FOLDER, readMigrations } from './migration-files.ts';
import { openSql, type Sql } from './sql.ts';
import { readTopology } from './topology.ts';

const SCRIPT = fileURLToPath(new URL('../../prisma/distribute.sql', import.meta.url));
const OLDEST_CITUS = 13;
/** The key of an advisory lock. Its value does not matter, but must never change. */
const DISTRIBUTION_LOCK = 7_283_659_403;
/** Tables that stay on the coordinator or are distributed by another key: sign-in failures, webhook positions, the directory, Prisma's own. */
const LOCAL_TABLES = ['_prisma_migrations', 'sign_in_failure', 'webhook_position', 'directory'];

/**
 * The settings of every session on a worker. The settings of our connections stay on the coordinator, which opens its own sessions to
 * the workers as the same role. Only the settings of a transaction are passed on.
 */
const OF_DATABASE = [`citus.enable_unsafe_triggers = on`, `citus.propagate_set_commands = 'local'`];
const OF_ROLES = [
  `TimeZone = 'UTC'`,
  `DateStyle = 'ISO, MDY'`,
  `lock_timeout = '400ms'`,
  `idle_in_transaction_session_timeout = '10s'`,
  // Triggers and functions read and write other tables of the same tenant, which are on the same machine.
  'citus.allow_nested_distributed_execution = on',
];

/** The settings of the session that distributes. */
const OF_SESSION = {
  'citus.enable_unsafe_triggers': 'on',
  // For foreign keys: each connection to a worker must see what the connection before it created.
  'citus.multi_shard_modify_mode': 'sequential',
  // Otherwise each worker would receive the whole script for one setting in it.
  'citus.propagate_set_commands': 'none',
};

export type Distributed = 'distributed' | 'was distributed';

/**
 * Distributes all tables that have a tenant, with their rows, in one transaction. If it fails, nothing has changed and it can be run
 * again. No server may run meanwhile. Throws a StartupProblem that says in one line what is missing.
 */
export async function distribute(url: string): Promise<Distributed> {
  const sql = openSql(url, { name: 'distribute', max: 1, role: null, parameters: { ...NO_TIMEOUTS, ...OF_SESSION } });
  try {
    await assertCluster(sql);
    const [lock] = await sql`
      SELECT pg_try_advisory_lock(${DISTRIBUTION_LOCK}) AND pg_try_advisory_lock(${MIGRATION_LOCK}) AS held`;
    if (lock?.held !== true) throw new StartupProblem('Somebody else distributes or migrates this database: wait until that is done.');
    await assertMigrated(sql);
    await assertKnownTables(sql);
    if ((await readTopology(sql)) === 'citus' && (await undistributed(sql)).length === 0) return 'was distributed';
    await assertNobodyServes(sql);
    await assertNothingToMakeAnew(sql);
    await prepareRoles(sql);
    const script = await readFile(SCRIPT, 'utf8');
    await sql.begin((tx) => tx.unsafe(script));
    return 'distributed';
  } finally {
    await sql.end();
  }
}

async function assertCluster(sql: Sql): Promise<void> {
  const [extension] = await sql`SELECT extversion AS version FROM pg_extension WHERE extname = 'citus'`;
  if (extension === undefined)
    throw new StartupProblem('This database has no extension citus: CREATE EXTENSION citus, in the database of this name on every node.');
  if (Number.parseInt(String(extension.version), 10) < OLDEST_CITUS)
    throw new StartupProblem(`The extension citus is ${extension.version}: ${OLDEST_CITUS} or later is needed.`);
  const [own] = await sql`SELECT groupid FROM pg_dist_local_group`;
  if (own?.groupid !== 0) throw new StartupProblem('This is a worker: distribute is run on the coordinator.');
  const nodes = await sql`SELECT groupid FROM pg_dist_node WHERE isactive AND noderole = 'primary'`;
  if (!nodes.some(({ groupid }) => groupid === 0))
    throw new StartupProblem('The workers do not know this coordinator: run citus_set_coordinator_host first.');
  if (!nodes.some(({ groupid }) => groupid !== 0))
    throw new StartupProblem('The cluster has no worker: run citus_add_node for each first.');
  const unreachable = await sql`
    SELECT DISTINCT to_nodename || ':' || to_nodeport AS node FROM citus_check_cluster_node_health() WHERE result IS NOT TRUE ORDER BY 1`;
  if (unreachable.length > 0)
    throw new StartupProblem(`Not every node reaches ${unreachable.map(({ node }) => node).join(', ')}: nothing was changed.`);
}

async function assertMigrated(sql: Sql): Promise<void> {
  const [table] = await sql`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`;
  const applied = table?.there
    ? await sql`SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
    : [];
  const names = new Set(applied.map(({ name }) => String(name)));
  const missing = (await readMigrations(OWN_FOLDER)).find(({ name }) => !names.has(name));
  if (missing)
    throw new StartupProblem(
      `The database is not migrated to this version (${missing.name} is missing): start the server on it once, and stop it again.`,
    );
}

/** Refuses unknown tables. They would stay on the coordinator, so a write to one and to a distributed table would not be one transaction. */
async function assertKnownTables(sql: Sql): Promise<void> {
  const unknown = await sql`
    SELECT relname AS name FROM pg_class c
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> 'tenant' AND relname <> ALL (${plainArray(LOCAL_TABLES)}::text[])
      AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id' AND NOT attisdropped)
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    ORDER BY 1`;
  if (unknown.length > 0)
    throw new StartupProblem(`These tables have no tenant_id: ${unknown.map(({ name }) => name).join(', ')}. Move them elsewhere.`);
}

async function undistributed(sql: Sql): Promise<readonly unknown[]> {
  return await sql`
    SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = c.oid)`;
}

/** Refuses to run while servers are connected. They use the statements of a single database, which do not work on a distributed one. */
async function assertNobodyServes(sql: Sql): Promise<void> {
  const [servers] = await sql`
    SELECT count(*)::integer AS connections FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'revenda %'`;
  const connections = Number(servers?.connections);
  if (connections > 0) throw new StartupProblem(`Servers are connected (${connections} connections): stop them first.`);
}

/** Refuses data of older versions that a server must recompute after an upgrade: it does that for all tenants in one statement. */
async function assertNothingToMakeAnew(sql: Sql): Promise<void> {
  const [rows] = await sql`
    SELECT EXISTS (SELECT FROM trial WHERE contact_key_version < 2)
      OR EXISTS (SELECT FROM customer WHERE contact_key_version < 2 AND contact_key IS NOT NULL)
      OR EXISTS (SELECT FROM customer WHERE NOT has_access) AS old`;
  if (rows?.old === true)
    throw new StartupProblem(
      'The database has data of an older version: start the server on it, wait until it has converted the data, and stop it.',
    );
}

/** Sets roles and settings for this database only: the cluster may have other databases. */
async function prepareRoles(sql: Sql): Promise<void> {
  const [{ name } = { name: '' }] = await sql<{ name: string }[]>`SELECT quote_ident(current_database()) AS name`;
  for (const setting of OF_DATABASE) await sql.unsafe(`ALTER DATABASE ${name} SET ${setting}`);
  for (const role of ['revenda_app', 'revenda_read']) {
    await sql.unsafe(`ALTER ROLE ${role} LOGIN`);
    for (const setting of OF_ROLES) await sql.unsafe(`ALTER ROLE ${role} IN DATABASE ${name} SET ${setting}`);
    const refused = await sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL ROLE ${role}`);
      return tx`SELECT nodename || ':' || nodeport AS node FROM run_command_on_workers('SELECT 1') WHERE NOT success`;
    });
    if (refused.length > 0)
      throw new StartupProblem(
        `${refused.map(({ node }) => node).join(', ')} do not accept the coordinator's connections as ${role}: allow them in their pg_hba.conf, or give its password in pg_dist_authinfo.`,
      );
  }
}
