/** Finds the purchases that changed since the last check, and offers each to the subscribers that it concerns. */

import { ChangedRows } from '../changed-rows.ts';
import type { PurchaseEvent } from '../feed.ts';
import type { PurchaseSource, PurchaseStream } from './stream.ts';

export class Purchases extends ChangedRows<PurchaseEvent> implements PurchaseSource {
  readonly #byPanel = new Map<string, Set<PurchaseStream>>();
  readonly #standIns = new Set<PurchaseStream>();

  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedPurchases(from, length);
  }

  protected get isWatched(): boolean {
    return this.#byPanel.size > 0;
  }

  protected offer(event: PurchaseEvent): void {
    for (const stream of this.#concerned(event)) stream.offer(event);
  }

  attach(stream: PurchaseStream): void {
    const { watched } = stream;
    const streams = this.#byPanel.get(keyOf(watched.tenantId, watched.panelId)) ?? new Set();
    this.#byPanel.set(keyOf(watched.tenantId, watched.panelId), streams.add(stream));
    if (watched.standsIn) this.#standIns.add(stream);
    this.check();
  }

  detach(stream: PurchaseStream): void {
    const key = keyOf(stream.watched.tenantId, stream.watched.panelId);
    const streams = this.#byPanel.get(key);
    streams?.delete(stream);
    if (streams?.size === 0) this.#byPanel.delete(key);
    this.#standIns.delete(stream);
  }

  closeAll(): void {
    for (const streams of this.#byPanel.values()) for (const stream of streams) stream.close();
  }

  /** The subscribers of the buyer and the seller; if the seller may be unable to deliver, also those of its stand-ins (R28). */
  #concerned(event: PurchaseEvent): Set<PurchaseStream> {
    const { buyerId, mayBeStranded, sellerId, tenantId } = event;
    const concerned = new Set(this.#byPanel.get(keyOf(tenantId, buyerId)));
    const sellers = sellerId === null ? this.#byPanel.get(PLATFORM) : this.#byPanel.get(keyOf(tenantId, sellerId));
    for (const stream of sellers ?? []) concerned.add(stream);
    if (!mayBeStranded) return concerned;
    for (const stream of this.#standIns) {
      if (stream.watched.panelId === null || stream.watched.tenantId === tenantId) concerned.add(stream);
    }
    return concerned;
  }
}

/** The platform sells in every tenant. */
const PLATFORM = 'platform';

function keyOf(tenantId: string, panelId: string | null): string {
  return panelId === null ? PLATFORM : `${tenantId}/${panelId}`;
}
