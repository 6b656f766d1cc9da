/** Opens a report whose parts are read only when they are asked for. */

import type { Ports } from '../ports.ts';
import { type CreditSums, creditSums } from './credit-sums.ts';
import { customerCounts, type ReportCounts } from './customer-counts.ts';
import { type ExpiringDay, expiringDays } from './expiring.ts';
import { type Intervals, intervalsOf, type ReportPeriod } from './intervals.ts';
import type { ReportOf } from './sources.ts';

/** A report whose parts are read when they are asked for, each once. */
export interface Report {
  readonly intervals: Intervals;
  /** Of each interval. */
  credits(): Promise<readonly CreditSums[]>;
  customers(): Promise<ReportCounts>;
  expiring(days: number): Promise<readonly ExpiringDay[]>;
}

/** BadUserInput when the period is empty, or has too many intervals. */
export async function openReport({ reports }: Pick<Ports, 'reports'>, of: ReportOf, period: ReportPeriod): Promise<Report> {
  const intervals = await intervalsOf(reports, of.tenantId, period);
  return {
    intervals,
    credits: once(() => creditSums(reports, of, intervals)),
    customers: once(() => customerCounts(reports, of, intervals)),
    expiring: (days) => expiringDays(reports, of, days),
  };
}

function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | null = null;
  return () => {
    reading ??= read();
    return reading;
  };
}
