/** The waiting commands, and the choice of the next batch among them. */

import type { Submission } from './submission.ts';

/** Fewer commands than this are not divided among idle connections: two small batches cost more than one. */
export const SMALLEST_SHARE = 32;
/** The most submissions that are skipped while a batch is gathered. The submissions behind them wait for the next batch. */
const MAX_SKIPPED = 1024;

/** Commands that wait for a batch. */
export interface Line {
  readonly length: number;
  push(submission: Submission): void;
  /**
   * Takes the next batch for one of `idle` connections: up to `mostCommands` (a larger submission is posted alone), or none if there are
   * fewer than `leastCommands`. A submission for which `park` returns true leaves the line. The batch's rows are busy until `free`.
   */
  take(mostCommands: number, idle: number, park: (submission: Submission) => boolean, leastCommands?: number): Submission[];
  /** Frees the rows of a batch that has ended. */
  free(batch: readonly Submission[]): void;
}

/**
 * The waiting commands, in order of arrival. Two running batches never need the same row: in Postgres the second would only wait
 * for the first, and occupy a connection meanwhile. A command that needs a row of a running batch is skipped this time and keeps
 * its place in the line: no later command that needs one of its rows is taken before it.
 */
export class Waiting implements Line {
  #submissions: Submission[] = [];
  #commands = 0;
  /** The rows of the running batches. */
  readonly #busy = new Set<string>();

  get length(): number {
    return this.#submissions.length;
  }

  push(submission: Submission): void {
    this.#submissions.push(submission);
    this.#commands += submission.commands.length;
  }

  take(mostCommands: number, idle: number, park: (submission: Submission) => boolean, leastCommands = 0): Submission[] {
    if (this.#commands < leastCommands) return [];
    const most = Math.min(mostCommands, Math.max(SMALLEST_SHARE, Math.ceil(this.#submissions.length / idle)));
    const batch: Submission[] = [];
    const skipped: Submission[] = [];
    /** The submissions that stay in the line if no batch is taken. */
    const kept: Submission[] = [];
    const reserved = new Set<string>();
    let commands = 0;
    let seen = 0;
    for (const submission of this.#submissions) {
      const isFull = batch.length > 0 && (submission.alone || batch[0]?.alone || commands + submission.commands.length > most);
      if (isFull || skipped.length >= MAX_SKIPPED) break;
      seen += 1;
      if (submission.state === 'answered' || park(submission)) {
        this.#commands -= submission.commands.length;
        continue;
      }
      kept.push(submission);
      if (submission.rows.some((row) => this.#busy.has(row) || reserved.has(row))) {
        for (const row of submission.rows) reserved.add(row);
        skipped.push(submission);
      } else {
        batch.push(submission);
        commands += submission.commands.length;
      }
    }
    if (commands < leastCommands) {
      this.#submissions.splice(0, seen, ...kept);
      return [];
    }
    this.#submissions.splice(0, seen, ...skipped);
    this.#commands -= commands;
    for (const submission of batch) for (const row of submission.rows) this.#busy.add(row);
    return batch;
  }

  free(batch: readonly Submission[]): void {
    for (const submission of batch) for (const row of submission.rows) this.#busy.delete(row);
  }
}
