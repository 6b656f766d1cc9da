/** Finds the purchases that changed since the last check, and offers each to the subscribers that it concerns. */

import { ChangedRows } from '../changed-rows.ts';
import type { PurchaseEvent } from '../feed.ts';
import type { PurchaseSource, PurchaseStream } from './stream.ts';

export class Purchases extends ChangedRows<PurchaseEvent> implements PurchaseSource {
  readonly #bySide = new Map<string, Set<PurchaseStream>>();
  readonly #standIns = new Set<PurchaseStream>();

  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedPurchases(from, length);
  }

  protected get isWatched(): boolean {
    return this.#bySide.size > 0;
  }

  protected offer(event: PurchaseEvent): void {
    for (const stream of this.#concerned(event)) stream.offer(event);
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

  /** The subscribers of the buyer and the seller; if the seller may be unable to deliver, also those of its stand-ins (R28). */
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
