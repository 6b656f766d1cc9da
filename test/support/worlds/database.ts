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
  /** As superuser, so that openSql can assume any role; every test database has its own. */
  readonly url: string;
  /** Breaks the connections that are left. */
  drop(): Promise<void>;
}

/** A migrated, empty database of the test file's own. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = newName();
  const url = await cloneDatabase(inject('templateUrls'), name);
  return { url, drop: () => dropDatabase(inject('templateUrls'), name) };
}

/** A database without any table. */
export async function createBareDatabase(): Promise<TestDatabase> {
  const name = newName();
  const [server = ''] = inject('templateUrls');
  await once(server, `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY file_copy`);
  return { url: withDatabase(server, name), drop: () => dropDatabase([server], name) };
}

/** As createBareDatabase, on every node of a Citus cluster, which know each other. */
export async function createJoinedBareDatabase(): Promise<TestDatabase> {
  const name = newName();
  const url = await createJoinedDatabase(inject('templateUrls'), name);
  return { url, drop: () => dropDatabase(inject('templateUrls'), name) };
}

function newName(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}

/** An empty folder that Postgres' own user may enter. It goes with the run, whatever becomes of the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), 'test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Lays a migrated cluster, stopped as it should be, into this folder: to make one takes seconds, to copy it none. */
export async function copyCluster(folder: string): Promise<string> {
  // With its owner: Postgres does not serve what belongs to somebody else.
  await run('cp', ['-a', `${inject('clusterFolder')}/.`, folder]);
  return folder;
}

/** A migrated Postgres of the test's own, durable unless told otherwise, for tests that stop or kill it. */
export async function startPrivatePostgres({ durable = true } = {}): Promise<PrivatePostgres> {
  return openPrivatePostgres(await copyCluster(await makeFolder()), durable);
}

/** A migrated, durable primary of the test's own with a standby that follows it. */
export async function startPrimaryAndStandby(): Promise<{ readonly primary: PrivatePostgres; readonly standby: PrivatePostgres }> {
  const primary = await startPrivatePostgres();
  return { primary, standby: await openStandby(await copyCluster(await makeFolder()), primary.url) };
}
