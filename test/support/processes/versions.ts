import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeFolder } from '../worlds/database.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MIGRATIONS = 'prisma/migrations';

/** The previous version, in a folder from which a server can be started, or the reason why it is missing. */
export type PreviousVersion = { readonly root: string; readonly commit: string } | { readonly missing: string };

/**
 * Extracts the newest commit that lacks a migration of this version, and links this version's dependencies to it. Nothing is
 * fetched: in a copy of the project without its history, the previous version is missing.
 */
export async function previousVersion(): Promise<PreviousVersion> {
  const found = await previousCommit();
  if ('missing' in found) return found;
  const root = await makeFolder();
  await git('archive', '--format=tar', '-o', join(root, 'all.tar'), found.commit);
  await run('tar', ['-xf', 'all.tar'], { cwd: root });
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const gone = Object.keys(dependencies).find((name) => !existsSync(join(ROOT, 'node_modules', name)));
  if (gone !== undefined) return { missing: `commit ${found.commit} needs ${gone}, which this version has dropped` };
  await linkDependencies(root);
  // Prisma finds its generators by name, in PATH.
  const path = [join(ROOT, 'node_modules/.bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const prisma = join(ROOT, 'node_modules/prisma/build/index.js');
  await run(process.execPath, [prisma, 'generate', '--no-hints'], { cwd: root, env: { PATH: path, CHECKPOINT_DISABLE: '1' } });
  return { root, commit: found.commit };
}

async function previousCommit(): Promise<{ readonly commit: string } | { readonly missing: string }> {
  const here = await git('rev-parse', '--show-prefix').catch(() => null);
  if (here?.trim() !== '') return { missing: 'this copy of the project has no history of its own (.git)' };
  const present = (await readdir(join(ROOT, MIGRATIONS), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const changes = (await git('log', '--format=%H', '--', MIGRATIONS).catch(() => '')).split('\n').filter((line) => line !== '');
  for (const commit of ['HEAD', ...changes.map((hash) => `${hash}^`)]) {
    const listed = await git('ls-tree', '--name-only', `${commit}:${MIGRATIONS}`).catch(() => null);
    if (listed === null) break;
    const known = new Set(listed.split('\n'));
    if (present.every(({ name }) => known.has(name))) continue;
    // If a migration was rewritten before its release, commits with its draft do not count as a version.
    const edited = await git('diff', '--name-only', '--diff-filter=MDR', commit, '--', MIGRATIONS);
    if (edited === '') return { commit: (await git('rev-parse', commit)).trim() };
  }
  return { missing: 'the history of this copy ends (a shallow clone) before its newest migration was added' };
}

/** Runs git here, even if the files belong to another user, as in a container. */
async function git(...args: string[]): Promise<string> {
  return (await run('git', ['-c', 'safe.directory=*', '-C', ROOT, ...args])).stdout;
}

/** Copies this version with one more migration, as a stand-in for the next version. */
export async function nextVersion(name: string, script: string): Promise<string> {
  const root = await makeFolder();
  for (const part of ['package.json', 'src', 'schema', 'prisma', 'test/support']) {
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  }
  await linkDependencies(root);
  await mkdir(join(root, MIGRATIONS, name));
  await writeFile(join(root, MIGRATIONS, name, 'migration.sql'), script);
  return root;
}

async function linkDependencies(root: string): Promise<void> {
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
}
