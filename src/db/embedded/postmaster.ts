/** Reads the postmaster.pid of an embedded cluster and says whether its process is ours. */

import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, workingFolderOf } from './process-identity.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Whether the process of this id is the postmaster of this cluster. */
export async function isOurs(pid: number, cluster: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const folder = await workingFolderOf(pid);
  return folder === undefined || folder === (await realpath(cluster));
}

/**
 * The process id in postmaster.pid may by now be another program's, or a dead process nobody reaped; Postgres would
 * refuse to start. An id that no process has keeps its other check, on shared memory still in use.
 */
export async function forgetPostmaster(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (lines.length > 1) await writeFile(file, ['2147483646', ...lines.slice(1)].join('\n'));
}

/** What the cluster's postmaster.pid says, whether or not that process lives. */
export async function readPostmaster(cluster: string): Promise<(Postmaster & { readonly ready: boolean }) | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!(pid > 0)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
}
