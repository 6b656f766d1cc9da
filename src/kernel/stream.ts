/** Streams of events that are taken synchronously, without a promise for each. */

/** The reader of a stream. */
export interface StreamReader {
  /** Called when there may be something to take, or the stream may be over; also in vain, and more than once. */
  ready(): void;
}

/**
 * Events that are taken as they come, without a promise for each: delivery to thousands of sockets is made of little else.
 * It begins at the first `take` or `next`, and is an async iterator too, whose `return()` ends a `next()` that waits.
 * An event is never undefined.
 */
export abstract class Stream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Called when there is something again after `take` had nothing. */
  reader: StreamReader | null = null;

  /** Whether it has ended; what it ended with was thrown by `take`. */
  abstract readonly isOver: boolean;
  /** The next event; undefined: none is at hand, or the stream is over. Throws once what ends the stream. */
  abstract take(): T | undefined;
  /** Ends the stream, from either side; its reader is called. */
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

/** Any iterator as a stream: its next event is asked for when the one before has been taken. */
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
    // It is closed whether or not it takes notice.
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
