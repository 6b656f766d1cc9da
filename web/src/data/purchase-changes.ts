/** Notifies listeners of changed purchases, and holds the number of sales that buyers have reported as paid. */

import type { PurchaseChangesSubscription } from '../gql/graphql.ts';

export type PurchaseChange = PurchaseChangesSubscription['purchaseChanged'];

export class PurchaseChanges {
  readonly #listeners = new Set<(change: PurchaseChange) => void>();
  readonly #watchers = new Set<() => void>();
  #reported = 0;

  /** Calls back with each changed purchase or sale, once the change is in the cache. */
  listen = (listener: (change: PurchaseChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  notify(change: PurchaseChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** The number of unconfirmed sales that the buyers have reported as paid. */
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
