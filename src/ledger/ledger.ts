/** The ledger's interface for the use cases, and the interface to which it reports committed changes. */

import type { Change } from '../kernel/journal.ts';
import type { Command } from './command.ts';
import type { Outcome } from './outcome.ts';

/**
 * Posts commands. Every promise settles after the commit or the refusal. It rejects with Overloaded when the queue is full,
 * the wait would be too long, or the database did not confirm the commit in time.
 */
export interface Ledger {
  /** The number of unanswered commands. Background work pauses while it is above 0. */
  readonly depth: number;
  post(command: Command): Promise<Outcome>;
  /** Posts all commands or none. Returns outcomes in input order, or rejects with BatchRefused and the first refusal. */
  postAtomic(commands: readonly Command[]): Promise<readonly Outcome[]>;
  /** Decides each command by itself, all in one transaction. Returns one outcome for each, in input order. */
  postEach(commands: readonly Command[]): Promise<readonly Outcome[]>;
}

/** Receives committed changes. No method may throw or block: they run between two batches. */
export interface ChangeSink {
  publish(changes: readonly Change[]): void;
  /** The outcome of a commit is unknown (ADR-0005): the hub should read the journal of these accounts. */
  wake(accounts: readonly { readonly tenantId: string; readonly id: string }[]): void;
  /** A commit changed purchases. Also called when the outcome of the commit is unknown. */
  purchases(): void;
  /** A commit changed what customers may use (R48). Also called when its outcome is unknown. */
  customers?(): void;
  /** A commit changed customer payments (R54). Also called when its outcome is unknown. */
  customerPayments?(): void;
}
