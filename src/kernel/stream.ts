/** Streams of events that are read synchronously, without a promise for each event. */

/** The reader of a stream. */
export interface StreamReader {
  /** Called when there may be an event to take, or the stream may have ended. It may be called more often than needed. */
  ready(): void;
}

/**
 * A stream of events without a promise for each: otherwise promises would be most of the work of delivery to thousands of sockets.
 * It starts at the first `take` or `next`. It is also an async iterator, whose `return()` ends a waiting `next()`.
 * An event is never undefined.
 */
export abstract class Stream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Called when there is an event again after `take` returned none. */
  reader: StreamReader | null = null;

  /** Whether the stream has ended. If it ended with an error, `take` has thrown that. */
  abstract readonly isOver: boolean;
  /** Returns the next event, or undefined if none is available or the stream has ended. Throws the error that ends the stream, once. */
  abstract take(): T | undefined;
  /** Ends the stream, from either side, and calls its reader. */
  abstract close(): void;

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const event = this.take();
      if (event !== undefined) return { done: false, value: event };
      if (this.isOver) return { done: true, value: undefined };
      await this.#something();
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #something(): Promise<void> {
    const waiting = this.reader instanceof Waiting ? this.reader : new Waiting(this);
    this.reader = waiting;
    return waiting.promise;
  }
}

class Waiting implements StreamReader {
  readonly promise: Promise<void>;
  readonly #stream: Stream<unknown>;
  #resolve: () => void = () => {};

  constructor(stream: Stream<unknown>) {
    this.#stream = stream;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  ready(): void {
    if (this.#stream.reader === this) this.#stream.reader = null;
    this.#resolve();
  }
}

/** Makes a stream of any async iterator. Requests the next event when the one before has been taken. */
export function streamOf<T>(events: AsyncIterator<T, unknown>): Stream<T> {
  return events instanceof Stream ? events : new Iterated(events);
}

class Iterated<T> extends Stream<T> {
  readonly #events: AsyncIterator<T, unknown>;
  #event: T | undefined;
  #failure: { readonly reason: unknown } | null = null;
  #isAsking = false;
  #isOver = false;

  constructor(events: AsyncIterator<T, unknown>) {
    super();
    this.#events = events;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): T | undefined {
    if (this.#failure !== null) {
      const { reason } = this.#failure;
      this.#failure = null;
      throw reason;
    }
    const event = this.#event;
    this.#event = undefined;
    if (event === undefined && !this.#isAsking && !this.#isOver) void this.#ask();
    return event;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#event = undefined;
    // The stream is closed even if the iterator fails to return.
    this.#events.return?.().catch(() => {});
    this.reader?.ready();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      const step = await this.#events.next();
      if (step.done) this.#isOver = true;
      else if (!this.#isOver) this.#event = step.value;
    } catch (reason) {
      if (!this.#isOver) this.#failure = { reason };
      this.#isOver = true;
    }
    this.#isAsking = false;
    this.reader?.ready();
  }
}
