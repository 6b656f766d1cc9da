import { type Loaded, measure, ownCpuMicros, type Sample } from './measure.ts';

/** One line of a table. */
export interface Cell {
  readonly name: string;
  /** Counts what its operations leave in the database; null: answers count. */
  readonly rows: (() => Promise<number>) | null;
  open(): Promise<OpenCell>;
}

export interface OpenCell {
  /** Loads for about so long, and ends when all it asked for is answered. */
  load(forMs: number): Promise<Loaded>;
  /** CPU of the serving process so far, in microseconds; absent: it is this one. */
  readonly cpuMicros?: () => Promise<number>;
  close(): Promise<void>;
}

export interface RoundOptions {
  readonly postmasterPid: number;
  readonly rounds: number;
  /** Before every window: connections open, statements are planned. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Samples by the cell's name, one a round. */
export type Results = ReadonlyMap<string, readonly Sample[]>;

/** Every cell once a round, one after another: noise of the machine meets them alike. Each round begins elsewhere, so that none always follows the same. */
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

/** Opened for its turn only: the connections of all cells together are more than Postgres has. */
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
