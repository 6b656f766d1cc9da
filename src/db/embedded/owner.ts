/** Ensures that only one running process at a time owns an embedded Postgres. */

import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { StartupProblem } from '../../kernel/startup-problem.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/** The ownership of an embedded Postgres. A file names the owner; a new process takes over the file of a dead owner. */
export interface Ownership {
  /** Throws if another process took over the dead owner's file at the same moment and won. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

const ATTEMPTS = 20;

/** Throws a StartupProblem if another owner is running. */
export async function takeOwnership(ownerFile: string): Promise<Ownership> {
  const mine = JSON.stringify(await identityOf(process.pid));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(ownerFile, mine)) return ownership(ownerFile, mine);
    const owner = await readFile(ownerFile, 'utf8').catch(() => undefined);
    if (owner === undefined) continue;
    const other = parse(owner);
    if (other && (await isRunning(other))) throw alreadyRunning(ownerFile, other.pid);
    const aside = `${ownerFile}.${randomBytes(4).toString('hex')}`;
    await rename(ownerFile, aside).catch(() => undefined);
    await rm(aside, { force: true });
  }
  throw new StartupProblem(`${ownerFile} cannot be taken over: remove it if no server uses this folder.`);
}

function ownership(ownerFile: string, mine: string): Ownership {
  const isMine = async () => (await readFile(ownerFile, 'utf8').catch(() => '')) === mine;
  return {
    async confirm() {
      if (!(await isMine())) throw alreadyRunning(ownerFile, parse(await readFile(ownerFile, 'utf8').catch(() => ''))?.pid);
    },
    async release() {
      if (await isMine()) await rm(ownerFile, { force: true });
    },
  };
}

/** Creates the file together with its content, or returns false if it exists. */
async function create(file: string, content: string): Promise<boolean> {
  const part = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(part, content, { mode: 0o644 });
  try {
    await link(part, file);
    return true;
  } catch {
    return false;
  } finally {
    await rm(part, { force: true });
  }
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function alreadyRunning(ownerFile: string, pid: number | undefined): StartupProblem {
  return new StartupProblem(`already running: process ${pid ?? 'unknown'} uses the database of ${ownerFile.replace(/\/[^/]*$/, '')}.`);
}
