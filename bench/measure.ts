import { readFile } from 'node:fs/promises';
import type { Sql } from '../src/db/sql.ts';

/** What one measured window saw. CPU in microseconds a transfer; Postgres' is NaN where there is no /proc. */
export interface Sample {
  readonly perSecond: number;
  readonly nodeMicros: number;
  readonly postgresMicros: number;
}

/** Of the kernel's clock in /proc, on every Linux that Node supports. */
const MICROS_PER_TICK = 10_000;

/**
 * Runs `load`, which ends by itself, and counts the transfers that are in the database afterwards and were not before:
 * what failed, or was answered but not committed, does not count.
 */
export async function measure(sql: Sql, postmasterPid: number, load: () => Promise<void>): Promise<Sample> {
  const rowsBefore = await countTransfers(sql);
  const postgresBefore = await postgresMicros(postmasterPid);
  const nodeBefore = process.cpuUsage();
  const startedMs = performance.now();
  await load();
  const seconds = (performance.now() - startedMs) / 1000;
  const node = process.cpuUsage(nodeBefore);
  const postgres = (await postgresMicros(postmasterPid)) - postgresBefore;
  const rows = (await countTransfers(sql)) - rowsBefore;
  return { perSecond: rows / seconds, nodeMicros: (node.user + node.system) / rows, postgresMicros: postgres / rows };
}

/** `callers` that each ask again as soon as they are answered, for so long. An error ends the run. */
export async function callAgain(callers: number, forMs: number, call: () => Promise<void>): Promise<void> {
  const untilMs = performance.now() + forMs;
  const caller = async () => {
    while (performance.now() < untilMs) await call();
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function countTransfers(sql: Sql): Promise<number> {
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
