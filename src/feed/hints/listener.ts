/** Listens for the hints of other processes, and notices when one may have been lost. */

import type { Sql } from '../../db/sql.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { decodeNotification, type Message } from './message.ts';
import { CHANNEL } from './notifier.ts';

interface ListenerOptions {
  /** Opens a client. The client makes its own connection for listening, and restores it when it is lost. */
  readonly open: () => Sql;
  readonly process: string;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** A message of another process. */
  onMessage(message: Message): void;
  /** Messages of the last `ageMs` milliseconds may have been missed. */
  onLost(ageMs: number): void;
}

interface Peer {
  number: number;
  /** On the monotonic clock. */
  heardMs: number;
}

/**
 * Receives the messages of other processes, and notices when it may have missed one. The signs are a gap in a process's
 * numbers, a process that is silent without a goodbye, and a lost connection. It also receives its own process's messages,
 * but only as a sign that the connection works. A connection that looks alive but brings nothing is replaced.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #peers = new Map<string, Peer>();
  #sql: Sql;
  /** Whether LISTEN was confirmed before: the next confirmation is a reconnect. */
  #listened = false;
  #openedMs = monotonicMs();
  /** When this process last received its own message: up to then it has received all messages. */
  #heardMs = monotonicMs();
  #checkedMs = monotonicMs();
  #isSkipped = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#sql = options.open();
  }

  /** Resolves when it receives messages. */
  async start(): Promise<void> {
    await this.#listen(this.#sql);
  }

  async stop(): Promise<void> {
    await this.#sql.end({ timeout: 0 });
  }

  get hasPeers(): boolean {
    return this.#peers.size > 0;
  }

  /** Call this on every heartbeat. `sentMs` is when the database last accepted a notification of this process. */
  check(sentMs: number): void {
    const { silenceMs } = this.#options.limits;
    const nowMs = monotonicMs();
    // After a pause of this process its timers fire before it reads what others have sent: the next check knows more.
    this.#isSkipped = !this.#isSkipped && nowMs - this.#checkedMs > silenceMs / 2;
    this.#checkedMs = nowMs;
    if (this.#isSkipped) return;
    for (const [process, peer] of this.#peers) {
      if (nowMs - peer.heardMs <= silenceMs) continue;
      this.#peers.delete(process);
      this.#options.onLost(nowMs - Math.min(peer.heardMs, this.#heardMs));
    }
    if (sentMs - this.#heardMs > silenceMs && nowMs - this.#openedMs > silenceMs) this.#reopen();
  }

  async #listen(sql: Sql): Promise<void> {
    await sql.listen(
      CHANNEL,
      (payload) => {
        if (sql === this.#sql) this.#onNotification(payload);
      },
      () => {
        if (sql === this.#sql) this.#onListening();
      },
    );
  }

  #onListening(): void {
    const nowMs = monotonicMs();
    if (this.#listened) this.#options.onLost(nowMs - this.#heardMs);
    this.#listened = true;
    this.#openedMs = nowMs;
  }

  #onNotification(payload: string): void {
    const notification = decodeNotification(payload);
    if (!notification) return;
    const nowMs = monotonicMs();
    const { process, number } = notification;
    if (process === this.#options.process) {
      this.#heardMs = nowMs;
      return;
    }
    this.#options.observe.hintReceived(1);
    const message = notification.read();
    const peer = this.#peers.get(process);
    if (message.kind === 'goodbye') this.#peers.delete(process);
    else this.#peers.set(process, { number, heardMs: nowMs });
    if (peer && number !== peer.number + 1) this.#options.onLost(nowMs - Math.min(peer.heardMs, this.#heardMs));
    this.#options.onMessage(message);
  }

  #reopen(): void {
    this.#options.log.warn('the listening connection receives nothing; opening another');
    const old = this.#sql;
    this.#sql = this.#options.open();
    this.#openedMs = monotonicMs();
    old.end({ timeout: 0 }).catch(() => {});
    // A failure here is not final: the client retries by itself.
    this.#listen(this.#sql).catch((error: unknown) => this.#options.log.debug({ err: error }, 'listening failed; trying again'));
  }
}
