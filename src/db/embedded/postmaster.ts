/** Reads the postmaster.pid of an embedded cluster and checks whether its process belongs to the cluster. */

import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, workingFolderOf } from './process-identity.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Whether the process with this id is the postmaster of this cluster. */
export async function isOurs(pid: number, cluster: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const folder = await workingFolderOf(pid);
  return folder === undefined || folder === (await realpath(cluster));
}

/**
 * Replaces the process id in postmaster.pid, which may now belong to another program or to a dead process that was not reaped:
 * Postgres would refuse to start. The new id belongs to no process. The rest of the file stays, so that Postgres still checks
 * for shared memory in use.
 */
export async function forgetPostmaster(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (lines.length > 1) await writeFile(file, ['2147483646', ...lines.slice(1)].join('\n'));
}

/** Reads the cluster's postmaster.pid, whether or not that process still runs. */
export async function readPostmaster(cluster: string): Promise<(Postmaster & { readonly ready: boolean }) | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!(pid > 0)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
}
