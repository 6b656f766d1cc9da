/**
 * `npm run soak -- [--minutes N] [--only faults,disk,overload,sockets]`: runs three servers on one Postgres under
 * callers and subscribers, and injects every fault we can cause, again and again until the minutes are over. Then it
 * offers more load than the capacity, and opens more sockets than usual. It prints tables; the exit code is 1 if
 * anything was lost, doubled or missed.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CleanUp } from './clean-up.ts';
import { mountDisk } from './disk.ts';
import { DISK_FULL, FAULTS, type Fault } from './faults.ts';
import { overload } from './overload.ts';
import { findingsTable, logTable, say } from './report.ts';
import { openScene, type SceneOptions } from './scene.ts';
import { manySockets } from './sockets.ts';
import { type Finding, founding, isLoss, tryFault } from './verify.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: 'faults,disk,overload,sockets' },
    /** A part of the names of the faults to inject. */
    fault: { type: 'string', default: '' },
    callers: { type: 'string', default: '64' },
    sockets: { type: 'string', default: '1000' },
    /** A quick run with small overload and socket stages. */
    quick: { type: 'boolean', default: false },
  },
});
const SIZE = { callers: Number(options.callers), sockets: Number(options.sockets), endsEveryMs: 1_000 };
const stages = new Set(options.only.split(','));
const untilMs = performance.now() + Number(options.minutes) * 60_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say('Interrupted.');
    void CleanUp.runAll().finally(() => process.exit(1));
  });
}

const runCleanUp = new CleanUp();
const folder = await mkdtemp(join(tmpdir(), 'revenda-soak-'));
// Postgres' own user must be able to enter the folder.
await chmod(folder, 0o755);
runCleanUp.push(() => rm(folder, { recursive: true, force: true }));

/** Injects every fault once, and again while there is time. */
async function faultsIn(scene: SceneOptions, faults: readonly Fault[], isLong: boolean): Promise<boolean> {
  const opened = await openScene(scene);
  const findings: Finding[] = [];
  const before = await founding(opened);
  try {
    do {
      for (const fault of faults) {
        const finding = await tryFault(opened, fault, before, delay);
        say(`${fault.name}: ${isLoss(finding) ? 'FAILED' : 'passed'}, served after ${Math.round(finding.servedAfterMs)} ms`);
        findings.push(finding);
      }
    } while (isLong && performance.now() < untilMs);
  } finally {
    process.stdout.write(findingsTable(before.usage, findings, opened));
    process.stdout.write(logTable(await opened.close()));
  }
  return !findings.some(isLoss);
}

async function diskFull(): Promise<boolean> {
  const disk = await mountDisk(join(folder, 'disk'));
  if (disk === null) {
    say('No full disk: this machine cannot mount a tmpfs. Its error is forced instead, among the faults.');
    return true;
  }
  const cleanUp = new CleanUp();
  cleanUp.push(disk.unmount);
  try {
    const small = { ...SIZE, callers: Math.min(SIZE.callers, 16), sockets: Math.min(SIZE.sockets, 50) };
    return await faultsIn({ folder: join(disk.folder, 'data'), ...small, disk }, [DISK_FULL], false);
  } finally {
    await cleanUp.run();
  }
}

let isWell = true;
try {
  const faults = FAULTS.filter(({ name }) => name.includes(options.fault));
  if (stages.has('faults')) isWell = (await faultsIn({ folder: join(folder, 'data'), ...SIZE, disk: null }, faults, true)) && isWell;
  if (stages.has('disk')) isWell = (await diskFull()) && isWell;
  if (stages.has('overload')) isWell = (await overload(join(folder, 'overload'), options.quick)) && isWell;
  if (stages.has('sockets')) isWell = (await manySockets(join(folder, 'sockets'), options.quick)) && isWell;
} finally {
  await runCleanUp.run();
}
say(isWell ? 'Nothing was lost, doubled or missed.' : 'FAILED: see above.');
process.exit(isWell ? 0 : 1);
