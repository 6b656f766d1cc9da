/** One subscriber's stream of the purchases that it buys or sells. */

import type { PurchaseEvent, WatchedPurchases } from '../feed.ts';
import { BoundedStream, type Source } from '../newest-stream.ts';

export type PurchaseSource = Source<PurchaseStream>;

/** One event for each purchase that changed and was not taken yet. */
export class PurchaseStream extends BoundedStream<PurchaseEvent> {
  readonly watched: WatchedPurchases;

  constructor(source: PurchaseSource, watched: WatchedPurchases, most: number) {
    super(source, most);
    this.watched = watched;
  }
}
