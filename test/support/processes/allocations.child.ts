// Loaded into a server's process before the server. On each SIGWINCH it prints the bytes allocated since the previous one.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// The young generation may grow to 64 MB (a flag of the process) at its first collection, so that no collection disturbs a count.
setFlagsFromString('--semi-space-growth-factor=64');
setFlagsFromString('--expose-gc');
const collectGarbage: (options: { type: 'minor' }) => void = runInNewContext('gc');

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

let usedBefore = 0;

// Not a signal that ends a process, because those stop the server.
process.on('SIGWINCH', async () => {
  const allocated = process.memoryUsage().heapUsed - usedBefore;
  const isComplete = (await countCollections()) === 0;
  collectGarbage({ type: 'minor' });
  await countCollections();
  process.stdout.write(`allocated ${isComplete ? allocated : 'unknown'}\n`);
  usedBefore = process.memoryUsage().heapUsed;
});

/** Returns the number of collections since the last call. The observer reports a collection a few turns of the event loop later. */
async function countCollections(): Promise<number> {
  for (let count = 0; count < 3; count += 1) await turn();
  const counted = collections + observer.takeRecords().length;
  collections = 0;
  return counted;
}
