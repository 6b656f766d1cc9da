/** Measures one window of load: rates, latencies, and the CPU time of Node and Postgres. */

import { readFile } from 'node:fs/promises';
import type { Sql } from '../src/db/sql.ts';
import { type Latencies, latenciesOf } from './latency.ts';

/** The result of one measured window. CPU is in microseconds an operation; Postgres' is NaN on a system without /proc. */
export interface Sample {
  readonly perSecond: number;
  /** CPU of the process that serves, without the client's. */
  readonly serverMicros: number;
  readonly postgresMicros: number;
  readonly latencies?: Latencies;
}

/** The result of a load. */
export interface Loaded {
  /** Operations that were answered. */
  readonly answers: number;
  readonly latencies?: Latencies;
}

/** The database and the processes to observe while the load runs. */
export interface Watched {
  /** Counts the rows that operations have left in the database. If null, operations leave no rows, and answers are counted. */
  readonly rows: (() => Promise<number>) | null;
  /** CPU time of the serving process so far, in microseconds. */
  cpuMicros(): Promise<number>;
  readonly postmasterPid: number;
}

/** The kernel's clock tick in /proc, the same on every Linux that Node supports. */
const MICROS_PER_TICK = 10_000;

/**
 * Runs `load` until it ends, and counts the rows that it added to the database. Operations that failed, or were
 * answered without a commit, do not count.
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

/** Runs this many `callers` for `forMs`; each calls again when it has its answer. An error ends the run. */
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

/** CPU of the postmaster, of its processes, and of its processes that have exited. */
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
  // The process name, in parentheses, may contain anything. Fields 14 and 15 are user and system time; the next two
  // are those of exited children.
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
