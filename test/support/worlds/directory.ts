import { inject } from 'vitest';
import { type Directory, openDirectory } from '../../../src/db/directory.ts';
import { closedAtEnd } from '../leftovers.ts';

/** Of a test's database: null on one server. */
export function directoryOf(url: string): Directory | null {
  const directory = openDirectory(url, inject('topology'));
  if (directory !== null) closedAtEnd(() => directory.close());
  return directory;
}
