/** Starts, adopts and stops the PostgreSQL server that npm installed. */

import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartupProblem } from '../../kernel/startup-problem.ts';
import { openSql } from '../sql.ts';
import { type Installation, prepareInstallation } from './installation.ts';
import { takeOwnership } from './owner.ts';
import { forgetPostmaster, isOurs, type Postmaster, readPostmaster } from './postmaster.ts';
import { supervise } from './supervise.ts';

const run = promisify(execFile);

const SUPERUSER = 'postgres';
const DATABASE = 'revenda';
/** The prefix of a cluster's folder while it is being created. */
const NEW_CLUSTER = 'postgres.new.';
const START_ATTEMPTS = 5;
const START_TIMEOUT_SECONDS = 60;
const STOP_TIMEOUT_SECONDS = 60;
const POLL_MS = 50;
const LARGEST_LOG_BYTES = 10_000_000;
/** Below the range of outgoing ports, so that no reconnecting client takes the port while Postgres is down. */
const PORTS = { lowest: 15_000, highest: 30_000 };

const COMMON_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A slot costs only kilobytes, but one too few refuses a connection.
  max_connections: '300',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // A detail line would quote the failed row with its personal data.
  log_error_verbosity: 'terse',
};
const DURABLE_SETTINGS = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', shared_buffers: '256MB' };
/** For disposable databases: several times faster, but data are lost if the machine (not the process) stops. */
const THROWAWAY_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
};

export interface EmbeddedOptions {
  /** Created if missing. If Postgres' user cannot enter it, the data are below /var/lib/revenda-embedded, and a README here says where. */
  readonly dataDir: string;
  /** False only for data that may be lost. */
  readonly durable: boolean;
  /** Whether Postgres is started again if it ends while this process runs. */
  readonly supervised?: boolean;
  /** The port to listen on; a free one if absent. */
  readonly port?: number;
  /** Receives a sentence about each step that takes long or may surprise. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** The URL of the database `revenda`, as superuser. */
  readonly url: string;
  readonly port: number;
  /** The postmaster's process id, which changes when it is started again. */
  readonly pid: number;
  /** The folder with the data. */
  readonly folder: string;
  /** Does a fast shutdown: closes connections and writes everything to disk. Resolves when Postgres has ended. */
  stop(): Promise<void>;
}

