/** The filters of the customers, kept in the address. */

import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { daysFromNow } from '../../data/days-from-now.ts';
import type { CustomerOrder, CustomerStatus, CustomersQueryVariables } from '../../gql/graphql.ts';
import type { Formats } from '../../i18n/formats.ts';
import { useFormat } from '../../i18n/use-format.ts';

export const STATUSES: readonly CustomerStatus[] = ['ACTIVE', 'TRIAL', 'EXPIRED', 'CANCELED'];
export const EXPIRING_DAYS = [1, 3, 7, 15, 30];
/** Days back: whose service has run out of late, and who may come back. */
export const EXPIRED_DAYS = [3, 7, 30];
const EXPIRING: readonly Expiring[] = ['today', ...EXPIRING_DAYS, ...EXPIRED_DAYS.map((days) => -days)];
export const ORDERS: readonly CustomerOrder[] = ['NEWEST', 'OLDEST', 'EXPIRING', 'NAME'];
export const PAGE_SIZES = [25, 50, 100];

/** Days from now, or as a negative number days back; today: until midnight by the tenant's clocks. */
export type Expiring = number | 'today';

/** What is listed, kept in the address: /customers?q=…&status=ACTIVE&service=failed&expiring=7&order=NAME */
export interface Filters {
  readonly search: string;
  readonly status: CustomerStatus | null;
  /** Only whom the service failed for. */
  readonly serviceFailed: boolean;
  /** null: any time. */
  readonly expiring: Expiring | null;
  readonly order: CustomerOrder;
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
  const format = useFormat();
  const search = params.get('q') ?? '';
  const status = STATUSES.find((each) => each === params.get('status')) ?? null;
  const serviceFailed = params.get('service') === 'failed';
  const expiring = EXPIRING.find((each) => String(each) === params.get('expiring')) ?? null;
  const order = ORDERS.find((each) => each === params.get('order')) ?? (expiring === null && status !== 'TRIAL' ? 'NEWEST' : 'EXPIRING');
  const size = PAGE_SIZES.find((each) => String(each) === params.get('size')) ?? 25;
  const after = params.get('after');
  const before = params.get('before');

  const variables = useMemo((): CustomersQueryVariables => {
    return {
      ...(before === null ? { first: size, after } : { last: size, before }),
      search: search || null,
      serviceFailed: serviceFailed || null,
      // Of those whose service runs: what has run out already does not run out soon.
      status: status ?? (expiring === null ? null : isPast(expiring) ? 'EXPIRED' : 'ACTIVE'),
      expiringFrom: isPast(expiring) ? daysFromNow(expiring) : null,
      expiringBefore: expiring === null ? null : isPast(expiring) ? daysFromNow(0) : endOf(expiring, format),
      order,
    };
  }, [search, status, serviceFailed, expiring, order, size, after, before, format]);

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
    serviceFailed,
    expiring,
    order,
    size,
    isFiltered: search !== '' || serviceFailed || status !== null || expiring !== null,
    variables,
    set: change,
    turn: (direction, cursor) => change({ [direction]: cursor }),
  };
}

function isPast(expiring: Expiring | null): expiring is number {
  return typeof expiring === 'number' && expiring < 0;
}

/** Where this time from now ends. */
export function endOf(expiring: Expiring, format: Formats): string {
  return expiring === 'today' ? new Date(format.dayEndMs(Date.now())).toISOString() : daysFromNow(expiring);
}
