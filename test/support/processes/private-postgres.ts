import { appendFile, chown, copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../../src/db/embedded/process-identity.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../src/db/embedded/start.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { closedAtEnd } from '../leftovers.ts';

export interface PrivatePostgres {
  /** Of a migrated database, as superuser; the same after a restart. */
  readonly url: string;
  /** SIGKILL to the postmaster, as the kernel does when memory is short; resolves when none of its processes is left. */
  kill(): Promise<void>;
  /** SIGSTOP to all of its processes. Answers what lets them go on. */
  freeze(): Promise<() => void>;
  isAlive(): Promise<boolean>;
  /** A shutdown that breaks connections at once and writes everything out. */
  stop(): Promise<void>;
  /** Starts it again where it was, on the same port, recovering first if it was killed. */
  restart(): Promise<void>;
  /** Ends it, however it is, and removes its folder. */
  remove(): Promise<void>;
}

/** A migrated Postgres in this folder, which its own user may enter. Linux only, as is what stops or kills it. */
export async function openPrivatePostgres(dataDir: string, durable: boolean): Promise<PrivatePostgres> {
  const postgres = await runPrivatePostgres(dataDir, durable);
  await migrate(postgres.url);
  return postgres;
}

/** A standby that follows a primary, which was started from the same cluster: `dataDir` has a copy of it, stopped as it should be. */
export async function openStandby(dataDir: string, primaryUrl: string): Promise<PrivatePostgres> {
  const { hostname, password, port, username } = new URL(primaryUrl);
  const cluster = join(dataDir, 'postgres');
  const settings = [
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'`,
    // What comes back looks for the primary at once.
    "wal_retrieve_retry_interval = '50ms'",
  ];
  // Files that are there already, and so belong to Postgres' own user.
  await appendFile(join(cluster, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  await copyFile(join(cluster, 'PG_VERSION'), join(cluster, 'standby.signal'));
  const { gid, uid } = await stat(join(cluster, 'PG_VERSION'));
  await chown(join(cluster, 'standby.signal'), uid, gid);
  return runPrivatePostgres(dataDir, true);
}

async function runPrivatePostgres(dataDir: string, durable: boolean): Promise<PrivatePostgres> {
  let postgres: EmbeddedPostgres = await startEmbedded({ dataDir, durable });
  const { url, port } = postgres;
  const processes = async () => [postgres.pid, ...(await childrenOf(postgres.pid))];
  const remove = closedAtEnd(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    url,
    async kill() {
      const killed = await processes();
      process.kill(postgres.pid, 'SIGKILL');
      for (const pid of killed) while (await isAlive(pid)) await delay(10);
      // What is left of the owner's file; the data stay as the crash left them.
      await postgres.stop();
    },
    async freeze() {
      const frozen = await processes();
      for (const pid of frozen) signalIfAlive(pid, 'SIGSTOP');
      return () => {
        for (const pid of frozen) signalIfAlive(pid, 'SIGCONT');
      };
    },
    isAlive: () => isAlive(postgres.pid),
    async stop() {
      await postgres.stop();
    },
    async restart() {
      postgres = await startEmbedded({ dataDir, durable, port });
    },
    remove,
  };
}

/** A server process may have ended since it was listed. */
function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 0);
  const parents = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return ids.filter((_, index) => Number(parents[index]?.slice(parents[index].lastIndexOf(')') + 2).split(' ')[1]) === pid);
}
