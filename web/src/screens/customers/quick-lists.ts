/** The most used lists of customers: expiring on a certain day, expired, and trials. */

import type { QuickCountsFragment } from '../../gql/graphql.ts';
import type { Formats } from '../../i18n/formats.ts';
import { DAYS, endOf } from './use-filters.ts';

export const SOON_DAYS = 7;

/** The days of the tenant's calendar that each have a list, in order. */
export const DUE_DAYS = ['yesterday', 'today', 'tomorrow', 'in2', 'in3'] as const;

/** The lists by their names in QuickCounts, each with its filters. */
export const QUICK_LISTS = [
  ...DUE_DAYS.map((name) => ({ name, status: null, expiring: name })),
  { name: 'soon', status: null, expiring: SOON_DAYS },
  { name: 'over', status: 'EXPIRED', expiring: null },
  { name: 'trials', status: 'TRIAL', expiring: null },
] as const satisfies readonly { readonly name: keyof QuickCountsFragment; readonly status: string | null; readonly expiring: unknown }[];

export type QuickList = (typeof QUICK_LISTS)[number];

/** The list's filters as parameters of the address. */
export function paramsOf({ expiring, status }: QuickList): { readonly status: string; readonly expiring: string } {
  return { status: status ?? '', expiring: expiring === null ? '' : String(expiring) };
}

/** The variables of QuickCounts: the start of each day, and the end of the last. */
export function quickEnds(format: Formats) {
  const begins = (days: number) => new Date(format.dayStartMs(Date.now(), days)).toISOString();
  return {
    yesterday: begins(DAYS.yesterday),
    today: begins(DAYS.today),
    tomorrow: begins(DAYS.tomorrow),
    in2: begins(DAYS.in2),
    in3: begins(DAYS.in3),
    in4: begins(DAYS.in3 + 1),
    soon: endOf(SOON_DAYS, format),
  };
}
