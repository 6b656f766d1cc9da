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

/** The version before, as a folder that a server can be started from; or why there is none. */
export type Before = { readonly root: string; readonly commit: string } | { readonly missing: string };

/**
 * The newest commit that lacks a migration of this version: its code, with the dependencies of this one. Nothing is fetched: a copy
 * of the project without its history says so.
 */
export async function versionBefore(): Promise<Before> {
  const found = await commitBefore();
  if ('missing' in found) return found;
  const root = await makeFolder();
  await git('archive', '--format=tar', '-o', join(root, 'all.tar'), found.commit);
  await run('tar', ['-xf', 'all.tar'], { cwd: root });
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const gone = Object.keys(dependencies).find((name) => !existsSync(join(ROOT, 'node_modules', name)));
  if (gone !== undefined) return { missing: `commit ${found.commit} needs ${gone}, which this version has dropped` };
  await linkDependencies(root);
  // Its generators are found by their names.
  const path = [join(ROOT, 'node_modules/.bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const prisma = join(ROOT, 'node_modules/prisma/build/index.js');
  await run(process.execPath, [prisma, 'generate', '--no-hints'], { cwd: root, env: { PATH: path, CHECKPOINT_DISABLE: '1' } });
  return { root, commit: found.commit };
}

async function commitBefore(): Promise<{ readonly commit: string } | { readonly missing: string }> {
  const here = await git('rev-parse', '--show-prefix').catch(() => null);
  if (here?.trim() !== '') return { missing: 'this copy of the project has no history of its own (.git)' };
  const present = (await readdir(join(ROOT, MIGRATIONS), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const changes = (await git('log', '--format=%H', '--', MIGRATIONS).catch(() => '')).split('\n').filter((line) => line !== '');
  for (const commit of ['HEAD', ...changes.map((hash) => `${hash}^`)]) {
    const listed = await git('ls-tree', '--name-only', `${commit}:${MIGRATIONS}`).catch(() => null);
    if (listed === null) break;
    const known = new Set(listed.split('\n'));
    if (present.every(({ name }) => known.has(name))) continue;
    // Where a migration was written anew before anybody had it, the commits with the first draft are no version.
    const edited = await git('diff', '--name-only', '--diff-filter=MDR', commit, '--', MIGRATIONS);
    if (edited === '') return { commit: (await git('rev-parse', commit)).trim() };
  }
  return { missing: 'the history of this copy ends (a shallow clone) before its newest migration was added' };
}

/** Also where the files are another user's, as in a container. */
async function git(...words: string[]): Promise<string> {
  return (await run('git', ['-c', 'safe.directory=*', '-C', ROOT, ...words])).stdout;
}

/** This version with one migration more: a stand-in for the next one. */
export async function versionAfter(name: string, script: string): Promise<string> {
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
