/** Weighs what this process holds: heap and buffers that are still in use after collecting what is not. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

export function liveBytes(): number {
  // Buffers are given back beside the program: the second collection waits for those of the first.
  collectGarbage();
  collectGarbage();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
