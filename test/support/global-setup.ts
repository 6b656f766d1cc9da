import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/db/embedded/start.ts';
import { migrate } from '../../src/db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Everything the run leaves on disk is below it, and goes with it. */
    runFolder: string;
    /** The migrated database that test files clone, on the run's own Postgres. */
    templateUrl: string;
    /** A cluster with the same database, stopped: tests that need a Postgres of their own start a copy. */
    clusterFolder: string;
  }
}

const run = promisify(execFile);

/** One throw-away Postgres for the whole run, with one migrated database to clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runFolder = await mkdtemp(join(tmpdir(), 'revenda-test-'));
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
    await made.stop();
    await run('cp', ['-a', clusterFolder, join(runFolder, 'shared')]);
    const postgres = await startEmbedded({ dataDir: join(runFolder, 'shared'), durable: false });
    project.provide('runFolder', runFolder);
    project.provide('templateUrl', postgres.url);
    project.provide('clusterFolder', clusterFolder);
    return async () => {
      await postgres.stop();
      await stop();
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
