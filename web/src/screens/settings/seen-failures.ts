/** Records on this device which failed webhook deliveries the owner has seen. */

import { useSyncExternalStore } from 'react';
import type { EndpointFragment } from '../../gql/graphql.ts';

type Endpoint = Pick<EndpointFragment, 'id' | 'dead'>;

const KEPT_AS = 'revenda-webhooks-seen:';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

const newestOf = ({ dead }: Endpoint): string | null => dead.edges[0]?.node.id ?? null;

/** Records the newest dead delivery of each endpoint as seen. Clears the record if none is left, so that a later failure is new again. */
export function recordSeenFailures(endpoints: readonly Endpoint[], isSeen: boolean): void {
  for (const endpoint of endpoints) {
    const newest = newestOf(endpoint);
    if (newest === null) localStorage.removeItem(KEPT_AS + endpoint.id);
    else if (isSeen) localStorage.setItem(KEPT_AS + endpoint.id, newest);
  }
  for (const listener of listeners) listener();
}

/** Whether an endpoint has a dead delivery that was not seen on this device. */
export function useHasUnseenFailures(endpoints: readonly Endpoint[]): boolean {
  return useSyncExternalStore(subscribe, () =>
    endpoints.some((endpoint) => {
      const newest = newestOf(endpoint);
      return newest !== null && localStorage.getItem(KEPT_AS + endpoint.id) !== newest;
    }),
  );
}
