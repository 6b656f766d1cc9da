/** Ends a subscription's stream as soon as its viewer loses the right to it. */

import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../../src/kernel/errors.ts';
import { Stream, streamOf } from '../../src/kernel/stream.ts';

/** The pause before a failed check is tried again. It doubles up to the maximum. */
const RECHECK_PAUSE_MS = 100;
const MAX_RECHECK_PAUSE_MS = 5_000;

/** Checks the rights of one subscription. */
export interface Rights<Event> {
  /**
   * Checks in the database whether the viewer may go on, and returns the present source of events. Throws a refusal if not.
   * If `key` is the same as before, the open source is kept.
   */
  check(): Promise<{ readonly key: string; open(): AsyncIterator<Event> }>;
  /** Calls `recheck` whenever a right may have changed. Returns the function that unsubscribes. */
  onPossibleChange(recheck: () => void): () => void;
  /** Rejects with the refusal that ends the subscription. Unsubscribing from `onPossibleChange` stops the waiting. */
  watch(): Promise<void>;
}

/**
 * A stream of events that ends with a refusal as soon as its viewer loses the right to it. Events continue while rights are
 * checked again. If the database cannot be reached, the check is retried, because a restart must not end subscriptions.
 */
export async function watched<Event>(rights: Rights<Event>): Promise<Stream<Event>> {
  const stream = new WatchedStream(rights);
  await stream.begin();
  return stream;
}

class WatchedStream<Event> extends Stream<Event> {
  readonly #rights: Rights<Event>;
  #unsubscribe: (() => void) | null = null;
  #source: Stream<Event> | null = null;
  /** The event that a new source had at once. */
  #first: Event | undefined;
  #key = '';
  #failure: { readonly reason: unknown } | null = null;
  #isOver = false;
  #isChecking = false;
  #isRecheckDue = false;

  constructor(rights: Rights<Event>) {
    super();
    this.#rights = rights;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async begin(): Promise<void> {
    // Subscribed before the first check: a change during that check causes another check after it.
    this.#unsubscribe = this.#rights.onPossibleChange(() => void this.#recheck());
    this.#isChecking = true;
    try {
      await this.#check();
    } catch (error) {
      this.close();
      throw error;
    }
    this.#isChecking = false;
    if (this.#isRecheckDue) void this.#recheck();
    this.#rights.watch().catch((reason: unknown) => this.#fail(reason));
  }

  take(): Event | undefined {
    if (this.#failure !== null) {
      const { reason } = this.#failure;
      this.#failure = null;
      throw reason;
    }
    if (this.#isOver || this.#source === null) return undefined;
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) return first;
    return this.#takeFrom(this.#source);
  }

  /** Called by the source when it has more events. */
  ready(): void {
    this.reader?.ready();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#first = undefined;
    this.#unsubscribe?.();
    this.#source?.close();
    this.reader?.ready();
  }

  #takeFrom(source: Stream<Event>): Event | undefined {
    try {
      const event = source.take();
      if (event === undefined && source.isOver) this.close();
      return event;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #check(): Promise<void> {
    const { key, open } = await this.#rights.check();
    if (this.#isOver || key === this.#key) return;
    const replaced = this.#source;
    const source = streamOf(open());
    source.reader = this;
    this.#source = source;
    this.#key = key;
    // Taken at once, because a source listens only from the first `take` on, and no later event may be missed.
    this.#first = source.take();
    replaced?.close();
    this.reader?.ready();
  }

  async #recheck(): Promise<void> {
    this.#isRecheckDue = true;
    if (this.#isChecking) return;
    this.#isChecking = true;
    let pauseMs = RECHECK_PAUSE_MS;
    while (this.#isRecheckDue && !this.#isOver) {
      this.#isRecheckDue = false;
      try {
        await this.#check();
      } catch (error) {
        if (error instanceof Refusal) return this.#fail(error);
        this.#isRecheckDue = true;
        await delay(pauseMs, undefined, { ref: false });
        pauseMs = Math.min(2 * pauseMs, MAX_RECHECK_PAUSE_MS);
      }
    }
    this.#isChecking = false;
  }

  #fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#failure = { reason };
    this.close();
  }
}
