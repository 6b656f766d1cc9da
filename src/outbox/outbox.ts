/** What the other layers know of the outbox: messages that leave the house after the commit that asked for them. */

import type { Transaction } from '../db/sql.ts';

/** What a use case wants sent. */
interface NewMessage {
  readonly tenantId: string;
  /** Who delivers it: the name of a channel that the outbox was given. */
  readonly channel: string;
  /** Where it goes, as a mail server or an endpoint: one that is slow takes the turns of no other. */
  readonly target: string;
  /** Messages of one lane are delivered one after another, in the order of their commits. Up to 200 characters, none of them secret. */
  readonly lane: string;
  /** Sealed in the database, and erased when the message is delivered or dead. */
  readonly body: string;
  /** After this long it is dead rather than late. Milliseconds; null: only attempts bound it. */
  readonly expiresInMs: number | null;
}

/** A message on its way. */
export interface Message {
  readonly tenantId: string;
  readonly id: string;
  readonly channel: string;
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
}

/**
 * What became of an attempt. failed: tried again later, until the channel's delays are used up. dead: not tried again. `why` is a
 * word for the owner and the log, without personal data: a code rather than what a server said.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string };

/** How messages of one kind are delivered. */
export interface Channel {
  /** May be called for the same message again, after a crash or a failure. What it throws is a failure. */
  deliver(message: Message, signal: AbortSignal): Promise<Outcome>;
  /** In the transaction in which a message dies: tells whose it is. It may be called without `body`, which could not be opened. */
  died(tx: Transaction, message: Omit<Message, 'body'> & { readonly body: string | null }, why: string): Promise<void>;
  /** Pauses before the second and each further attempt; after the last one a message is dead. */
  readonly retryDelaysMs: readonly number[];
  /** An attempt that takes longer has failed: `signal` is aborted. */
  readonly attemptTimeoutMs: number;
}

/** Written to by use cases, in their own transactions. */
export interface Outbox {
  /**
   * Writes a message in `tx`: it is sent if that commits, and not if it does not. Locks the message's lane until then, so whoever
   * writes to several lanes in one transaction does so in their order.
   */
  write(tx: Transaction, message: NewMessage): Promise<void>;
  /** After the commit: what was written need not wait for the next look. */
  wake(): void;
}

/** How the outbox is, by channel. */
export interface OutboxState {
  readonly waiting: number;
  /** Seconds since the oldest message that waits was written. */
  readonly oldestSeconds: number;
}

export interface OutboxObserver {
  outboxDelivered(channel: string): void;
  /** An attempt failed, and there will be another. */
  outboxFailed(channel: string): void;
  outboxDied(channel: string): void;
  /** Read when the metrics are asked for. */
  outboxState(read: () => ReadonlyMap<string, OutboxState>): void;
}
