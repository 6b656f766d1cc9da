/** The filters of the customer list, stored in the address. */

import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { daysFromNow } from '../../data/days-from-now.ts';
import type { CustomerOrder, CustomerStatus, CustomersQueryVariables } from '../../gql/graphql.ts';
import type { Formats } from '../../i18n/formats.ts';
import { useFormat } from '../../i18n/use-format.ts';

export const STATUSES: readonly CustomerStatus[] = ['ACTIVE', 'TRIAL', 'EXPIRED', 'CANCELED'];
export const EXPIRING_DAYS = [1, 3, 7, 15, 30];
/** Days back: customers who expired recently and may return. */
export const EXPIRED_DAYS = [3, 7, 30];
/** Days by the tenant's calendar, from today. */
export const DAYS = { yesterday: -1, today: 0, tomorrow: 1, in2: 2, in3: 3 } as const;
const DAY_NAMES = Object.keys(DAYS) as readonly Day[];
const EXPIRING: readonly Expiring[] = [...DAY_NAMES, ...EXPIRING_DAYS, ...EXPIRED_DAYS.map((days) => -days)];
export const ORDERS: readonly CustomerOrder[] = ['NEWEST', 'OLDEST', 'EXPIRING', 'NAME'];
export const PAGE_SIZES = [25, 50, 100];

type Day = keyof typeof DAYS;
/** A number of days from now (negative: days back), or the name of a whole day of the tenant's calendar. */
export type Expiring = number | Day;

/** The filters in the address: /customers?q=…&status=ACTIVE&service=failed&expiring=7&order=NAME */
export interface Filters {
  readonly search: string;
  readonly status: CustomerStatus | null;
  /** Only customers whose service failed. */
  readonly serviceFailed: boolean;
  /** null: any time. */
  readonly expiring: Expiring | null;
  readonly order: CustomerOrder;
  readonly size: number;
  readonly isFiltered: boolean;
  readonly variables: CustomersQueryVariables;
  /** An empty value removes the filter. The list returns to its first page. */
  set(changes: Readonly<Record<string, string>>): void;
  /** Goes to the page after or before a cursor. */
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
      ...(expiring === null ? { status } : boundsOf(expiring, status, format)),
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

/** The time bounds. "Within N days" lists only customers who have not expired yet; a whole day lists both. */
function boundsOf(expiring: Expiring, status: CustomerStatus | null, format: Formats): Omit<CustomersQueryVariables, 'order'> {
  if (typeof expiring !== 'number') {
    const begins = format.dayStartMs(Date.now(), DAYS[expiring]);
    return {
      status,
      paidTerm: true,
      expiringFrom: new Date(begins).toISOString(),
      expiringBefore: endOf(expiring, format),
    };
  }
  return expiring < 0
    ? { status: status ?? 'EXPIRED', expiringFrom: daysFromNow(expiring), expiringBefore: daysFromNow(0) }
    : { status: status ?? 'ACTIVE', expiringBefore: endOf(expiring, format) };
}

/** The end of this range. */
export function endOf(expiring: Expiring, format: Formats): string {
  return typeof expiring === 'number' ? daysFromNow(expiring) : new Date(format.dayStartMs(Date.now(), DAYS[expiring] + 1)).toISOString();
}
