/** A disk that a test can fill. */

import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SIZE_MB = 3_000;
const BYTES_PER_MB = 1_048_576;

/** A disk that can be made full: a tmpfs that can be shrunk to its used size. */
export interface Disk {
  readonly folder: string;
  /** Makes the disk full: no more bytes can be written. */
  fill(): Promise<void>;
  free(): Promise<void>;
  unmount(): Promise<void>;
}

/** Returns null where tmpfs cannot be mounted: that needs root, and a kernel that allows it. */
export async function mountDisk(folder: string): Promise<Disk | null> {
  await mkdir(folder, { recursive: true });
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=755`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  if (!mounted) return null;
  return {
    folder,
    async fill() {
      // A server process may write more between statfs and the remount. Then the new size is too small, and it is
      // retried.
      for (let attempt = 0; ; attempt += 1) {
        const { bsize, blocks, bfree } = await statfs(folder);
        const usedMb = Math.ceil(((blocks - bfree) * bsize) / BYTES_PER_MB);
        try {
          await run('mount', ['-o', `remount,size=${usedMb}m`, folder]);
          return;
        } catch (error) {
          if (attempt === 20) throw error;
        }
      }
    },
    async free() {
      await run('mount', ['-o', `remount,size=${SIZE_MB}m`, folder]);
    },
    async unmount() {
      await run('umount', [folder]);
    },
  };
}
