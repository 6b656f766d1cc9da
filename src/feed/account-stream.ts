import { BadUserInput } from '../kernel/errors.ts';
import type { Journal } from './catch-up.ts';
import type { AccountKey } from './change.ts';
import type { BalanceEvent } from './feed.ts';
import type { Hub } from './hub.ts';
import type { FeedLimits, FeedObserver } from './limits.ts';
import { patiently } from './patience.ts';
import { Reader } from './reader.ts';

/**
 * What the hub delivered and the subscriber has not read yet, up to a bound: beyond it the queue is dropped, and the
 * subscriber goes back to the journal when it reads again. A subscriber that never does costs nothing more.
 */
export class AccountSubscriber extends Reader {
  readonly #length: number;
  #queue: BalanceEvent[] = [];
  #lagging = false;

  constructor(limits: FeedLimits) {
    super();
    this.#length = limits.queueLength;
  }

  get lagging(): boolean {
    return this.#lagging;
  }

  /** It reads the event when it is woken next. */
  hold(event: BalanceEvent): void {
    if (this.#lagging) return;
    if (this.#queue.length < this.#length) this.#queue.push(event);
    else this.lag();
  }

  take(): BalanceEvent | undefined {
    return this.#queue.shift();
  }

  /** From now on the journal is what counts: nothing is held until `follow`. */
  lag(): void {
    this.#queue = [];
    this.#lagging = true;
  }

  /** Holds what is delivered from now on. To be called before the journal is read, so that nothing falls between. */
  follow(): void {
    this.#queue = [];
    this.#lagging = false;
  }
}

export interface StreamOptions {
  readonly hub: Hub;
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/** Feed.balance: attached first, then read from the database, then live, each version once. */
export async function* accountStream(
  { hub, journal, limits, observe, signal }: StreamOptions,
  account: AccountKey,
  after: number | null,
  subscriber: AccountSubscriber,
): AsyncGenerator<BalanceEvent, void> {
  if (subscriber.closed || signal.aborted) return;
  const served = hub.attach(account, subscriber);
  try {
    const present = await patiently(() => journal.present(account), limits, subscriber.signal);
    if (!present) throw new BadUserInput('resellerId', 'names no account.');
    const { version } = present.account;
    if (after !== null && after > version) throw new BadUserInput('after', `must not be above the present version, ${version}.`);
    let last = after ?? version;
    // The hub delivers what is above its head; what is between is in the journal only.
    if (hub.settle(served, version) > last) subscriber.lag();
    if (after === null) {
      observe.delivered(1);
      yield present;
    }
    while (!subscriber.closed) {
      if (subscriber.lagging) {
        subscriber.follow();
        const page = await patiently(() => journal.above([{ ...account, above: last }], limits.pageLength), limits, subscriber.signal);
        observe.caughtUp();
        if (page.length === limits.pageLength) subscriber.lag();
        for (const event of page) {
          last = event.account.version;
          observe.delivered(1);
          yield event;
          if (subscriber.closed) return;
        }
        continue;
      }
      const event = subscriber.take();
      if (!event) await subscriber.wait();
      // The hub leaves no gap. If it ever did, the journal would still be asked rather than a version skipped.
      else if (event.account.version > last + 1) subscriber.lag();
      else if (event.account.version === last + 1) {
        last = event.account.version;
        observe.delivered(1);
        yield event;
      }
    }
  } catch (error) {
    // What is interrupted by the end of the subscription ends it quietly.
    if (!subscriber.closed) throw error;
  } finally {
    hub.detach(served, subscriber);
  }
}

/** Feed.locks: the present state, then what locks or unlocks: a change leads to 0, or away from it (R7). */
export async function* lockStream(events: AsyncIterable<BalanceEvent>): AsyncGenerator<BalanceEvent, void> {
  for await (const event of events) {
    const { balance } = event.account;
    if (event.transfer === null || balance === 0 || balance === event.delta) yield event;
  }
}
