/** This tab's knowledge of the lock: whether it closes the panel, or only stops it from spending (R57). */

import type { ApolloClient } from '@apollo/client';
import { graphql } from '../gql/gql.ts';

/** The policy fields that the whole application needs. A refusal is an answer too: the lock closes the panel for reading. */
export const RulesDocument = graphql(`
  query Rules {
    viewer { policy { timeZone lockMode } }
  }
`);

/** The mode of the lock, while the panel is locked. */
export class LockMode {
  readonly #watchers = new Set<() => void>();
  #reads: boolean | null = null;

  /** Whether the locked panel may still read; null if unknown. */
  reads = (): boolean | null => this.#reads;

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  set(reads: boolean | null): void {
    if (reads === this.#reads) return;
    this.#reads = reads;
    for (const watcher of this.#watchers) watcher();
  }

  /** For a locked panel. Bypasses the cache, which keeps the answer from before the lock. */
  async load(apollo: ApolloClient): Promise<void> {
    try {
      const { data } = await apollo.query({ query: RulesDocument, fetchPolicy: 'no-cache', errorPolicy: 'all' });
      this.set(data?.viewer.policy?.lockMode === 'SPENDING');
    } catch {
      this.set(false);
    }
  }
}
