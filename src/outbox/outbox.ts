/** The interface of the outbox for other layers: messages that are sent after the commit that wrote them. */

import type { Transaction } from '../db/sql.ts';

/** A message that a use case wants to send. */
interface NewMessage {
  readonly tenantId: string;
  /** The name of the channel that delivers it, as passed to the outbox's `start`. */
  readonly channel: string;
  /** Its destination, such as a mail server or an endpoint. A slow target does not delay other targets. */
  readonly target: string;
  /** Messages of one lane are delivered one after another, in the order of their commits. Up to 200 characters, none of them secret. */
  readonly lane: string;
  /** Sealed in the database, and erased when the message is delivered or dead. */
  readonly body: string;
  /** After this time an undelivered message is dead. Milliseconds; null: only the number of attempts limits it. */
  readonly expiresInMs: number | null;
}

/** A message that is being delivered. */
export interface Message {
  readonly tenantId: string;
  readonly id: string;
  readonly channel: string;
  readonly body: string;
  /** Counts from 1. */
  readonly attempt: number;
}

/**
 * The outcome of an attempt. failed: it is retried later, until the channel's delays are used up. dead: it is not retried. `why` is a
 * short reason for the owner and the log, without personal data: a code rather than a server's text.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string };

/** How messages of one kind are delivered. */
export interface Channel {
  /** May be called again for the same message, after a crash or a failure. An exception counts as a failure. */
  deliver(message: Message, signal: AbortSignal): Promise<Outcome>;
  /** Called in the transaction in which a message dies, to notify its owner. `body` is null if it could not be decrypted. */
  died(tx: Transaction, message: Omit<Message, 'body'> & { readonly body: string | null }, why: string): Promise<void>;
  /** Pauses before the second and each further attempt; after the last one a message is dead. */
  readonly retryDelaysMs: readonly number[];
  /** An attempt that takes longer has failed: `signal` is aborted. */
  readonly attemptTimeoutMs: number;
}

/** Use cases write messages to it, in their own transactions. */
export interface Outbox {
  /**
   * Writes a message in `tx`. It is sent only if `tx` commits. Locks the message's lane until then, so a transaction that writes to
   * several lanes must write in the order of the lanes.
   */
  write(tx: Transaction, message: NewMessage): Promise<void>;
  /** Call this after the commit, so that the message does not wait for the next check. */
  wake(): void;
}

/** The state of one channel. */
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
  /** `read` is called when the metrics are requested. */
  outboxState(read: () => ReadonlyMap<string, OutboxState>): void;
}
