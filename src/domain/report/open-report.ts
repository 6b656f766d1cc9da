/** Opens a report whose parts are read on demand. */

import type { Actor } from '../../kernel/actor.ts';
import type { CreditSums } from './credit-sums.ts';
import type { ReportCounts } from './customer-counts.ts';
import { EXPECTED_DAYS } from './expected.ts';
import { type ExpiringDay, requireDays } from './expiring.ts';
import type { Intervals, ReportPeriod } from './intervals.ts';
import { type MoneyRows, moneyOf, type ReportMoney } from './money.ts';
import type { PartRequest, ReportOf } from './sources.ts';

/** A report. Each part is read on the first call, and only once. */
export interface Report {
  readonly intervals: Intervals;
  /** The sums of each interval. */
  credits(): Promise<readonly CreditSums[]>;
  customers(): Promise<ReportCounts>;
  expiring(days: number): Promise<readonly ExpiringDay[]>;
  /** null if the viewer may not see it. */
  money(): Promise<ReportMoney | null>;
  /** In minor units. null if the viewer may not see it, or if it is too large for a number. */
  expected(): Promise<number | null>;
}

export interface PeriodOf extends ReportPeriod {
  readonly tenantId: string;
}

/** Readers of a report's parts. They may read the same part of several concurrently requested reports together. */
export interface ReportReaders {
  /** Returns the same object for equal arguments. Throws BadUserInput if the period is empty or has too many intervals. */
  intervals(asked: PeriodOf): Promise<Intervals>;
  credits(asked: PartRequest<Intervals>): Promise<readonly CreditSums[]>;
  customers(asked: PartRequest<Intervals>): Promise<ReportCounts>;
  expiring(asked: PartRequest<number>): Promise<readonly ExpiringDay[]>;
  money(asked: PartRequest<Intervals>): Promise<MoneyRows>;
  expected(asked: PartRequest<number>): Promise<number | null>;
}

interface OfWhom extends ReportOf {
  /** Whether the viewer may see what the panel's customers pay. */
  readonly seesMoney: boolean;
}

/**
 * A panel's earnings are private to it (R18): panels above it do not see them, a support session does not, and a branch has no sum
 * of them.
 */
export function seesMoney({ panel, support, tenantId }: Actor, of: ReportOf): boolean {
  return support === null && panel !== null && panel.id === of.id && tenantId === of.tenantId && of.branchPath === null;
}

/** Throws BadUserInput if the period is empty or has too many intervals. */
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
