/** The suite on growth: more callers, panels, entries, processes and sockets. */

import { writeFile } from 'node:fs/promises';
import { openSql } from '../../src/db/sql.ts';
import { chartsOf, type Series } from '../charts.ts';
import { openChild } from '../child.ts';
import { growJournal, plantPanels } from '../grown-world.ts';
import type { PostingJob } from '../load/posting-load.ts';
import { callAgain, countTransfers, type Sample } from '../measure.ts';
import { type Section, table, whole } from '../report.ts';
import { type Cell, type OpenCell, runOnce } from '../rounds.ts';
import { signInAll } from '../signed-in.ts';
import { type Forest, openQueue, type Pick, plant, plantChildren, randomly, transferOf } from '../world.ts';
import { OURS, setupOf, socketCell } from './sockets.ts';
import { type Bench, times } from './suite.ts';

const CALLERS = 64;
const PICTURE = new URL('../growth.svg', import.meta.url);

interface Steps {
  readonly panels: readonly number[];
  readonly entries: readonly number[];
  readonly batch: readonly number[];
  readonly callers: readonly number[];
  readonly processes: readonly number[];
  readonly sockets: readonly number[];
}

const STEPS: Steps = {
  panels: [100, 1_000, 10_000, 100_000, 1_000_000],
  entries: [100_000, 1_000_000, 10_000_000],
  batch: [1, 4, 16, 64, 256, 1_000],
  callers: [1, 4, 16, 64, 256, 1_024],
  processes: [1, 2, 3, 4],
  sockets: [100, 1_000, 10_000],
};
const QUICK_STEPS: Steps = {
  panels: [100, 1_000],
  entries: [10_000, 100_000],
  batch: [1, 16],
  callers: [1, 64],
  processes: [1, 2],
  sockets: [100, 200],
};

/** Measures how throughput and latency change with the size of everything that can grow. Each point is measured once. */
export async function growth(bench: Bench): Promise<readonly Section[]> {
  const steps = bench.isQuick ? QUICK_STEPS : STEPS;
  const forest = await plant(bench.url, 1);
  const all = [
    await series('transfers by callers', 'callers', steps.callers, (callers) => posting(bench, bench.url, forest, callers)),
    await series('transfers by size of a batch', 'transfers in a call', steps.batch, (size) => batches(bench, forest, size)),
    await series('transfers by processes', 'processes', steps.processes, (count) => processes(bench, forest, count)),
    await series('transfers by panels', 'panels in the tenant', steps.panels, (panels) =>
      inDatabase(bench, `panels_${panels}`, (url) => plantPanels(url, panels)),
    ),
    await series('transfers by length of the journal', 'entries', steps.entries, (entries) =>
      inDatabase(bench, `entries_${entries}`, async (url) => {
        await growJournal(url, entries);
        return plant(url, 1);
      }),
    ),
    await series('deliveries by sockets on one account', 'sockets', steps.sockets, (count) => deliveries(bench, count)),
  ];
  if (!bench.isQuick) await writeFile(PICTURE, chartsOf(all.map(({ chart }) => chart)));
  const text = ['![How throughput changes](growth.svg)', ...all.map((one) => one.text)].join('\n\n');
  return [{ id: 'growth', title: 'How cost grows', text, outcomes: [] }];
}

async function series(title: string, axis: string, steps: readonly number[], run: (step: number) => Promise<Sample>) {
  const rows: string[][] = [];
  const points: { x: number; y: number }[] = [];
  for (const step of steps) {
    const { perSecond, serverMicros, postgresMicros, latencies } = await run(step);
    process.stderr.write(`${title}: ${step}: ${whole(perSecond)}/s\n`);
    points.push({ x: step, y: perSecond });
    const waits = [latencies?.p50, latencies?.p99].map((value) => (value === undefined ? '-' : whole(value)));
    rows.push([String(step), whole(perSecond), ...waits, whole(serverMicros), whole(postgresMicros)]);
  }
  const chart: Series = { title, axis, points };
  return { chart, text: `### ${title}\n\n${table([axis, 'a second', 'p50 ms', 'p99 ms', 'Node µs each', 'Postgres µs each'], rows)}` };
}

function once(bench: Bench, name: string, rows: Cell['rows'], open: () => Promise<OpenCell>): Promise<Sample> {
  return runOnce({ name, rows, open }, bench.rounds);
}

async function posting(bench: Bench, url: string, forest: Forest, callers: number): Promise<Sample> {
  return callsOf(bench, url, callers, randomly(forest), 1);
}

function batches(bench: Bench, forest: Forest, size: number): Promise<Sample> {
  return callsOf(bench, bench.url, 8, randomly(forest), size);
}

async function callsOf(bench: Bench, url: string, callers: number, pick: Pick, size: number): Promise<Sample> {
  const sql = openSql(url, { name: 'bench rows', max: 1, role: null, parameters: { statement_timeout: '0' } });
  const open = async (): Promise<OpenCell> => {
    const queue = openQueue(url);
    const call = async () => {
      const outcomes = await queue.postEach(times(size, () => transferOf(pick())));
      const refused = outcomes.find((outcome) => outcome.status !== 'posted');
      if (refused) throw new Error(`a transfer was ${refused.status}`);
      return size;
    };
    return { load: (forMs) => callAgain(callers, forMs, call), close: () => queue.close() };
  };
  const sample = await once(bench, `${callers} callers of ${size}`, () => countTransfers(sql), open);
  await sql.end();
  return sample;
}

function processes(bench: Bench, forest: Forest, count: number): Promise<Sample> {
  return once(
    bench,
    `${count} processes`,
    () => countTransfers(bench.sql),
    async () => {
      const children = times(count, () => openChild('./load/posting-load.ts'));
      const job: PostingJob = { url: bench.url, forest, callers: CALLERS };
      await Promise.all(children.map((child) => child.ask('open', job)));
      return {
        async load(forMs) {
          const loaded = await Promise.all(children.map((child) => child.ask('load', forMs)));
          return { answers: loaded.reduce<number>((sum, one) => sum + (one as { answers: number }).answers, 0) };
        },
        async cpuMicros() {
          const used = await Promise.all(children.map((child) => child.cpuMicros()));
          return used.reduce((sum, micros) => sum + micros, 0);
        },
        async close() {
          await Promise.all(children.map((child) => child.close()));
        },
      };
    },
  );
}

/** Uses its own database, and drops it afterwards. */
async function inDatabase(bench: Bench, name: string, fill: (url: string) => Promise<Forest>): Promise<Sample> {
  const url = await bench.database(name, true);
  const sample = await posting(bench, url, await fill(url), CALLERS);
  await bench.sql.unsafe(`DROP DATABASE "${name}" WITH (FORCE)`);
  return sample;
}

async function deliveries(bench: Bench, count: number): Promise<Sample> {
  const sessions = await signInAll(bench.url, await plantChildren(bench.url, 1));
  const load = openChild('./load/socket-load.ts');
  try {
    return await runOnce(socketCell(`${count} sockets`, OURS, setupOf(bench.url, sessions, 'one account'), count, load), bench.rounds);
  } finally {
    await load.close();
  }
}
