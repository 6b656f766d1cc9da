/** What this tab knows of the lock: whether it closes the panel, or only stops it from spending (R57). */

import type { ApolloClient } from '@apollo/client';
import { graphql } from '../gql/gql.ts';

/** What the whole application follows of the policy. A panel whose lock closes reads gets no answer, which is one. */
export const RulesDocument = graphql(`
  query Rules {
    viewer { policy { timeZone lockMode } }
  }
`);

/** What is known of the lock while it is there. */
export class LockMode {
  readonly #watchers = new Set<() => void>();
  #reads: boolean | null = null;

  /** Whether the locked panel may read as before; null: not known. */
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

  /** For a panel that is locked now. Not kept in the cache: there what an open panel was told stays. */
  async ask(apollo: ApolloClient): Promise<void> {
    try {
      const { data } = await apollo.query({ query: RulesDocument, fetchPolicy: 'no-cache', errorPolicy: 'all' });
      this.set(data?.viewer.policy?.lockMode === 'SPENDING');
    } catch {
      this.set(false);
    }
  }
}
