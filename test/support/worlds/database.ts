/** Creates databases and Postgres servers for tests. */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { openPrivatePostgres, openStandby, type PrivatePostgres } from '../processes/private-postgres.ts';

import { cloneDatabase, createJoinedDatabase, dropDatabase, once, withDatabase } from './given-server.ts';

export type { PrivatePostgres } from '../processes/private-postgres.ts';

const run = promisify(execFile);

export interface TestDatabase {
  /** Connects as superuser, so that openSql can assume any role. Every test database has its own address. */
  readonly url: string;
  /** Also closes the remaining connections. */
  drop(): Promise<void>;
}

/** Creates a migrated, empty database for one test file, or a clone of another template. */
export async function createDatabase(templateUrls: readonly string[] = inject('templateUrls')): Promise<TestDatabase> {
  const name = newName();
  const url = await cloneDatabase(templateUrls, name);
  return { url, drop: () => dropDatabase(templateUrls, name) };
}

/** Creates a database without tables. */
export async function createBareDatabase(): Promise<TestDatabase> {
  const name = newName();
  const [server = ''] = inject('templateUrls');
  await once(server, `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY file_copy`);
  return { url: withDatabase(server, name), drop: () => dropDatabase([server], name) };
}

/** Like createBareDatabase, on every node of a Citus cluster, with the nodes joined. */
export async function createJoinedBareDatabase(): Promise<TestDatabase> {
  const name = newName();
  const url = await createJoinedDatabase(inject('templateUrls'), name);
  return { url, drop: () => dropDatabase(inject('templateUrls'), name) };
}

function newName(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}

/** Creates an empty folder that Postgres' own user may enter. The end of the run removes it, whatever becomes of the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), 'test-'));
  await chmod(folder, 0o755);
  return folder;
}

/**
 * Copies a migrated cluster, which was shut down cleanly, into this folder: creating one takes seconds, copying
 * almost no time.
 */
export async function copyCluster(folder: string): Promise<string> {
  // Keeps the owner: Postgres does not serve files that belong to another user.
  await run('cp', ['-a', `${inject('clusterFolder')}/.`, folder]);
  return folder;
}

/** Starts a migrated Postgres of the test's own, for tests that stop or kill it. It is durable by default. */
export async function startPrivatePostgres({ durable = true } = {}): Promise<PrivatePostgres> {
  return openPrivatePostgres(await copyCluster(await makeFolder()), durable);
}

/** Starts a migrated, durable primary of the test's own with a standby that follows it. */
export async function startPrimaryAndStandby(): Promise<{ readonly primary: PrivatePostgres; readonly standby: PrivatePostgres }> {
  const primary = await startPrivatePostgres();
  return { primary, standby: await openStandby(await copyCluster(await makeFolder()), primary.url) };
}
