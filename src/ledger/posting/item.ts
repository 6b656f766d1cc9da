/** One caller's commands and their deadline while they wait to be posted. */

import type { Command, Outcome } from '../command.ts';

/** What one caller handed in: never split, answered whole. */
export interface Item {
  readonly commands: readonly Command[];
  /** Everything its commands may have to wait for, by name. */
  readonly rows: readonly string[];
  /** All or none. */
  readonly atomic: boolean;
  /** No batch holds it and another. */
  readonly alone: boolean;
  /** Monotonic milliseconds: when it is given up. */
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
}
