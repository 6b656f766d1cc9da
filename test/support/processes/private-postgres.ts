import { appendFile, chown, copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../../src/db/embedded/process-identity.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../src/db/embedded/start.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { closedAtEnd } from '../leftovers.ts';

export interface PrivatePostgres {
  /** The URL of a migrated database, as superuser. A restart does not change it. */
  readonly url: string;
  /** Sends SIGKILL to the postmaster, as the kernel does when memory is short. Resolves when all its processes have ended. */
  kill(): Promise<void>;
  /** Sends SIGSTOP to all its processes. Returns a function that lets them continue. */
  freeze(): Promise<() => void>;
  isAlive(): Promise<boolean>;
  /** Shuts it down: closes connections at once and writes everything to disk. */
  stop(): Promise<void>;
  /** Starts it again in the same folder and on the same port. It recovers first if it was killed. */
  restart(): Promise<void>;
  /** Stops it, whatever its state, and removes its folder. */
  remove(): Promise<void>;
}

/** Starts a migrated Postgres in this folder, which Postgres' own user must be able to enter. Works on Linux only, as it reads /proc. */
export async function openPrivatePostgres(dataDir: string, durable: boolean): Promise<PrivatePostgres> {
  const postgres = await runPrivatePostgres(dataDir, durable);
  await migrate(postgres.url);
  return postgres;
}

/** Starts a standby that follows a primary. `dataDir` has a copy of the cluster that the primary was started from, cleanly stopped. */
export async function openStandby(dataDir: string, primaryUrl: string): Promise<PrivatePostgres> {
  const { hostname, password, port, username } = new URL(primaryUrl);
  const cluster = join(dataDir, 'postgres');
  const settings = [
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'`,
    // A standby that has lost its primary looks for it again at once.
    "wal_retrieve_retry_interval = '50ms'",
  ];
  // These two files are there already, and so belong to Postgres' own user; the new one gets the same owner.
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
      await killPostgres(postgres.pid);
      // Removes what is left of the owner's file. The data stay as the crash left them.
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

/** Kills a postmaster, and waits until its other processes have noticed that and ended. */
export async function killPostgres(postmaster: number): Promise<void> {
  // Stopped first, so that it starts no process that would not be known.
  process.kill(postmaster, 'SIGSTOP');
  const killed = [postmaster, ...(await childrenOf(postmaster))];
  process.kill(postmaster, 'SIGKILL');
  for (const pid of killed) while (await isAlive(pid)) await delay(10);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 0);
  const parents = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return ids.filter((_, index) => Number(parents[index]?.slice(parents[index].lastIndexOf(')') + 2).split(' ')[1]) === pid);
}
