/** One subscriber's ordered stream of an account's changes, and the stream of its lock. */

import { BadUserInput } from '../../kernel/errors.ts';
import { Stream } from '../../kernel/stream.ts';
import type { BalanceEvent } from '../feed.ts';
import type { AccountKey } from '../hints/message.ts';
import type { FeedObserver } from '../limits.ts';
import type { Hub, Served, Subscriber } from './hub.ts';
import type { Page, SharedReads } from './shared-reads.ts';

export interface StreamOptions {
  readonly hub: Hub;
  readonly reads: SharedReads;
  readonly observe: FeedObserver;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/**
 * Feed.balance: attaches first, then reads the database, then goes live, so that each version comes once. It holds no change,
 * only a version (ADR-0013): live changes are stored once, at their account. A subscriber that no longer finds them there reads
 * pages of the journal, which it shares with subscribers that are equally far behind.
 */
export class AccountStream extends Stream<BalanceEvent> implements Subscriber {
  readonly #options: StreamOptions;
  readonly #after: number | null;
  #account: AccountKey;
  #served: Served | null = null;
  #isReading = false;
  #isOver = false;
  #failure: unknown = null;
  /** The present state, until it is taken. */
  #first: BalanceEvent | null = null;
  #page: Page | null = null;
  /** Everything up to this version has been taken. */
  #last = 0;
  /** The head up to which the account counts it as complete; -1 if none. */
  #reached = -1;

  constructor(options: StreamOptions, account: AccountKey, after: number | null) {
    super();
    this.#options = options;
    this.#account = account;
    this.#after = after;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): BalanceEvent | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#isOver || this.#isReading) return undefined;
    if (this.#served === null) {
      void this.#begin();
      return undefined;
    }
    const event = this.#takeFirst() ?? this.#takeRead() ?? this.#takeLive(this.#served);
    if (event !== undefined) this.#options.observe.delivered(1);
    return event;
  }

  /** Called when the account has changed. */
  wake(): void {
    this.reader?.ready();
  }

  isAt(head: number | null): boolean {
    return this.#reached === head;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#first = null;
    this.#page = null;
    if (this.#served) this.#options.hub.detach(this.#served, this);
    this.reader?.ready();
  }

  async #begin(): Promise<void> {
    const { hub, reads, signal } = this.#options;
    if (signal.aborted) {
      this.close();
      return;
    }
    const served = hub.attach(this.#account, this);
    this.#served = served;
    this.#account = served;
    await this.#read(async () => {
      const present = await reads.present(this.#account);
      if (this.#isOver) return;
      if (!present) throw new BadUserInput('resellerId', 'names no account.');
      const { version } = present.account;
      const after = this.#after;
      if (after !== null && after > version) throw new BadUserInput('after', `must not be above the present version, ${version}.`);
      this.#last = after ?? version;
      if (after === null) this.#first = present;
      hub.settle(served, version);
    });
  }

  /** Runs a read. An error of the read ends the stream. */
  async #read(read: () => Promise<void>): Promise<void> {
    this.#isReading = true;
    try {
      await read();
    } catch (error) {
      if (!this.#isOver) this.#failure = error;
      this.close();
    }
    this.#isReading = false;
    this.reader?.ready();
  }

  #takeFirst(): BalanceEvent | undefined {
    const first = this.#first;
    if (first === null) return undefined;
    this.#first = null;
    return first;
  }

  #takeRead(): BalanceEvent | undefined {
    if (this.#page === null) return undefined;
    const event = this.#page.events[this.#last - this.#page.above];
    if (event === undefined) this.#page = null;
    else this.#last = event.account.version;
    return event;
  }

  #takeLive(served: Served): BalanceEvent | undefined {
    const { events, head } = served;
    if (head === null) return undefined;
    if (this.#last >= head) {
      if (this.#reached !== head) {
        this.#reached = head;
        this.#options.hub.reached(served);
      }
      return undefined;
    }
    const event = events[this.#last - (head - events.length)];
    if (event === undefined) {
      void this.#read(async () => {
        const page = await this.#options.reads.page(this.#account, this.#last, head);
        if (!this.#isOver) this.#page = page;
      });
      return undefined;
    }
    this.#last = event.account.version;
    return event;
  }
}

/** Feed.locks: the present state, then the changes that lock or unlock, which lead to 0 or away from it (R7). */
export class LockStream extends Stream<BalanceEvent> {
  readonly #changes: AccountStream;

  constructor(options: StreamOptions, account: AccountKey, after: number | null) {
    super();
    this.#changes = new AccountStream(options, account, after);
    this.#changes.reader = this;
  }

  get isOver(): boolean {
    return this.#changes.isOver;
  }

  take(): BalanceEvent | undefined {
    for (;;) {
      const event = this.#changes.take();
      if (event === undefined) return undefined;
      const { balance } = event.account;
      if (event.transfer === null || balance === 0 || balance === event.delta) return event;
    }
  }

  close(): void {
    this.#changes.close();
  }

  ready(): void {
    this.reader?.ready();
  }
}
