import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../../src/db/embedded/start.ts';
import { until } from '../until.ts';

/**
 * A process next to a test run, in its own session, that outlives the run. When the run's end of the pipe closes, for whatever
 * reason, it stops every Postgres below the run's folder and removes the folder.
 */
const [runFolder = ''] = process.argv.slice(2);

await once(process.stdin.resume(), 'end');
const entries = await readdir(runFolder, { recursive: true }).catch(() => []);
for (const entry of entries.filter((name) => name.endsWith('owner.json'))) {
  // The workers of a killed run end shortly after it. Until then they own their Postgres, and this call fails.
  const postgres = await until(() => startEmbedded({ dataDir: join(runFolder, entry, '..'), durable: false }).catch(() => undefined)).catch(
    () => undefined,
  );
  await postgres?.stop();
}
await rm(runFolder, { recursive: true, force: true, maxRetries: 50 });
