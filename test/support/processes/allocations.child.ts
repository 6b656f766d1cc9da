// Loaded into a server's process before the server: at each SIGWINCH it prints what was allocated since the one before.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// What is young may become 64 MB (the server is started so) at its first collection: then there is none while something is counted.
setFlagsFromString('--semi-space-growth-factor=64');
setFlagsFromString('--expose-gc');
const collectGarbage: (options: { type: 'minor' }) => void = runInNewContext('gc');

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

let usedBefore = 0;

// The signals that end a process end the server.
process.on('SIGWINCH', async () => {
  const allocated = process.memoryUsage().heapUsed - usedBefore;
  const isWhole = (await collected()) === 0;
  collectGarbage({ type: 'minor' });
  await collected();
  process.stdout.write(`allocated ${isWhole ? allocated : 'unknown'}\n`);
  usedBefore = process.memoryUsage().heapUsed;
});

/** Since this was asked before. A collection is told of some turns after it. */
async function collected(): Promise<number> {
  for (let count = 0; count < 3; count += 1) await turn();
  const counted = collections + observer.takeRecords().length;
  collections = 0;
  return counted;
}
