/** Reads the project's own files, for the tests that check the rules of the project. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders without files written by hand. */
const SKIPPED = ['node_modules', 'generated', 'gql', 'dist', '.data', '.git', 'coverage', 'peers'];

/** Every file below these folders whose name has one of these endings, as a path from the project's root. */
export function filesBelow(folders: readonly string[], endings: readonly string[]): string[] {
  return folders.flatMap(walk).filter((path) => endings.some((ending) => path.endsWith(ending)));
}

export function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (isSkipped(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function isSkipped(name: string): boolean {
  return SKIPPED.includes(name) || name.startsWith('.dist-');
}

/** Every folder below these, including themselves. */
export function foldersBelow(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !isSkipped(entry.name));
    return [folder, ...foldersBelow(inside.map(({ name }) => join(folder, name)))];
  });
}
