/** Shares the event loop fairly among sockets that have something to send. */

import { monotonicMs } from '../../kernel/clock.ts';

/** Work that is done one share at a time. */
export interface Worker {
  /** Works until `untilMs` on the monotonic clock, or until its share is done; returns whether there is more. */
  work(untilMs: number): boolean;
}

/** The time in one turn of the event loop for workers that became ready, for those that did not finish their first share, and for newcomers. */
const FIRST_SHARES_MS = 5;
const LATER_SHARES_MS = 1;
const NEWCOMERS_MS = 1;

/**
 * Runs thousands of workers in turns of the event loop, each of bounded time. A burst must not block the loop. Workers with a long
 * backlog (a reader that had stalled), or with many newcomers at once (after a network failure), must not delay the others.
 */
export class FairScheduler {
  readonly #first = new Fifo();
  readonly #later = new Fifo();
  readonly #newcomers = new Fifo();
  #isScheduled = false;

  /** Queues a worker that has something to do. Do not add it again before its `work` is called. */
  add(worker: Worker): void {
    this.#first.push(worker);
    this.#schedule();
  }

  /** Queues a newcomer: a client's message. Newcomers are served in their order, each in one call. */
  addNewcomer(worker: Worker): void {
    this.#newcomers.push(worker);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    this.#serve(this.#first, monotonicMs() + FIRST_SHARES_MS);
    this.#serve(this.#later, monotonicMs() + LATER_SHARES_MS);
    this.#serve(this.#newcomers, monotonicMs() + NEWCOMERS_MS);
    if (!this.#first.isEmpty() || !this.#later.isEmpty() || !this.#newcomers.isEmpty()) this.#schedule();
  }

  #serve(workers: Fifo, untilMs: number): void {
    for (let worker = workers.shift(); worker !== undefined; worker = workers.shift()) {
      if (worker.work(untilMs)) this.#later.push(worker);
      if (monotonicMs() >= untilMs) return;
    }
  }
}

/** First in, first out, without moving the waiting workers. */
class Fifo {
  #incoming: Worker[] = [];
  #outgoing: Worker[] = [];
  #at = 0;

  push(worker: Worker): void {
    this.#incoming.push(worker);
  }

  shift(): Worker | undefined {
    if (this.#at === this.#outgoing.length) {
      this.#outgoing = this.#incoming;
      this.#incoming = [];
      this.#at = 0;
    }
    const worker = this.#outgoing[this.#at];
    if (worker !== undefined) this.#at += 1;
    return worker;
  }

  isEmpty(): boolean {
    return this.#at === this.#outgoing.length && this.#incoming.length === 0;
  }
}
