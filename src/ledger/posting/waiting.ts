/** The waiting commands, and the choice of the next batch among them. */

import type { Item } from './item.ts';

/** Fewer commands than this are not divided among idle connections: two small batches cost more than one. */
export const SMALLEST_SHARE = 32;
/** The most items that are skipped while a batch is gathered. The items behind them wait for the next batch. */
const MAX_SKIPPED = 1024;

/** Commands that wait for a batch. */
export interface Line {
  readonly length: number;
  push(item: Item): void;
  /**
   * Takes the next batch for one of `idle` connections: up to `mostCommands` (a larger item is posted alone), or none if there are
   * fewer than `leastCommands`. An item for which `park` returns true leaves the line. The batch's rows are busy until `free`.
   */
  take(mostCommands: number, idle: number, park: (item: Item) => boolean, leastCommands?: number): Item[];
  /** Frees the rows of a batch that has ended. */
  free(batch: readonly Item[]): void;
}

/**
 * The waiting commands, in order of arrival. Two running batches never need the same row: in Postgres the second would only wait
 * for the first, and occupy a connection meanwhile. A command that needs a row of a running batch is skipped this time and keeps
 * its place in the line: no later command that needs one of its rows is taken before it.
 */
export class Waiting implements Line {
  #items: Item[] = [];
  #commands = 0;
  /** The rows of the running batches. */
  readonly #busy = new Set<string>();

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#commands += item.commands.length;
  }

  take(mostCommands: number, idle: number, park: (item: Item) => boolean, leastCommands = 0): Item[] {
    if (this.#commands < leastCommands) return [];
    const most = Math.min(mostCommands, Math.max(SMALLEST_SHARE, Math.ceil(this.#items.length / idle)));
    const batch: Item[] = [];
    const skipped: Item[] = [];
    /** The items that stay in the line if no batch is taken. */
    const kept: Item[] = [];
    const reserved = new Set<string>();
    let commands = 0;
    let seen = 0;
    for (const item of this.#items) {
      const isFull = batch.length > 0 && (item.alone || batch[0]?.alone || commands + item.commands.length > most);
      if (isFull || skipped.length >= MAX_SKIPPED) break;
      seen += 1;
      if (item.state === 'answered' || park(item)) {
        this.#commands -= item.commands.length;
        continue;
      }
      kept.push(item);
      if (item.rows.some((row) => this.#busy.has(row) || reserved.has(row))) {
        for (const row of item.rows) reserved.add(row);
        skipped.push(item);
      } else {
        batch.push(item);
        commands += item.commands.length;
      }
    }
    if (commands < leastCommands) {
      this.#items.splice(0, seen, ...kept);
      return [];
    }
    this.#items.splice(0, seen, ...skipped);
    this.#commands -= commands;
    for (const item of batch) for (const row of item.rows) this.#busy.add(row);
    return batch;
  }

  free(batch: readonly Item[]): void {
    for (const item of batch) for (const row of item.rows) this.#busy.delete(row);
  }
}
