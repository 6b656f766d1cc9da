/** The filters of the customers, kept in the address. */

import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CustomerStatus, CustomersQueryVariables } from '../../gql/graphql.ts';

export const STATUSES: readonly CustomerStatus[] = ['ACTIVE', 'TRIAL', 'EXPIRED', 'CANCELED'];
export const EXPIRING_DAYS = [1, 3, 7, 15, 30];
export const PAGE_SIZES = [25, 50, 100];
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What is listed, kept in the address: /customers?q=…&status=ACTIVE&expiring=7 */
export interface Filters {
  readonly search: string;
  readonly status: CustomerStatus | null;
  /** Days from now; null: any time. */
  readonly expiring: number | null;
  readonly size: number;
  readonly isFiltered: boolean;
  readonly variables: CustomersQueryVariables;
  /** An empty value removes it; the list begins at its start. */
  set(changes: Readonly<Record<string, string>>): void;
  /** A page after, or before, a cursor. */
  turn(direction: 'after' | 'before', cursor: string): void;
}

export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const search = params.get('q') ?? '';
  const status = STATUSES.find((each) => each === params.get('status')) ?? null;
  const expiring = EXPIRING_DAYS.find((days) => String(days) === params.get('expiring')) ?? null;
  const size = PAGE_SIZES.find((each) => String(each) === params.get('size')) ?? 25;
  const after = params.get('after');
  const before = params.get('before');

  const variables = useMemo((): CustomersQueryVariables => {
    // Up to the minute, so that the same list has the same name in the cache for a while, and who has just paid 30 days is among those of 30 days.
    const now = (Math.floor(Date.now() / MINUTE_MS) + 1) * MINUTE_MS;
    return {
      ...(before === null ? { first: size, after } : { last: size, before }),
      search: search || null,
      // Of those whose service runs: what has run out already does not run out soon.
      status: status ?? (expiring === null ? null : 'ACTIVE'),
      expiringBefore: expiring === null ? null : new Date(now + expiring * DAY_MS).toISOString(),
      order: expiring === null ? 'NEWEST' : 'EXPIRING',
    };
  }, [search, status, expiring, size, after, before]);

  const change = (changes: Readonly<Record<string, string>>) =>
    setParams(
      (present) => {
        const next = new URLSearchParams(present);
        next.delete('after');
        next.delete('before');
        for (const [name, value] of Object.entries(changes)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: !('after' in changes || 'before' in changes) },
    );

  return {
    search,
    status,
    expiring,
    size,
    isFiltered: search !== '' || status !== null || expiring !== null,
    variables,
    set: change,
    turn: (direction, cursor) => change({ [direction]: cursor }),
  };
}
