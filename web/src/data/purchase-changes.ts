/** What this tab knows of purchases as they change: whom to tell of one, and how many buyers say that they have paid. */

import type { PurchaseChangesSubscription } from '../gql/graphql.ts';

export type PurchaseChange = PurchaseChangesSubscription['purchaseChanged'];

export class PurchaseChanges {
  readonly #listeners = new Set<(change: PurchaseChange) => void>();
  readonly #watchers = new Set<() => void>();
  #reported = 0;

  /** Calls back with each purchase or sale that changed, once it is in the cache. */
  listen = (listener: (change: PurchaseChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(change: PurchaseChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Sales that wait for the viewer and of which the buyer says that they are paid for. */
  reported = (): number => this.#reported;

  watchReported = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  setReported(reported: number): void {
    if (reported === this.#reported) return;
    this.#reported = reported;
    for (const watcher of this.#watchers) watcher();
  }
}
