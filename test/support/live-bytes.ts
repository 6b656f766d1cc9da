/** Measures the memory that this process holds: the heap and the buffers that remain after garbage collection. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/**
 * The bytes that this process holds. If `limit` is passed, it collects only while more than that is in use: a result below the limit may
 * include garbage.
 */
export function liveBytes(limit = 0): number {
  // Buffers are freed on another thread: the second collection waits for those of the first.
  for (let collections = 0; collections < 2 && usedBytes() > limit; collections += 1) collectGarbage();
  return usedBytes();
}

function usedBytes(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
