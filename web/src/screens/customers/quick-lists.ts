/** The lists that are asked for every day: who is due, whose service is over, and who tries. */

import type { Formats } from '../../i18n/formats.ts';
import { endOf } from './use-filters.ts';

export const SOON_DAYS = 7;

/** Each by its name in QuickCounts, with the filters that list it. */
export const QUICK_LISTS = [
  { name: 'today', status: null, expiring: 'today' },
  { name: 'soon', status: null, expiring: SOON_DAYS },
  { name: 'over', status: 'EXPIRED', expiring: null },
  { name: 'trials', status: 'TRIAL', expiring: null },
] as const;

export type QuickList = (typeof QUICK_LISTS)[number];

/** As the address has its filters. */
export function paramsOf({ expiring, status }: QuickList): { readonly status: string; readonly expiring: string } {
  return { status: status ?? '', expiring: expiring === null ? '' : String(expiring) };
}

/** The variables of QuickCounts. */
export function quickEnds(format: Formats): { readonly today: string; readonly soon: string } {
  return { today: endOf('today', format), soon: endOf(SOON_DAYS, format) };
}
