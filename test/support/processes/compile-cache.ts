import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** Returns the environment with which another Node process shares this one's compile cache, if this one has a cache. */
export function sameCompileCache(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  // Node makes one folder for each version below the configured folder.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
