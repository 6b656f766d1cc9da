/** One subscription's end of the feed: lets its stream wait, and ends it. */
export class Reader {
  readonly #controller = new AbortController();
  #resume: (() => void) | null = null;

  /** Aborted when the subscription ends, so that no read or wait outlives it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get closed(): boolean {
    return this.#controller.signal.aborted;
  }

  close(): void {
    this.#controller.abort();
    this.wake();
  }

  /** Resolves `wait`, because there is something to do. */
  wake(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  /** Resolves at the next `wake`. The caller must have checked for work before, in the same tick. */
  wait(): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }
}

/**
 * An iterator whose `return()` ends a waiting `next()`. The `return()` of an async generator would wait behind it, for an
 * event that may never come.
 */
export function iterate<T>(reader: Reader, events: AsyncGenerator<T, void>): AsyncIterableIterator<T> {
  return {
    next: () => events.next(),
    return: () => {
      reader.close();
      return events.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
