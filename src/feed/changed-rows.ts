/** Finds the rows of a table that changed since the last check, by the transactions that changed them (ADR-0075). */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import type { ChangedPage, ChangedRow, Journal } from './journal.ts';
import type { FeedLimits, FeedObserver } from './limits.ts';
import { untilRead } from './retry.ts';

export interface ChangedRowsOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/**
 * Looks for rows that were last changed by a transaction that was still open at the last check, or began later. A check is one
 * query by an index; without subscribers it only moves the position on. While an older transaction is open, rows are found
 * again, but not offered again.
 */
export abstract class ChangedRows<Event extends { readonly id: string }> {
  protected readonly options: ChangedRowsOptions;
  /** By node, the transaction below which everything was read; null before the first check. An undistributed database is one node. */
  #from: ReadonlyMap<string, number> | null = null;
  /** By row, the offered change, if it is at or above `#from`. */
  readonly #offered = new Map<string, { readonly node: string; readonly xact: number }>();
  #isChecking = false;
  #isDue = false;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ChangedRowsOptions) {
    this.options = options;
  }

  /** At most `length` changed rows of the table. With length 0, only how far the table is settled. */
  protected abstract page(from: ReadonlyMap<string, number>, length: number): Promise<ChangedPage<Event>>;
  protected abstract get isWatched(): boolean;
  /** Offers an event to the subscribers that it concerns. */
  protected abstract offer(event: Event): void;

  /** Resolves when every change from now on will be found. */
  async start(): Promise<void> {
    const { limits, signal } = this.options;
    const { settledBelow } = await untilRead(() => this.page(new Map(), 0), limits, signal);
    this.#from = settledBelow;
  }

  /** Checks for changes that no hint announced. Call this on every heartbeat. */
  beat(): void {
    if (this.isWatched || monotonicMs() - this.#readAtMs >= this.options.limits.unwatchedEveryMs) this.check();
  }

  /** Checks for changes. Call this when something may have changed. */
  check(): void {
    this.#isDue = true;
    if (!this.#isChecking && this.#from !== null) void this.#run();
  }

  async #run(): Promise<void> {
    const { limits, log, signal } = this.options;
    this.#isChecking = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#read();
        await delay(limits.branchReadEveryMs, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading changed rows failed');
    } finally {
      this.#isChecking = false;
    }
  }

  async #read(): Promise<void> {
    const { limits, observe, signal } = this.options;
    const { isWatched } = this;
    this.#readAtMs = monotonicMs();
    const length = isWatched ? limits.purchasePageLength : 0;
    const from = this.#from ?? new Map<string, number>();
    let page = await untilRead(() => this.page(from, length), limits, signal);
    // The first page's value: a later page sees more rows, and some of these may be before the position already reached.
    const { settledBelow } = page;
    for (const changed of page.rows) this.#offer(changed);
    for (let { next } = page; next !== null; { next } = page) {
      observe.caughtUp();
      page = await untilRead(next, limits, signal);
      for (const changed of page.rows) this.#offer(changed);
    }
    // A subscriber that attached while no rows were read must not miss what was committed meanwhile.
    if (!isWatched && this.isWatched) {
      this.#isDue = true;
      return;
    }
    // A node that was not queried this time keeps its position.
    this.#from = new Map([...from, ...settledBelow]);
    for (const [id, { node, xact }] of this.#offered) if (xact < (settledBelow.get(node) ?? 0)) this.#offered.delete(id);
  }

  #offer({ event, node, xact }: ChangedRow<Event>): void {
    const offered = this.#offered.get(event.id);
    if (offered?.xact === xact && offered.node === node) return;
    this.#offered.delete(event.id);
    this.#offered.set(event.id, { node, xact });
    // The change of a forgotten row may be offered once more.
    if (this.#offered.size > this.options.limits.purchasesRemembered) {
      for (const oldest of this.#offered.keys()) {
        this.#offered.delete(oldest);
        break;
      }
    }
    this.offer(event);
  }
}
