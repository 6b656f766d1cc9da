// Work that one worker of a test run does for all workers.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { until } from './until.ts';

/**
 * The first worker that calls this does the work; the others wait until it is done. After a failure the next worker
 * tries again.
 */
export async function oncePerRun(name: string, work: () => Promise<void>): Promise<void> {
  const begun = join(inject('runFolder'), `${name}.begun`);
  const done = join(inject('runFolder'), `${name}.done`);
  const isMine = await until(async () => {
    if (existsSync(done)) return 'done';
    return mkdir(begun).then(
      () => 'mine' as const,
      () => undefined,
    );
  });
  if (isMine === 'done') return;
  try {
    // Another worker may have finished between the look and the folder.
    if (existsSync(done)) return;
    await work();
    await writeFile(done, '');
  } finally {
    await rm(begun, { recursive: true });
  }
}
