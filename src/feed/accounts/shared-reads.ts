/** Shares journal reads among subscribers that need the same page at the same moment. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { BalanceEvent } from '../feed.ts';
import type { AccountKey } from '../hints/message.ts';
import type { Journal, Position } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';

/** The changes of one account from `above` + 1 on, without gaps. */
export interface Page {
  readonly above: number;
  readonly events: readonly BalanceEvent[];
}

interface SharedReadsOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

interface Waiting<T> {
  readonly account: AccountKey;
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingPage extends Waiting<Page> {
  readonly above: number;
  /** How many changes the subscriber knows to exist. */
  readonly length: number;
}

interface KeptPage extends Page {
  readonly readMs: number;
}

/** How long a page may be reused for other subscribers: fields that no change records have the values of that time. */
const PAGE_KEPT_MS = 1_000;

/**
 * Reads that subscribers share. Thousands of subscribers that begin at once (a storm of reconnects) cause one query.
 * Subscribers that are equally far behind get the same page, and so share its events and their results. Every request is
 * answered by a query that began after it.
 */
export class SharedReads {
  readonly #options: SharedReadsOptions;
  #waitingPresents: Waiting<BalanceEvent | null>[] = [];
  #waitingPages: WaitingPage[] = [];
  #isReadingPresents = false;
  #isReadingPages = false;
  /** Newest first. */
  #pages: KeptPage[] = [];

  constructor(options: SharedReadsOptions) {
    this.#options = options;
  }

  /** The present state, or null if there is no such account. */
  present(account: AccountKey): Promise<BalanceEvent | null> {
    return new Promise((resolve, reject) => {
      this.#waitingPresents.push({ account, resolve, reject });
      if (this.#isReadingPresents) return;
      this.#isReadingPresents = true;
      // Requests of the same turn of the event loop go into one query.
      setImmediate(() => void this.#readPresents());
    });
  }

  /** Changes above `last`. The caller knows that there are changes up to `head`. */
  page(account: AccountKey, last: number, head: number): Promise<Page> {
    const kept = this.#keptPage(account, last);
    if (kept) return Promise.resolve(kept);
    return new Promise((resolve, reject) => {
      const length = Math.min(head - last, this.#options.limits.pageLength);
      this.#waitingPages.push({ account, above: last, length, resolve, reject });
      if (this.#isReadingPages) return;
      this.#isReadingPages = true;
      setImmediate(() => void this.#readPages());
    });
  }

  async #readPresents(): Promise<void> {
    const { journal, limits, signal } = this.#options;
    while (this.#waitingPresents.length > 0) {
      const waiting = this.#waitingPresents.splice(0, limits.presentAccounts);
      const accounts = new Map(waiting.map(({ account }) => [keyOf(account), account]));
      try {
        const found = await untilRead(() => journal.presents([...accounts.values()]), limits, signal);
        const states = new Map(found.map((event) => [keyOf(event.account), event]));
        for (const { account, resolve } of waiting) resolve(states.get(keyOf(account)) ?? null);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
    }
    this.#isReadingPresents = false;
  }

  async #readPages(): Promise<void> {
    const { journal, limits, observe, signal } = this.#options;
    for (let waiting = this.#takeWaiting(); waiting.length > 0; waiting = this.#takeWaiting()) {
      const positions = new Map<string, Position>();
      for (const { account, above } of waiting) {
        const known = positions.get(keyOf(account));
        if (known === undefined || above < known.above) positions.set(keyOf(account), { ...account, above });
      }
      try {
        const events = await untilRead(() => journal.above([...positions.values()], limits.pageLength), limits, signal);
        observe.caughtUp();
        const pages = this.#keep(positions.values(), events);
        for (const { account, above, resolve } of waiting) resolve(pages.get(keyOf(account)) ?? { above, events: [] });
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
    }
    this.#isReadingPages = false;
  }

  /**
   * Takes one position for each account, the furthest behind, with all requests within a page of it, while the missing changes
   * fit in one query. The other requests are taken next time.
   */
  #takeWaiting(): WaitingPage[] {
    const { gapAccounts, pageLength, pageRows } = this.#options.limits;
    const first = new Map<string, WaitingPage>();
    for (const one of this.#waitingPages) {
      const known = first.get(keyOf(one.account));
      if (known === undefined || one.above < known.above) first.set(keyOf(one.account), one);
    }
    const chosen = new Map<string, number>();
    let rows = 0;
    for (const [key, { above, length }] of first) {
      if (chosen.size > 0 && (chosen.size === gapAccounts || rows + length > pageRows)) break;
      chosen.set(key, above);
      rows += length;
    }
    const isChosen = ({ account, above }: WaitingPage) => above < (chosen.get(keyOf(account)) ?? Number.NEGATIVE_INFINITY) + pageLength;
    const taken = this.#waitingPages.filter(isChosen);
    this.#waitingPages = this.#waitingPages.filter((one) => !isChosen(one));
    return taken;
  }

  /** Makes pages of the events, by account, and keeps them for others. */
  #keep(positions: Iterable<Position>, events: readonly BalanceEvent[]): Map<string, Page> {
    const readMs = monotonicMs();
    const pages = new Map<string, KeptPage & { events: BalanceEvent[] }>();
    for (const position of positions) pages.set(keyOf(position), { above: position.above, events: [], readMs });
    for (const event of events) pages.get(keyOf(event.account))?.events.push(event);
    this.#pages = [...pages.values(), ...this.#pages].slice(0, this.#options.limits.pagesKept);
    return pages;
  }

  #keptPage({ id, tenantId }: AccountKey, last: number): Page | undefined {
    const sinceMs = monotonicMs() - PAGE_KEPT_MS;
    return this.#pages.find(({ above, events, readMs }) => {
      const account = events[0]?.account;
      return account?.id === id && account.tenantId === tenantId && readMs > sinceMs && above <= last && last < above + events.length;
    });
  }
}

function keyOf({ id, tenantId }: AccountKey): string {
  return `${tenantId}/${id}`;
}