/**
 * Runs a real PostgreSQL in `dataDir`. If this process is killed, PostgreSQL continues to run. The next start on the folder
 * adopts it, or recovers it if it was killed too. Throws if another running process uses the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const installation = await prepareInstallation(options.dataDir);
  const ownership = await takeOwnership(installation.ownerFile);
  try {
    const password = await initialize(installation, options.durable, log);
    let postmaster = (await adopt(installation, password, log)) ?? (await start(installation, options));
    const { port } = postmaster;
    await createMissingDatabase(urlOf(port, password, SUPERUSER)).catch(async (error: unknown) => {
      await stop(installation, postmaster);
      throw error;
    });
    await ownership.confirm();
    const restart = async () => {
      // The port stays the same, so that every client's address stays valid.
      postmaster = (await adopt(installation, password, log)) ?? (await start(installation, { ...options, port }));
    };
    const endSupervision = options.supervised
      ? supervise({ isRunning: () => isOurs(postmaster.pid, installation.cluster), restart, log })
      : async () => {};
    return {
      get pid() {
        return postmaster.pid;
      },
      port,
      folder: installation.folder,
      url: urlOf(port, password, DATABASE),
      async stop() {
        await endSupervision();
        await stop(installation, postmaster);
        await ownership.release();
      },
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** Creates the cluster if there is none. Returns the superuser's password. */
async function initialize(installation: Installation, durable: boolean, log: (line: string) => void): Promise<string> {
  if (await exists(join(installation.cluster, 'PG_VERSION'))) return (await readFile(installation.passwordFile, 'utf8')).trim();
  log(`Creating a PostgreSQL database in ${installation.folder}.`);
  const password = randomBytes(24).toString('base64url');
  // Creates the cluster under another name and then renames it, so that a cluster with the final name is complete. Removes the
  // unfinished clusters of starts that were killed, unless their initdb is still running.
  for (const name of await readdir(installation.folder)) {
    if (name.startsWith(NEW_CLUSTER)) await rm(join(installation.folder, name), { recursive: true, force: true }).catch(() => {});
  }
  const part = join(installation.folder, `${NEW_CLUSTER}${randomBytes(4).toString('hex')}`);
  await rm(installation.passwordFile, { force: true });
  await writeFile(installation.passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  await mkdir(part, { mode: 0o700 });
  if (installation.runAs) {
    await chown(installation.passwordFile, installation.runAs.uid, installation.runAs.gid);
    await chown(part, installation.runAs.uid, installation.runAs.gid);
  }
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${SUPERUSER}`, `--pwfile=${installation.passwordFile}`, '--auth=scram-sha-256'];
  await program(installation, 'initdb', [`--pgdata=${part}`, ...access, ...locale, ...(durable ? [] : ['--no-sync'])]);
  await rename(part, installation.cluster);
  return password;
}

/** Returns the running postmaster that a dead owner left behind, or undefined if there is none. */
async function adopt(installation: Installation, password: string, log: (line: string) => void): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000;
  while (Date.now() < deadline) {
    const left = await readPostmaster(installation.cluster);
    if (!left) return undefined;
    if (!(await isOurs(left.pid, installation.cluster))) {
      await forgetPostmaster(installation.cluster);
      return undefined;
    }
    if (left.ready && (await answers(urlOf(left.port, password, SUPERUSER)))) {
      log(`Using the PostgreSQL that an earlier start left running (process ${left.pid}).`);
      return { pid: left.pid, port: left.port };
    }
    await delay(POLL_MS);
  }
  throw new StartupProblem(`The PostgreSQL in ${installation.folder} neither answers nor stops: see ${installation.logFile}.`);
}

async function start(installation: Installation, options: EmbeddedOptions): Promise<Postmaster> {
  const grown = await stat(installation.logFile).catch(() => undefined);
  if (grown && grown.size > LARGEST_LOG_BYTES) await rename(installation.logFile, `${installation.logFile}.1`);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const settings = Object.entries({ ...COMMON_SETTINGS, ...(options.durable ? DURABLE_SETTINGS : THROWAWAY_SETTINGS), port });
    const flags = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ');
    const wait = ['-w', '-t', String(START_TIMEOUT_SECONDS)];
    try {
      await program(installation, 'pg_ctl', ['start', '-D', installation.cluster, '-l', installation.logFile, ...wait, '-o', flags]);
    } catch (cause) {
      // Another program took the port meanwhile, or some processes of a killed postmaster still run.
      if (attempt < START_ATTEMPTS) {
        await delay(POLL_MS * 2 ** attempt);
        continue;
      }
      throw new StartupProblem(`PostgreSQL does not start; ${installation.logFile} says why.`, { cause });
    }
    const started = await readPostmaster(installation.cluster);
    if (started) return { pid: started.pid, port: started.port };
    throw new StartupProblem(`PostgreSQL ended right after its start; ${installation.logFile} says why.`);
  }
}

async function stop(installation: Installation, postmaster: Postmaster): Promise<void> {
  if (!(await isOurs(postmaster.pid, installation.cluster))) return;
  const args = ['stop', '-D', installation.cluster, '-w', '-t', String(STOP_TIMEOUT_SECONDS)];
  await program(installation, 'pg_ctl', [...args, '-m', 'fast']).catch(async () => {
    if (await isOurs(postmaster.pid, installation.cluster)) await program(installation, 'pg_ctl', [...args, '-m', 'immediate']);
  });
  // pg_ctl waits until postmaster.pid is deleted, which happens a moment before the process ends.
  const deadline = Date.now() + STOP_TIMEOUT_SECONDS * 1000;
  while ((await isOurs(postmaster.pid, installation.cluster)) && Date.now() < deadline) await delay(POLL_MS);
}

/** Runs one of Postgres' programs, without our environment variables, which may contain secrets. */
async function program(installation: Installation, name: string, args: readonly string[]): Promise<void> {
  await run(join(installation.bin, name), [...args], { ...installation.runAs, cwd: installation.folder, env: { LC_ALL: 'C', TZ: 'UTC' } });
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.lowest, PORTS.highest);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

async function answers(url: string): Promise<boolean> {
  const sql = openSql(url, { name: 'revenda start', max: 1, role: null });
  return sql`SELECT 1`
    .then(
      () => true,
      () => false,
    )
    .finally(() => sql.end());
}

async function createMissingDatabase(url: string): Promise<void> {
  const sql = openSql(url, { name: 'revenda start', max: 1, role: null });
  try {
    const found = await sql`SELECT FROM pg_database WHERE datname = ${DATABASE}`;
    if (found.length === 0) await sql.unsafe(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await sql.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
