import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../../src/db/embedded/start.ts';
import { until } from '../until.ts';

/**
 * A process beside a test run, in a session of its own, that outlives it: when the run's end of the pipe closes, however that came
 * about, it stops every Postgres below the run's folder and removes the folder.
 */
const [runFolder = ''] = process.argv.slice(2);

await once(process.stdin.resume(), 'end');
const entries = await readdir(runFolder, { recursive: true }).catch(() => []);
for (const entry of entries.filter((name) => name.endsWith('owner.json'))) {
  // Workers of a run that was killed end shortly after it; until then what they own is theirs.
  const left = await until(() => startEmbedded({ dataDir: join(runFolder, entry, '..'), durable: false }).catch(() => undefined)).catch(
    () => undefined,
  );
  await left?.stop();
}
await rm(runFolder, { recursive: true, force: true, maxRetries: 50 });
