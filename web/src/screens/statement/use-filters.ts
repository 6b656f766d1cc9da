/** The filters of the statement, stored in the address. */

import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { useSearchParams } from 'react-router';
import { type ExportReader, exportForm } from '../../data/export-form.ts';
import type { TransferKind } from '../../gql/graphql.ts';

dayjs.extend(utc);
dayjs.extend(timezone);

export const KINDS: readonly TransferKind[] = [
  'ISSUE',
  'PURCHASE',
  'GRANT',
  'TRANSFER',
  'RECLAIM',
  'SWEEP',
  'ACTIVATION',
  'RENEWAL',
  'SCREENS',
  'REFUND',
  'CHARGEBACK',
  'REVERSAL',
  'UNDO',
];

/** The first and the last day, inclusive, as YYYY-MM-DD. */
type Period = [string | null, string | null];

export interface Filters {
  readonly kinds: readonly TransferKind[];
  readonly period: Period;
  readonly areSet: boolean;
  setKinds(kinds: readonly string[]): void;
  setPeriod(period: Period): void;
  clear(): void;
}

/** The statement's filters. They are in the address, so they survive a reload and can be sent to a colleague. */
export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const set = (changes: Record<string, string | null | undefined>) =>
    setParams(
      (now) => {
        for (const [name, value] of Object.entries(changes)) {
          if (value) now.set(name, value);
          else now.delete(name);
        }
        return now;
      },
      { replace: true },
    );
  const wanted = params.get('kinds')?.split(',') ?? [];
  const kinds = KINDS.filter((kind) => wanted.includes(kind));
  const period: Period = [dayOf(params.get('from')), dayOf(params.get('to'))];
  return {
    kinds,
    period,
    areSet: kinds.length > 0 || period.some((day) => day !== null),
    setKinds: (chosen) => set({ kinds: chosen.join(',') }),
    setPeriod: ([from, to]) => set({ from, to }),
    clear: () => set({ kinds: null, from: null, to: null }),
  };
}

/** The filters as query variables. No kinds means all kinds; days are the tenant's, and `to` is the start of the day after. */
export function asVariables({ kinds, period: [from, to] }: Filters, timeZone: string) {
  return {
    kinds: kinds.length > 0 ? [...kinds] : null,
    from: from === null ? null : dayjs.tz(from, timeZone).toISOString(),
    to: to === null ? null : dayjs.tz(dayjs(to).add(1, 'day').format('YYYY-MM-DD'), timeZone).toISOString(),
  };
}

/** The address of the same entries as CSV; the session cookie authorizes the download. */
export function csvAddress(resellerId: string, filters: Filters, reader: ExportReader): string {
  const { kinds, from, to } = asVariables(filters, reader.timeZone);
  const query = new URLSearchParams({ reseller: resellerId, ...exportForm(reader) });
  if (kinds) query.set('kinds', kinds.join(','));
  if (from) query.set('from', from);
  if (to) query.set('to', to);
  return `/export/statement.csv?${query}`;
}

function dayOf(text: string | null): string | null {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && dayjs(text).isValid() ? text : null;
}
