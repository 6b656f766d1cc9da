/** Shares the event loop fairly among sockets that have something to send. */

import { monotonicMs } from '../../kernel/clock.ts';

/** Something to be done a share at a time. */
export interface Worker {
  /** Works until `untilMs` on the monotonic clock, or until its share is done; answers whether there is more. */
  work(untilMs: number): boolean;
}

/** How much of one turn of the event loop goes to those who became ready, to those who did not finish with their first share, and to newcomers. */
const FIRST_SHARES_MS = 5;
const LATER_SHARES_MS = 1;
const NEWCOMERS_MS = 1;

/**
 * Lets thousands work in turns of the event loop, each of bounded time: a burst must not keep the loop from everybody else, and
 * those who have much to catch up with (a reader that had stalled), or who all come at once (after a break of the network),
 * must not keep those waiting who have not.
 */
export class Turns {
  readonly #first = new Fifo();
  readonly #later = new Fifo();
  readonly #newcomers = new Fifo();
  #isScheduled = false;

  /** The worker has something to do. It is not to be added again before it is called. */
  add(worker: Worker): void {
    this.#first.push(worker);
    this.#schedule();
  }

  /** The same for what somebody new asks for. They are served in their order, each at once. */
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

/** First in, first out, without moving what waits. */
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
