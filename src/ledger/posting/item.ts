/** One caller's commands and their deadline while they wait to be posted. */

import type { Command, Outcome } from '../command.ts';

/** One caller's commands: never split, answered together. */
export interface Item {
  readonly commands: readonly Command[];
  /** The names of all rows and locks that its commands may wait for. */
  readonly rows: readonly string[];
  /** All or none. */
  readonly atomic: boolean;
  /** It is posted in a batch of its own. */
  readonly alone: boolean;
  /** When it is given up, in monotonic milliseconds. */
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
}
