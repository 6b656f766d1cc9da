import type { Sql } from '../src/db/sql.ts';
import { measure, type Sample } from './measure.ts';

/** One line of the table. */
export interface Cell {
  readonly name: string;
  open(): Promise<OpenCell>;
}

interface OpenCell {
  /** Loads for about so long, and ends when all it asked for is answered. */
  load(forMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface RoundOptions {
  readonly sql: Sql;
  readonly postmasterPid: number;
  readonly rounds: number;
  /** Before every window: connections open, statements are planned. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Samples by the cell's name, one a round. */
export type Results = ReadonlyMap<string, readonly Sample[]>;

/** Every cell once a round, one after another: noise of the machine meets them alike. */
export async function runRounds(cells: readonly Cell[], options: RoundOptions): Promise<Results> {
  const { sql, postmasterPid, rounds, warmUpMs, measureMs } = options;
  const results = new Map<string, Sample[]>(cells.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`Round ${round} of ${rounds}.\n`);
    for (const cell of cells) {
      // Opened for its turn only: the connections of all cells together are more than Postgres has.
      const open = await cell.open();
      try {
        await open.load(warmUpMs);
        results.get(cell.name)?.push(await measure(sql, postmasterPid, () => open.load(measureMs)));
      } finally {
        await open.close();
      }
    }
  }
  return results;
}
