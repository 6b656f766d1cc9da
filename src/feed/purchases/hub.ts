/** Finds what purchases changed since the last look, and offers each to whom it concerns. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { PurchaseEvent } from '../feed.ts';
import type { ChangedPurchase, Journal } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { patiently } from '../retry.ts';
import type { PurchaseSource, PurchaseStream } from './stream.ts';

interface PurchasesOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/**
 * Looks for purchases whose last change is of a transaction that was not over at the last look, or began later. A look is one
 * query by an index; without subscribers it only moves on. What is found again, while an older transaction goes on, is not
 * offered again.
 */
export class Purchases implements PurchaseSource {
  readonly #options: PurchasesOptions;
  readonly #bySide = new Map<string, Set<PurchaseStream>>();
  readonly #standIns = new Set<PurchaseStream>();
  /** Every transaction below it has been looked at; null: no look yet. */
  #from: number | null = null;
  /** By purchase, the transaction of the change that was offered, of those at or above `#from`. */
  readonly #offered = new Map<string, number>();
  #isLooking = false;
  #isAsked = false;

  constructor(options: PurchasesOptions) {
    this.#options = options;
  }

  /** Resolves when what changes from now on will be found. */
  async start(): Promise<void> {
    const { journal, limits, signal } = this.#options;
    const { settledBelow } = await patiently(() => journal.changedPurchases(null, 0), limits, signal);
    this.#from = settledBelow;
  }

  attach(stream: PurchaseStream): void {
    const { sides } = stream;
    const streams = this.#bySide.get(keyOf(sides.tenantId, sides.panelId)) ?? new Set();
    this.#bySide.set(keyOf(sides.tenantId, sides.panelId), streams.add(stream));
    if (sides.standsIn) this.#standIns.add(stream);
    this.look();
  }

  detach(stream: PurchaseStream): void {
    const key = keyOf(stream.sides.tenantId, stream.sides.panelId);
    const streams = this.#bySide.get(key);
    streams?.delete(stream);
    if (streams?.size === 0) this.#bySide.delete(key);
    this.#standIns.delete(stream);
  }

  closeAll(): void {
    for (const streams of this.#bySide.values()) for (const stream of streams) stream.close();
  }

  /** Something may have changed. To be called at every beat, too. */
  look(): void {
    this.#isAsked = true;
    if (!this.#isLooking && this.#from !== null) void this.#look();
  }

  async #look(): Promise<void> {
    const { limits, log, signal } = this.#options;
    this.#isLooking = true;
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        await this.#read();
        await delay(limits.branchReadEveryMs, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading changed purchases failed');
    } finally {
      this.#isLooking = false;
    }
  }

  async #read(): Promise<void> {
    const { journal, limits, observe, signal } = this.#options;
    const isWatched = this.#bySide.size > 0;
    const length = isWatched ? limits.purchasePageLength : 0;
    let above = { xact: this.#from ?? 0, id: NIL_UUID };
    let settledBelow: number | null = null;
    for (;;) {
      const from = above;
      const page = await patiently(() => journal.changedPurchases(from, length), limits, signal);
      // That of the first page: a later one sees more, and what it sees more of may be before the place that was reached.
      settledBelow ??= page.settledBelow;
      for (const changed of page.purchases) this.#offer(changed);
      const last = page.purchases.at(-1);
      if (!last || page.purchases.length < length) break;
      observe.caughtUp();
      above = { xact: last.xact, id: last.event.id };
    }
    // Whoever came while nothing was read must not miss what was committed meanwhile.
    if (!isWatched && this.#bySide.size > 0) {
      this.#isAsked = true;
      return;
    }
    this.#from = settledBelow;
    for (const [id, xact] of this.#offered) if (xact < settledBelow) this.#offered.delete(id);
  }

  #offer({ event, xact }: ChangedPurchase): void {
    if (this.#offered.get(event.id) === xact) return;
    this.#offered.delete(event.id);
    this.#offered.set(event.id, xact);
    // One that is forgotten may be told once more.
    if (this.#offered.size > this.#options.limits.purchasesRemembered) {
      for (const oldest of this.#offered.keys()) {
        this.#offered.delete(oldest);
        break;
      }
    }
    for (const stream of this.#concerned(event)) stream.offer(event);
  }

  /** Its buyer, its seller, and where its seller may be unable to deliver whoever stands in for it (R28). */
  #concerned(event: PurchaseEvent): Set<PurchaseStream> {
    const { buyerId, mayBeStranded, sellerId, tenantId } = event;
    const concerned = new Set(this.#bySide.get(keyOf(tenantId, buyerId)));
    const sellers = sellerId === null ? this.#bySide.get(PLATFORM) : this.#bySide.get(keyOf(tenantId, sellerId));
    for (const stream of sellers ?? []) concerned.add(stream);
    if (!mayBeStranded) return concerned;
    for (const stream of this.#standIns) {
      if (stream.sides.panelId === null || stream.sides.tenantId === tenantId) concerned.add(stream);
    }
    return concerned;
  }
}

/** The platform sells in every tenant. */
const PLATFORM = 'platform';

function keyOf(tenantId: string, panelId: string | null): string {
  return panelId === null ? PLATFORM : `${tenantId}/${panelId}`;
}
