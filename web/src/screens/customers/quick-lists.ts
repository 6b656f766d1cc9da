/** The lists that are asked for every day: who is due on which day, whose service is over, and who tries. */

import type { QuickCountsFragment } from '../../gql/graphql.ts';
import type { Formats } from '../../i18n/formats.ts';
import { DAYS, endOf } from './use-filters.ts';

export const SOON_DAYS = 7;

/** Days by the tenant's calendar that have a list each, in order. */
export const DUE_DAYS = ['yesterday', 'today', 'tomorrow', 'in2', 'in3'] as const;

/** Each by its name in QuickCounts, with the filters that list it. */
export const QUICK_LISTS = [
  ...DUE_DAYS.map((name) => ({ name, status: null, expiring: name })),
  { name: 'soon', status: null, expiring: SOON_DAYS },
  { name: 'over', status: 'EXPIRED', expiring: null },
  { name: 'trials', status: 'TRIAL', expiring: null },
] as const satisfies readonly { readonly name: keyof QuickCountsFragment; readonly status: string | null; readonly expiring: unknown }[];

export type QuickList = (typeof QUICK_LISTS)[number];

/** As the address has its filters. */
export function paramsOf({ expiring, status }: QuickList): { readonly status: string; readonly expiring: string } {
  return { status: status ?? '', expiring: expiring === null ? '' : String(expiring) };
}

/** The variables of QuickCounts: where each of the days begins, and the last of them ends. */
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
