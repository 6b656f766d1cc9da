/** What the use cases may ask of the ledger, and where it reports committed changes. */

import type { Change } from '../kernel/journal.ts';
import type { Command } from './command.ts';
import type { Outcome } from './outcome.ts';

/**
 * The interface of the ledger. Every promise settles after the commit (or refusal); rejects with
 * Overloaded when the queue is full, the wait too long, or the database did not confirm in time.
 */
export interface Ledger {
  /** Commands not yet answered: what nobody waits for rests while there are some. */
  readonly depth: number;
  post(command: Command): Promise<Outcome>;
  /** All or none: outcomes in input order, or BatchRefused with the first refusal. */
  postAtomic(commands: readonly Command[]): Promise<readonly Outcome[]>;
  /** One outcome each, in input order, decided and committed as one item. */
  postEach(commands: readonly Command[]): Promise<readonly Outcome[]>;
}

/** Where committed changes go. No call may throw or block: they run between two batches. */
export interface ChangeSink {
  publish(changes: readonly Change[]): void;
  /** The outcome of a commit is unknown (ADR-0005): the hub should read the journal of these accounts. */
  wake(accounts: readonly { readonly tenantId: string; readonly id: string }[]): void;
  /** A commit, whose outcome may be unknown, changed purchases. */
  purchases(): void;
  /** The same of what customers may use (R48). */
  customers?(): void;
  /** The same of what customers pay (R54). */
  customerPayments?(): void;
}
