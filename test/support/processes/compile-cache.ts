import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** Settings with which another Node keeps what it compiles where this one does, if this one does. */
export function sameCompileCache(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  // Below the folder that was asked for there is one for each version.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
