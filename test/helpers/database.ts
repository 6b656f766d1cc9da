import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inject } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { isAlive } from '../../src/db/process-identity.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';

export interface TestDatabase {
  /** As superuser, so that openSql can assume any role; every test database has its own. */
  readonly url: string;
  /** Breaks the connections that are left. */
  drop(): Promise<void>;
}

/** A migrated, empty database of the test file's own. */
export async function createDatabase(): Promise<TestDatabase> {
  return createFrom(databaseOf(inject('templateUrl')));
}

/** A database without any table. */
export async function createBareDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

async function createFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin((sql) => sql.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: withDatabase(inject('templateUrl'), name),
    async drop() {
      await asAdmin((sql) => sql.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function asAdmin(work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = openSql(withDatabase(inject('templateUrl'), 'postgres'), {
    name: 'test admin',
    max: 1,
    role: null,
    parameters: { statement_timeout: '0', lock_timeout: '0' },
  });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** An empty folder that Postgres' own user may enter. It goes with the run, whatever becomes of the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), 'test-'));
  await chmod(folder, 0o755);
  return folder;
}

export interface PrivatePostgres {
  /** Of a migrated database, as superuser; the same after a restart. */
  readonly url: string;
  /** SIGKILL to the postmaster, as the kernel does when memory is short; resolves when none of its processes is left. */
  kill(): Promise<void>;
  /** A shutdown that breaks connections at once and writes everything out. */
  stop(): Promise<void>;
  /** Starts it again where it was, on the same port, recovering first if it was killed. */
  restart(): Promise<void>;
  /** Ends it, however it is, and removes its folder. */
  remove(): Promise<void>;
}

/** A migrated Postgres of the test's own, durable unless told otherwise, for tests that stop or kill it. */
export async function startPrivatePostgres({ durable = true } = {}): Promise<PrivatePostgres> {
  const dataDir = await makeFolder();
  let postgres: EmbeddedPostgres = await startEmbedded({ dataDir, durable });
  const { url, port } = postgres;
  await migrate(url);
  return {
    url,
    async kill() {
      const processes = [postgres.pid, ...(await childrenOf(postgres.pid))];
      process.kill(postgres.pid, 'SIGKILL');
      for (const pid of processes) while (await isAlive(pid)) await delay(10);
      // What is left of the owner's file; the data stay as the crash left them.
      await postgres.stop();
    },
    async stop() {
      await postgres.stop();
    },
    async restart() {
      postgres = await startEmbedded({ dataDir, durable, port });
    },
    async remove() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Linux only, as are the tests that kill Postgres. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 0);
  const parents = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return ids.filter((_, index) => Number(parents[index]?.slice(parents[index].lastIndexOf(')') + 2).split(' ')[1]) === pid);
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
