import type { Sql } from '../../db/sql.ts';
import type { Intervals } from './intervals.ts';
import { entriesOf, panelsOf, type ReportOf, spans } from './sources.ts';

interface CustomerCounts {
  /** Activated for the first time. */
  readonly activated: number;
  /** Renewed at least once. */
  readonly renewed: number;
  /** Whose paid service ended, and who were neither renewed nor activated since. */
  readonly lost: number;
}

export interface ReportCounts {
  readonly intervals: readonly CustomerCounts[];
  /** Of the whole period: a customer renewed in two intervals is one. */
  readonly total: CustomerCounts;
}

type Counts = { -readonly [Field in keyof CustomerCounts]: number };

export async function customerCounts(sql: Sql, of: ReportOf, intervals: Intervals): Promise<ReportCounts> {
  const [spent, lost] = await Promise.all([countSpending(sql, of, intervals), countLost(sql, of, intervals)]);
  const counts = intervals.startsMs.map((): Counts => ({ activated: 0, renewed: 0, lost: 0 }));
  const total: Counts = { activated: 0, renewed: 0, lost: 0 };
  for (const { activated, interval, renewed } of spent) {
    // Interval null: the customers of the whole period.
    const count = interval === null ? total : counts[interval - 1];
    if (!count) continue;
    count.activated = activated;
    count.renewed = renewed;
  }
  for (const { interval, lost: gone } of lost) {
    const count = counts[interval - 1];
    if (count) count.lost = gone;
    total.lost += gone;
  }
  return { intervals: counts, total };
}

async function countSpending(
  sql: Sql,
  of: ReportOf,
  intervals: Intervals,
): Promise<readonly { readonly interval: number | null; readonly activated: number; readonly renewed: number }[]> {
  return await sql`
    WITH ${spans(sql, of, intervals)},
    spent AS (
      SELECT made.interval, made.kind, transfer.customer_id, made.kind = 'ACTIVATION' AND NOT EXISTS (
          SELECT FROM transfer AS earlier
          WHERE earlier.tenant_id = transfer.tenant_id AND earlier.customer_id = transfer.customer_id AND earlier.kind = 'ACTIVATION'
            AND (earlier.created_at, earlier.id) < (transfer.created_at, transfer.id)
        ) AS is_first
      FROM (${entriesOf(sql, sql`AND entry.kind IN ('ACTIVATION', 'RENEWAL')`)}) AS made
      JOIN transfer ON transfer.tenant_id = made.tenant_id AND transfer.id = made.transfer_id
    )
    SELECT interval, count(*) FILTER (WHERE is_first) AS activated, count(DISTINCT customer_id) FILTER (WHERE kind = 'RENEWAL') AS renewed
    FROM spent GROUP BY GROUPING SETS ((interval), ())`;
}

/** By the panel they belong to now. A trial that nobody paid for was never a customer to lose. */
async function countLost(
  sql: Sql,
  of: ReportOf,
  intervals: Intervals,
): Promise<readonly { readonly interval: number; readonly lost: number }[]> {
  return await sql`
    WITH ${spans(sql, of, intervals)}
    SELECT width_bucket(customer.expires_at, period.starts) AS interval, count(*) AS lost
    FROM period, reseller JOIN customer ON customer.tenant_id = reseller.tenant_id AND customer.reseller_id = reseller.id
    WHERE ${panelsOf(sql, of)} AND NOT customer.is_trial
      AND customer.expires_at >= period.begins AND customer.expires_at < least(period.ends, clock_timestamp())
    GROUP BY interval`;
}
