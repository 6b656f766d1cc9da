import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/db/embedded/start.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Topology } from '../../src/db/topology.ts';
import { openTestSql } from './sql.ts';
import type { NodeCommands } from './worlds/cluster-nodes.ts';
import { closeAdmins, type GivenServer, openGivenServer } from './worlds/given-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Everything that the run writes to disk is below this folder, which is removed at the end. */
    runFolder: string;
    /** The migrated database that test files clone, on the run's own Postgres, or on each node of the server that TEST_DATABASE_URL names. */
    templateUrls: readonly string[];
    /** The topology of that database. */
    topology: Topology;
    /** The commands that kill and start a worker of the given cluster, or null if tests may not do that. */
    nodeCommands: NodeCommands | null;
    /** The folder of a stopped cluster with the same database. Tests that need their own Postgres start a copy. */
    clusterFolder: string;
  }
}

const run = promisify(execFile);
// biome-ignore lint/style/noProcessEnv: settings of the test run, not of the server.
const settings = process.env;

/** Starts one throw-away Postgres for the whole run, or uses the server of TEST_DATABASE_URL, with one migrated database to clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runFolder = await mkdtemp(join(await folderOfRuns(), 'revenda-test-'));
  // Postgres' own user must be able to enter.
  await chmod(runFolder, 0o755);
  const guardian = spawn(process.execPath, [fileURLToPath(new URL('processes/guardian.child.ts', import.meta.url)), runFolder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(guardian, 'exit');
  const stop = async () => {
    guardian.stdin.end();
    await ended;
  };
  try {
    const clusterFolder = join(runFolder, 'cluster');
    const [template] = await Promise.all([
      startEmbedded({ dataDir: clusterFolder, durable: false }),
      compileServer(project.config.env.NODE_COMPILE_CACHE),
    ]);
    await migrate(template.url);
    await makeCheap(template.url);
    await template.stop();
    const server = (await givenServer()) ?? (await ownServer(clusterFolder, join(runFolder, 'shared')));
    project.provide('runFolder', runFolder);
    project.provide('templateUrls', server.templateUrls);
    project.provide('topology', server.topology);
    project.provide('nodeCommands', nodeCommands());
    project.provide('clusterFolder', clusterFolder);
    return async () => {
      await server.remove();
      await closeAdmins();
      await stop();
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Loads the server in a process that ends at once, because only a process that ends writes what it has compiled. After an installation the
 * four workers and the first servers would each compile all its modules. If it cannot be loaded, the tests that need it say why.
 */
async function compileServer(cache: string | undefined): Promise<void> {
  const server = new URL('../../src/serve.ts', import.meta.url).href;
  const code = `await import(${JSON.stringify(server)}); process.exit()`;
  await run(process.execPath, ['--input-type=module', '--eval', code], { env: { ...settings, NODE_COMPILE_CACHE: cache } }).catch(() => {});
}

/** The free memory and the free space that a run must find. A measured run needed half a GB. */
const ROOM_BYTES = 4 * 1024 ** 3;

/**
 * Returns the folder for the run's files: in memory if there is enough and TMPDIR is not set. In memory, the kernel clones a
 * database for a tenth of the CPU.
 */
async function folderOfRuns(): Promise<string> {
  if (settings.TMPDIR || freemem() < ROOM_BYTES) return tmpdir();
  try {
    const { bavail, bsize } = await statfs('/dev/shm');
    // Postgres' programs may be copied into the folder, and must be executable there.
    const isExecutable = !/ \/dev\/shm \S+ \S*\bnoexec\b/.test(await readFile('/proc/mounts', 'utf8'));
    return isExecutable && bavail * bsize >= ROOM_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    // Not every system has /dev/shm.
    return tmpdir();
  }
}

/**
 * By default each connection costs its client 4,096 rounds of the password's hash, 0.9 ms, and a run opens thousands of them.
 * Autovacuum starts a process for each database in turn, and most databases of tests are dropped before it could help them.
 */
async function makeCheap(url: string): Promise<void> {
  const { password, username } = new URL(url);
  const sql = openTestSql(url);
  await sql`SET scram_iterations = 1`;
  await sql.unsafe(`ALTER ROLE ${username} PASSWORD '${decodeURIComponent(password)}'`);
  await sql.unsafe(`ALTER SYSTEM SET autovacuum_naptime = '1h'`);
  await sql.end();
}

async function ownServer(clusterFolder: string, folder: string): Promise<GivenServer> {
  await run('cp', ['-a', clusterFolder, folder]);
  const postgres = await startEmbedded({ dataDir: folder, durable: false });
  return { templateUrls: [postgres.url], topology: 'single', remove: () => postgres.stop() };
}

async function givenServer(): Promise<GivenServer | null> {
  const { TEST_DATABASE_URL: url, TEST_TOPOLOGY: topology = 'single' } = settings;
  if (topology !== 'single' && topology !== 'citus') throw new Error('TEST_TOPOLOGY is single or citus');
  if (topology === 'citus' && !url) throw new Error('TEST_TOPOLOGY=citus needs the coordinator in TEST_DATABASE_URL');
  return url ? openGivenServer(url, topology) : null;
}

function nodeCommands(): NodeCommands | null {
  const { TEST_CITUS_KILL: kill, TEST_CITUS_START: start } = settings;
  return kill && start ? { kill, start } : null;
}
