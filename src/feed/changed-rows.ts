/** Finds which rows of a table changed since the last look, by the transactions that changed them (ADR-0075). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../kernel/log.ts';
import type { ChangedPage, ChangedRow, Journal } from './journal.ts';
import type { FeedLimits, FeedObserver } from './limits.ts';
import { patiently } from './retry.ts';

export interface ChangedRowsOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/**
 * Looks for rows whose last change is of a transaction that was not over at the last look, or began later. A look is one
 * query by an index; without subscribers it only moves on. What is found again, while an older transaction goes on, is not
 * offered again.
 */
export abstract class ChangedRows<Event extends { readonly id: string }> {
  protected readonly options: ChangedRowsOptions;
  /** By node, every transaction below it has been looked at; null: no look yet. A database that is not distributed is one node. */
  #from: ReadonlyMap<string, number> | null = null;
  /** By row, the change that was offered, of those at or above `#from`. */
  readonly #offered = new Map<string, { readonly node: string; readonly xact: number }>();
  #isLooking = false;
  #isAsked = false;

  constructor(options: ChangedRowsOptions) {
    this.options = options;
  }

  /** Of the table, at most `length` rows that changed; 0: only how far it is settled. */
  protected abstract page(from: ReadonlyMap<string, number>, length: number): Promise<ChangedPage<Event>>;
  protected abstract get isWatched(): boolean;
  /** To whom it concerns. */
  protected abstract offer(event: Event): void;

  /** Resolves when what changes from now on will be found. */
  async start(): Promise<void> {
    const { limits, signal } = this.options;
    const { settledBelow } = await patiently(() => this.page(new Map(), 0), limits, signal);
    this.#from = settledBelow;
  }

  /** Something may have changed. To be called at every beat, too. */
  look(): void {
    this.#isAsked = true;
    if (!this.#isLooking && this.#from !== null) void this.#look();
  }

  async #look(): Promise<void> {
    const { limits, log, signal } = this.options;
    this.#isLooking = true;
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        await this.#read();
        await delay(limits.branchReadEveryMs, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading what changed failed');
    } finally {
      this.#isLooking = false;
    }
  }

  async #read(): Promise<void> {
    const { limits, observe, signal } = this.options;
    const { isWatched } = this;
    const length = isWatched ? limits.purchasePageLength : 0;
    const from = this.#from ?? new Map<string, number>();
    let page = await patiently(() => this.page(from, length), limits, signal);
    // That of the first page: a later one sees more, and what it sees more of may be before the place that was reached.
    const { settledBelow } = page;
    for (const changed of page.rows) this.#offer(changed);
    for (let { next } = page; next !== null; { next } = page) {
      observe.caughtUp();
      page = await patiently(next, limits, signal);
      for (const changed of page.rows) this.#offer(changed);
    }
    // Whoever came while nothing was read must not miss what was committed meanwhile.
    if (!isWatched && this.isWatched) {
      this.#isAsked = true;
      return;
    }
    // A node that was not asked this time keeps its place.
    this.#from = new Map([...from, ...settledBelow]);
    for (const [id, { node, xact }] of this.#offered) if (xact < (settledBelow.get(node) ?? 0)) this.#offered.delete(id);
  }

  #offer({ event, node, xact }: ChangedRow<Event>): void {
    const offered = this.#offered.get(event.id);
    if (offered?.xact === xact && offered.node === node) return;
    this.#offered.delete(event.id);
    this.#offered.set(event.id, { node, xact });
    // One that is forgotten may be told once more.
    if (this.#offered.size > this.options.limits.purchasesRemembered) {
      for (const oldest of this.#offered.keys()) {
        this.#offered.delete(oldest);
        break;
      }
    }
    this.offer(event);
  }
}
