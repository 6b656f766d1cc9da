/** Tells a running process from a later one that was given the same process id. */

import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process, told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the system counts; empty where the system does not say. */
  readonly startedAt: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: await startTimeOf(pid) };
}

/** Whether that very process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (!(await isAlive(identity.pid))) return false;
  return (await startTimeOf(identity.pid)) === identity.startedAt;
}

/** Whether a process of this id runs; one that has ended and was not yet reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isErrno(error) && error.code === 'EPERM';
  }
  return platform() !== 'linux' || (await statFields(pid))[0] !== 'Z';
}

/** The folder a process works in; undefined where the system does not tell. Postgres works in its data folder. */
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

/** The fields of /proc/<pid>/stat from the third on; the second, the name, may hold spaces and brackets. */
async function statFields(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
