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
import { openSql } from '../../src/db/sql.ts';
import type { Topology } from '../../src/db/topology.ts';
import type { NodeCommands } from './worlds/cluster-nodes.ts';
import { type GivenServer, openGivenServer } from './worlds/given-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Everything the run leaves on disk is below it, and goes with it. */
    runFolder: string;
    /** The migrated database that test files clone, on the run's own Postgres, or on each node of the server that TEST_DATABASE_URL names. */
    templateUrls: readonly string[];
    /** Of that database. */
    topology: Topology;
    /** How a worker of the given cluster is killed and started again; null: not by tests. */
    nodeCommands: NodeCommands | null;
    /** A cluster with the same database, stopped: tests that need a Postgres of their own start a copy. */
    clusterFolder: string;
  }
}

const run = promisify(execFile);
// biome-ignore lint/style/noProcessEnv: settings of the test run, not of the server.
const settings = process.env;

/** One throw-away Postgres for the whole run, or the server of TEST_DATABASE_URL, with one migrated database to clone. */
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
    const made = await startEmbedded({ dataDir: clusterFolder, durable: false });
    await migrate(made.url);
    await makeConnectionsCheap(made.url);
    await made.stop();
    const server = (await givenServer()) ?? (await ownServer(clusterFolder, join(runFolder, 'shared')));
    project.provide('runFolder', runFolder);
    project.provide('templateUrls', server.templateUrls);
    project.provide('topology', server.topology);
    project.provide('nodeCommands', nodeCommands());
    project.provide('clusterFolder', clusterFolder);
    return async () => {
      await server.remove();
      await stop();
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A run was seen to need half a GB. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** In memory if there is plenty and TMPDIR does not say otherwise: there the kernel clones a database for a tenth of the CPU. */
async function folderOfRuns(): Promise<string> {
  if (settings.TMPDIR || freemem() < ROOM_BYTES) return tmpdir();
  try {
    const { bavail, bsize } = await statfs('/dev/shm');
    // Postgres' programs may have to be copied below the folder.
    const runsPrograms = !/ \/dev\/shm \S+ \S*\bnoexec\b/.test(await readFile('/proc/mounts', 'utf8'));
    return runsPrograms && bavail * bsize >= ROOM_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    // Not every system has it.
    return tmpdir();
  }
}

/** Each connection costs its client 4,096 rounds of the password's hash by default, 0.9 ms, and a run opens thousands. */
async function makeConnectionsCheap(url: string): Promise<void> {
  const { password, username } = new URL(url);
  const sql = openSql(url, { name: 'test set-up', max: 1, role: null });
  await sql`SET scram_iterations = 1`;
  await sql.unsafe(`ALTER ROLE ${username} PASSWORD '${decodeURIComponent(password)}'`);
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
