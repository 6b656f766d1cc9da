/**
 * Makes the migrated database that test files clone, on the servers that TEST_DATABASE_URL names (every node of a
 * Citus cluster).
 */
import { randomBytes } from 'node:crypto';
import { distribute } from '../../../src/db/distribute.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { codeOf } from '../../../src/db/retry.ts';
import type { Sql } from '../../../src/db/sql.ts';
import type { Topology } from '../../../src/db/topology.ts';
import { openTestSql } from '../sql.ts';
import { until } from '../until.ts';

const OBJECT_IN_USE = '55006';

export interface GivenServer {
  /** The template's URL on each node; the first is the coordinator, or the only server. */
  readonly templateUrls: readonly string[];
  readonly topology: Topology;
  remove(): Promise<void>;
}

/** `url` must connect as superuser. For a cluster it must name a database that knows the workers. */
export async function openGivenServer(url: string, topology: Topology): Promise<GivenServer> {
  const name = `revenda_test_${randomBytes(6).toString('hex')}`;
  const nodes = topology === 'citus' ? await nodesOf(url) : [url];
  const templateUrls = nodes.map((node) => withDatabase(node, name));
  const remove = () => dropDatabase(templateUrls, name, nameOf(demoTemplateOf(templateUrls)));
  try {
    await Promise.all(nodes.map((node) => once(node, `CREATE DATABASE ${name}`)));
    if (topology === 'citus') await joinNodes(templateUrls);
    const [coordinator = ''] = templateUrls;
    await migrate(coordinator);
    if (topology === 'citus') await distribute(coordinator);
    return { templateUrls, topology, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Clones the template on every node, so that each clone has the metadata of the others. Settings of a database are
 * not cloned, so this copies them.
 */
export async function cloneDatabase(templateUrls: readonly string[], name: string): Promise<string> {
  const template = nameOf(templateUrls[0]);
  await Promise.all(
    templateUrls.map((url) =>
      asAdmin(url, async (sql) => {
        // Citus runs a background worker in the template; it comes back whenever somebody connects to the template.
        await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${template}`;
        // The default strategy copies page by page through the log, which costs Postgres three times the CPU.
        await unused(() => sql.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`));
        const settings = await sql<{ text: string }[]>`
          SELECT format(CASE setrole WHEN 0 THEN 'ALTER DATABASE %2$I SET %3$s = %4$L' ELSE 'ALTER ROLE %1$s IN DATABASE %2$I SET %3$s = %4$L' END,
            setrole::regrole, ${name}::text, split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)) AS text
          FROM pg_db_role_setting, unnest(setconfig) AS setting
          WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = ${template})`;
        if (settings.length === 0) return;
        const copies = settings.map(({ text }) => text).join('; ');
        await sql.unsafe(`SET citus.enable_ddl_propagation TO off; ${copies}; RESET citus.enable_ddl_propagation`);
      }),
    ),
  );
  return withDatabase(templateUrls[0] ?? '', name);
}

/** The URL of the template that has the demo tree as well. A test file that needs it makes it. */
export function demoTemplateOf([url = '']: readonly string[]): string {
  return withDatabase(url, `${nameOf(url)}_demo`);
}

export async function dropDatabase(templateUrls: readonly string[], ...names: readonly string[]): Promise<void> {
  await Promise.all(
    templateUrls.map(async (url) => {
      for (const name of names) await unused(() => once(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    }),
  );
}

/** Repeats a statement about a database until nobody uses that. Postgres waits five seconds for sessions that were ended. */
function unused(statement: () => Promise<unknown>): Promise<true> {
  return until(() =>
    statement().then(
      () => true as const,
      (error: unknown) => (codeOf(error) === OBJECT_IN_USE ? false : Promise.reject(error)),
    ),
  );
}

/** Runs one statement in the server's `postgres` database. */
export function once(url: string, statement: string): Promise<void> {
  return asAdmin(url, async (sql) => void (await sql.unsafe(statement)));
}

/** The name of the database at this URL. */
export function nameOf(url = ''): string {
  return new URL(url).pathname.slice(1);
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** This process's connection to the `postgres` database of each server. To open one costs more than to clone a database. */
const admins = new Map<string, Sql>();

async function asAdmin(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const server = withDatabase(url, 'postgres');
  const sql = admins.get(server) ?? openAdmin(server);
  admins.set(server, sql);
  await work(sql);
}

/** Closes the connections that `asAdmin` keeps. A worker's end with the worker. */
export async function closeAdmins(): Promise<void> {
  await Promise.all([...admins.values()].map((sql) => sql.end()));
  admins.clear();
}

function openAdmin(url: string): Sql {
  return openTestSql(url);
}

async function using<Result>(url: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const sql = openAdmin(url);
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/**
 * The URL of the coordinator as passed, and those of the workers as the coordinator knows them, with the same user
 * and password.
 */
async function nodesOf(url: string): Promise<readonly string[]> {
  const workers = await using(
    url,
    (sql) => sql<{ host: string; port: number }[]>`
    SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid > 0 AND isactive AND noderole = 'primary' ORDER BY nodeid`,
  );
  return [url, ...workers.map(({ host, port }) => Object.assign(new URL(url), { hostname: host, port: String(port) }).href)];
}

/** Creates databases of this name on every node, joined and without tables. */
export async function createJoinedDatabase(templateUrls: readonly string[], name: string): Promise<string> {
  const urls = templateUrls.map((url) => withDatabase(url, name));
  await Promise.all(urls.map((url) => once(url, `CREATE DATABASE ${name}`)));
  await joinNodes(urls);
  return urls[0] ?? '';
}

async function joinNodes(urls: readonly string[]): Promise<void> {
  await Promise.all(urls.map((url) => using(url, (sql) => sql.unsafe('CREATE EXTENSION citus'))));
  const [coordinator = '', ...workers] = urls;
  await using(coordinator, async (sql) => {
    const { hostname, port } = new URL(coordinator);
    await sql`SELECT citus_set_coordinator_host(${hostname}, ${Number(port || 5432)}::integer)`;
    for (const worker of workers.map((text) => new URL(text))) {
      await sql`SELECT citus_add_node(${worker.hostname}, ${Number(worker.port || 5432)}::integer)`;
    }
  });
}
