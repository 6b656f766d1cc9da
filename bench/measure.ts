import { readFile } from 'node:fs/promises';
import type { Sql } from '../src/db/sql.ts';
import { type Latencies, latenciesOf } from './latency.ts';

/** What one measured window saw. CPU in microseconds an operation; Postgres' is NaN where there is no /proc. */
export interface Sample {
  readonly perSecond: number;
  /** Of the process that serves, not of the one that asks. */
  readonly serverMicros: number;
  readonly postgresMicros: number;
  readonly latencies?: Latencies;
}

/** What a load did. */
export interface Loaded {
  /** Operations that were answered. */
  readonly answers: number;
  readonly latencies?: Latencies;
}

/** What is measured beside the load itself. */
export interface Watched {
  /** Rows the operations left in the database so far; null: they leave none, and answers count. */
  readonly rows: (() => Promise<number>) | null;
  /** CPU of the serving process so far, in microseconds. */
  cpuMicros(): Promise<number>;
  readonly postmasterPid: number;
}

/** Of the kernel's clock in /proc, on every Linux that Node supports. */
const MICROS_PER_TICK = 10_000;

/**
 * Runs `load`, which ends by itself, and counts the rows that are in the database afterwards and were not before:
 * what failed, or was answered but not committed, does not count.
 */
export async function measure(watched: Watched, load: () => Promise<Loaded>): Promise<Sample> {
  const { rows, cpuMicros, postmasterPid } = watched;
  const rowsBefore = (await rows?.()) ?? 0;
  const postgresBefore = await postgresMicros(postmasterPid);
  const cpuBefore = await cpuMicros();
  const startedMs = performance.now();
  const { answers, latencies } = await load();
  const seconds = (performance.now() - startedMs) / 1000;
  const server = (await cpuMicros()) - cpuBefore;
  const postgres = (await postgresMicros(postmasterPid)) - postgresBefore;
  const done = rows === null ? answers : (await rows()) - rowsBefore;
  if (done < answers) throw new Error(`${answers} answers, and only ${done} rows`);
  return { perSecond: done / seconds, serverMicros: server / done, postgresMicros: postgres / done, ...(latencies && { latencies }) };
}

/** `callers` that each ask again as soon as they are answered, for so long. An error ends the run. */
export async function callAgain(callers: number, forMs: number, call: () => Promise<number>): Promise<Loaded> {
  const waits: number[] = [];
  let answers = 0;
  const untilMs = performance.now() + forMs;
  const caller = async () => {
    for (let askedMs = performance.now(); askedMs < untilMs; askedMs = performance.now()) {
      const done = await call();
      answers += done;
      waits.push(performance.now() - askedMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { answers, latencies: latenciesOf(waits) };
}

export async function ownCpuMicros(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export async function countTransfers(sql: Sql): Promise<number> {
  const [row] = await sql`SELECT count(*) AS transfers FROM transfer`;
  return Number(row?.transfers);
}

/** CPU of the postmaster, its processes, and those it has buried. */
async function postgresMicros(postmasterPid: number): Promise<number> {
  const children = await readFile(`/proc/${postmasterPid}/task/${postmasterPid}/children`, 'utf8').catch(() => null);
  if (children === null) return Number.NaN;
  const ticks = await Promise.all(
    children
      .trim()
      .split(' ')
      .map((pid) => ticksOf(pid, false)),
  );
  return ticks.reduce((sum, value) => sum + value, await ticksOf(String(postmasterPid), true)) * MICROS_PER_TICK;
}

async function ticksOf(pid: string, withBuried: boolean): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in parentheses, may hold anything; user and system time are fields 14 and 15, those of buried children the next two.
  const times = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, withBuried ? 15 : 13);
  return times.reduce((sum, ticks) => sum + Number(ticks), 0);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
