/** Runs all cells of a suite round after round. */

import { type Loaded, measure, ownCpuMicros, type Sample } from './measure.ts';

/** One line of a table. */
export interface Cell {
  readonly name: string;
  /** Counts the rows that its operations leave in the database; if null, answers are counted. */
  readonly rows: (() => Promise<number>) | null;
  open(): Promise<OpenCell>;
}

export interface OpenCell {
  /** Runs the load for about this long, and ends when all its requests are answered. */
  load(forMs: number): Promise<Loaded>;
  /** CPU time of the serving process so far, in microseconds; if absent, this process serves. */
  readonly cpuMicros?: () => Promise<number>;
  close(): Promise<void>;
}

export interface RoundOptions {
  readonly postmasterPid: number;
  readonly rounds: number;
  /** Runs before every window, so that connections are open and statements are planned. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Samples by cell name, one for each round. */
export type Results = ReadonlyMap<string, readonly Sample[]>;

/**
 * Runs every cell once in each round, so that noise of the machine meets all cells alike. Each round begins with
 * another cell, so that no cell always follows the same one.
 */
export async function runRounds(cells: readonly Cell[], options: RoundOptions): Promise<Results> {
  const { rounds } = options;
  const results = new Map<string, Sample[]>(cells.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    const first = Math.floor(((round - 1) * cells.length) / rounds);
    for (const cell of [...cells.slice(first), ...cells.slice(0, first)]) {
      const sample = await runOnce(cell, options);
      results.get(cell.name)?.push(sample);
      process.stderr.write(`Round ${round} of ${rounds}: ${cell.name}: ${Math.round(sample.perSecond)}/s\n`);
    }
  }
  return results;
}

/** Opens the cell only while it runs: all cells together need more connections than Postgres allows. */
export async function runOnce(cell: Cell, { postmasterPid, warmUpMs, measureMs }: Omit<RoundOptions, 'rounds'>): Promise<Sample> {
  const open = await cell.open();
  try {
    if (warmUpMs > 0) await open.load(warmUpMs);
    const watched = { rows: cell.rows, cpuMicros: open.cpuMicros ?? ownCpuMicros, postmasterPid };
    return await measure(watched, () => open.load(measureMs));
  } catch (error) {
    throw new Error(`${cell.name} failed`, { cause: error });
  } finally {
    await open.close();
  }
}
