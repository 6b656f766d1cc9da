/** Distinguishes a running process from a later one with the same process id. */

import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Identifies a process, even if a later process has the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own format; empty if the system does not report it. */
  readonly startedAt: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: await startTimeOf(pid) };
}

/** Whether this same process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (!(await isAlive(identity.pid))) return false;
  return (await startTimeOf(identity.pid)) === identity.startedAt;
}

/** Whether a process with this id runs. A process that has ended but was not reaped does not count. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isErrno(error) && error.code === 'EPERM';
  }
  return platform() !== 'linux' || (await statFields(pid))[0] !== 'Z';
}

/** The working folder of a process; undefined if the system does not report it. Postgres works in its data folder. */
export async function workingFolderOf(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}

async function startTimeOf(pid: number): Promise<string> {
  if (platform() === 'linux') return (await statFields(pid))[19] ?? '';
  if (platform() === 'win32') return '';
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

/** The fields of /proc/<pid>/stat from the third on. The second field, the name, may contain spaces and brackets. */
async function statFields(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
