import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../src/kernel/errors.ts';

/** The pause before a check that could not be made is tried again; it doubles up to the maximum. */
const RECHECK_PAUSE_MS = 100;
const MAX_RECHECK_PAUSE_MS = 5_000;

/** What a subscription's rights hang on. */
export interface Rights<Event> {
  /**
   * Asks the database whether the viewer may go on, and answers where the events come from now. Refuses by throwing.
   * The same answer as before keeps the source that is open.
   */
  check(): Promise<{ readonly key: string; open(): AsyncIterator<Event> }>;
  /** Calls back whenever a right may have changed. Returns the unsubscriber. */
  onDoubt(recheck: () => void): () => void;
  /** Settles only by rejecting: with the refusal that ends the subscription. Aborted when it is over. */
  watch(over: AbortSignal): Promise<void>;
}

/**
 * A stream of events that ends with a refusal as soon as its viewer loses the right to it. Doubts are looked into while
 * events go on; a database that cannot be asked is asked again, because a restart must not end what it did not change.
 */
export async function watched<Event>(rights: Rights<Event>): Promise<AsyncIterableIterator<Event>> {
  const stream = new WatchedStream(rights);
  await stream.begin();
  return stream;
}

class WatchedStream<Event> implements AsyncIterableIterator<Event> {
  readonly #rights: Rights<Event>;
  readonly #over = new AbortController();
  #source: Source<Event> | null = null;
  #key = '';
  #failure: { readonly reason: unknown } | null = null;
  #refuseWaiting: ((reason: unknown) => void) | null = null;
  #checking = false;
  #doubted = false;

  constructor(rights: Rights<Event>) {
    this.#rights = rights;
  }

  async begin(): Promise<void> {
    // Before the first check: what changes during it is looked into after it.
    const unsubscribe = this.#rights.onDoubt(() => void this.#recheck());
    this.#over.signal.addEventListener('abort', unsubscribe, { once: true });
    this.#checking = true;
    try {
      await this.#check();
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#checking = false;
    if (this.#doubted) void this.#recheck();
    this.#rights.watch(this.#over.signal).catch((reason: unknown) => this.#fail(reason));
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    if (this.#failure !== null) {
      const { reason } = this.#failure;
      this.#failure = null;
      return Promise.reject(reason);
    }
    if (this.#over.signal.aborted) return Promise.resolve({ done: true, value: undefined });
    // Not Promise.race with a promise that outlives the event: each race would stay in its memory.
    return new Promise((resolve, reject) => {
      this.#refuseWaiting = (reason) => {
        this.#failure = null;
        reject(reason);
      };
      this.#pull().then(
        (step) => {
          this.#refuseWaiting = null;
          resolve(step);
        },
        (error: unknown) => {
          this.#refuseWaiting = null;
          this.#end();
          reject(error);
        },
      );
    });
  }

  return(): Promise<IteratorResult<Event, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #pull(): Promise<IteratorResult<Event, undefined>> {
    for (;;) {
      const source = this.#source;
      const step = (await source?.next()) ?? { done: true as const, value: undefined };
      // A source that was replaced ends; its successor goes on.
      if (!step.done) return step;
      if (source === this.#source) {
        this.#end();
        return { done: true, value: undefined };
      }
    }
  }

  async #check(): Promise<void> {
    const { key, open } = await this.#rights.check();
    if (this.#over.signal.aborted || key === this.#key) return;
    const replaced = this.#source;
    this.#source = new Source(open());
    this.#key = key;
    replaced?.close();
  }

  async #recheck(): Promise<void> {
    this.#doubted = true;
    if (this.#checking) return;
    this.#checking = true;
    let pauseMs = RECHECK_PAUSE_MS;
    while (this.#doubted && !this.#over.signal.aborted) {
      this.#doubted = false;
      try {
        await this.#check();
      } catch (error) {
        if (error instanceof Refusal) return this.#fail(error);
        this.#doubted = true;
        await delay(pauseMs, undefined, { ref: false });
        pauseMs = Math.min(2 * pauseMs, MAX_RECHECK_PAUSE_MS);
      }
    }
    this.#checking = false;
  }

  #fail(reason: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#failure = { reason };
    this.#end();
    this.#refuseWaiting?.(reason);
  }

  #end(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#source?.close();
  }
}

/** Asks for its first event at once: a source listens from its first question on, and what happens from now on must be heard. */
class Source<Event> {
  readonly #events: AsyncIterator<Event>;
  #first: Promise<IteratorResult<Event, undefined>> | null;

  constructor(events: AsyncIterator<Event>) {
    this.#events = events;
    this.#first = events.next();
    // Whoever asks for it hears of its failure.
    this.#first.catch(() => {});
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    const first = this.#first ?? this.#events.next();
    this.#first = null;
    return first;
  }

  close(): void {
    this.#events.return?.().catch(() => {});
  }
}
