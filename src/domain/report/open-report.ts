/** Opens a report whose parts are read only when they are asked for. */

import type { Actor } from '../../kernel/actor.ts';
import type { CreditSums } from './credit-sums.ts';
import type { ReportCounts } from './customer-counts.ts';
import { EXPECTED_DAYS } from './expected.ts';
import { type ExpiringDay, requireDays } from './expiring.ts';
import type { Intervals, ReportPeriod } from './intervals.ts';
import { type MoneyRows, moneyOf, type ReportMoney } from './money.ts';
import type { Asked, ReportOf } from './sources.ts';

/** A report whose parts are read when they are asked for, each once. */
export interface Report {
  readonly intervals: Intervals;
  /** Of each interval. */
  credits(): Promise<readonly CreditSums[]>;
  customers(): Promise<ReportCounts>;
  expiring(days: number): Promise<readonly ExpiringDay[]>;
  /** null: not for whoever asked. */
  money(): Promise<ReportMoney | null>;
  /** Minor units; null: not for whoever asked, or more than a number holds. */
  expected(): Promise<number | null>;
}

export interface PeriodOf extends ReportPeriod {
  readonly tenantId: string;
}

/** Read the parts of a report, together with those of other reports that are asked for in the same moment. */
export interface ReportReaders {
  /** The same for the same. BadUserInput when the period is empty, or has too many intervals. */
  intervals(asked: PeriodOf): Promise<Intervals>;
  credits(asked: Asked<Intervals>): Promise<readonly CreditSums[]>;
  customers(asked: Asked<Intervals>): Promise<ReportCounts>;
  expiring(asked: Asked<number>): Promise<readonly ExpiringDay[]>;
  money(asked: Asked<Intervals>): Promise<MoneyRows>;
  expected(asked: Asked<number>): Promise<number | null>;
}

interface OfWhom extends ReportOf {
  /** Whether whoever asks may see what the panel's customers pay. */
  readonly seesMoney: boolean;
}

/** What a panel earns is its own business (R18): nobody's above it, in a support session neither, and no branch's. */
export function seesMoney({ panel, support, tenantId }: Actor, of: ReportOf): boolean {
  return support === null && panel !== null && panel.id === of.id && tenantId === of.tenantId && of.branchPath === null;
}

/** BadUserInput when the period is empty, or has too many intervals. */
export async function openReport(readers: ReportReaders, { seesMoney, ...of }: OfWhom, period: ReportPeriod): Promise<Report> {
  const within = await readers.intervals({ tenantId: of.tenantId, ...period });
  const credits = once(() => readers.credits({ ...of, within }));
  return {
    intervals: within,
    credits,
    customers: once(() => readers.customers({ ...of, within })),
    expiring: async (days) => {
      requireDays(days);
      return await readers.expiring({ ...of, within: days });
    },
    money: once(async () => {
      if (!seesMoney) return null;
      const [rows, sums] = await Promise.all([readers.money({ ...of, within }), credits()]);
      return moneyOf(rows, sums);
    }),
    expected: async () => (seesMoney ? await readers.expected({ ...of, within: EXPECTED_DAYS }) : null),
  };
}

function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | null = null;
  return () => {
    reading ??= read();
    return reading;
  };
}
