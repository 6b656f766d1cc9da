/** Asks a query again after something has changed. */

import type { ObservableQuery } from '@apollo/client';

/**
 * A request that is already under way may have been answered before the change, and Apollo shares its response with a second one
 * for the same. Then the query is asked once more after it. An error is shown by the query itself.
 */
export function askAgain(query: Pick<ObservableQuery, 'getCurrentResult' | 'refetch'>): void {
  const isUnderWay = query.getCurrentResult().loading;
  query
    .refetch()
    .then(() => (isUnderWay ? query.refetch() : undefined))
    .catch(() => {});
}
