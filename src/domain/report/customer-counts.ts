/** Counts new, renewed and lost customers in each interval of a report. */

import type { Sql } from '../../db/sql.ts';
import type { Intervals } from './intervals.ts';
import { countsFor, type PartRequest, panelsOf, readTogether, type Sources, spans } from './sources.ts';

interface CustomerCounts {
  /** Customers who were activated for the first time. */
  readonly activated: number;
  /** Customers who were renewed at least once. */
  readonly renewed: number;
  /** Customers whose paid service ended, and who were neither renewed nor activated since. */
  readonly lost: number;
}

export interface ReportCounts {
  readonly intervals: readonly CustomerCounts[];
  /** Counts for the whole period: a customer renewed in two intervals counts once. */
  readonly total: CustomerCounts;
}

type Counts = { -readonly [Field in keyof CustomerCounts]: number };

export function customerCounts(sql: Sql, asked: readonly PartRequest<Intervals>[]): Promise<ReportCounts[]> {
  return readTogether(asked, (sources) => countCustomers(sql, sources), nobody);
}

interface Counting {
  readonly intervals: readonly Counts[];
  readonly total: Counts;
}

function nobody({ startsMs }: Intervals): Counting {
  return { intervals: startsMs.map(() => ({ ...NOBODY })), total: { ...NOBODY } };
}

const NOBODY: CustomerCounts = { activated: 0, renewed: 0, lost: 0 };

async function countCustomers(sql: Sql, of: Sources<Intervals>): Promise<ReadonlyMap<string, ReportCounts>> {
  const [spent, lost] = await Promise.all([countSpending(sql, of), countLost(sql, of)]);
  const found = new Map<string, Counting>();
  const countingOf = (panel: string): Counting => {
    const counting = found.get(panel) ?? nobody(of.within);
    found.set(panel, counting);
    return counting;
  };
  for (const { activated, interval, panel, renewed } of spent) {
    const { intervals, total } = countingOf(panel);
    // A customer is activated for the first time in one interval, but may be renewed in several: the row with interval null counts it once.
    total.activated += activated;
    if (interval === null) total.renewed = renewed;
    const count = interval === null ? undefined : intervals[interval - 1];
    if (!count) continue;
    count.activated = activated;
    count.renewed = renewed;
  }
  for (const { interval, lost: gone, panel } of lost) {
    const { intervals, total } = countingOf(panel);
    const count = intervals[interval - 1];
    if (count) count.lost = gone;
    total.lost += gone;
  }
  return found;
}

/**
 * The transfers of each span are looked up together, by a sorted list of their ids, and grouped once. A panel with a million transfers
 * takes 4.8 s, and 9 s if they are joined one by one and sorted for each count. A transfer has the same time and kind as
 * its entries, which `ledgerHealth` checks. OFFSET 0 makes Postgres read each span and each customer by its index, whatever the
 * statistics say.
 */
async function countSpending(
  sql: Sql,
  of: Sources<Intervals>,
): Promise<readonly { readonly panel: string; readonly interval: number | null; readonly activated: number; readonly renewed: number }[]> {
  return await sql`
    WITH ${spans(sql, of)},
    spent AS MATERIALIZED (
      SELECT span.panel, width_bucket(made.created_at, period.starts) AS interval, made.*
      FROM period, span CROSS JOIN LATERAL (
        SELECT transfer.tenant_id, transfer.id, transfer.kind, transfer.customer_id, transfer.created_at
        FROM transfer
        WHERE transfer.tenant_id = ${of.tenantId} AND transfer.id = ANY (ARRAY(
          SELECT entry.transfer_id FROM entry
          WHERE entry.tenant_id = ${of.tenantId} AND entry.account_id = span.id
            AND entry.version > span.above AND entry.version <= span.up_to AND entry.kind IN ('ACTIVATION', 'RENEWAL')
        ))
        OFFSET 0
      ) AS made
      WHERE made.created_at >= period.begins AND made.created_at < period.ends
        AND NOT EXISTS (SELECT FROM undone_spending u WHERE u.tenant_id = ${of.tenantId} AND u.spending_id = made.id OFFSET 0)
    ),
    renewed AS (SELECT panel, interval, customer_id FROM spent WHERE kind = 'RENEWAL' GROUP BY panel, interval, customer_id),
    earliest AS (
      SELECT DISTINCT ON (panel, customer_id) panel, interval, tenant_id, id, customer_id, created_at
      FROM spent WHERE kind = 'ACTIVATION' ORDER BY panel, customer_id, created_at, id
    ),
    activated AS (
      SELECT panel, interval FROM earliest
      WHERE NOT EXISTS (
        SELECT FROM transfer AS earlier
        WHERE earlier.tenant_id = ${of.tenantId} AND earlier.customer_id = earliest.customer_id AND earlier.kind = 'ACTIVATION'
          AND (earlier.created_at, earlier.id) < (earliest.created_at, earliest.id)
          AND NOT EXISTS (SELECT FROM undone_spending u WHERE u.tenant_id = ${of.tenantId} AND u.spending_id = earlier.id OFFSET 0)
        OFFSET 0
      )
    )
    SELECT panel, interval, sum(activated)::bigint AS activated, sum(renewed)::bigint AS renewed
    FROM (
      SELECT panel, interval, count(*) AS activated, 0 AS renewed FROM activated GROUP BY panel, interval
      UNION ALL SELECT panel, interval, 0, count(*) FROM renewed GROUP BY panel, interval
      UNION ALL SELECT panel, NULL, 0, count(*) FROM (SELECT panel, customer_id FROM renewed GROUP BY panel, customer_id) AS customer GROUP BY panel
    ) AS counted
    GROUP BY panel, interval`;
}

/** Counts lost customers for the panel that they belong to now. A trial never paid for, or one whose only spend was undone, is not lost. */
async function countLost(
  sql: Sql,
  of: Sources<Intervals>,
): Promise<readonly { readonly panel: string; readonly interval: number; readonly lost: number }[]> {
  return await sql`
    WITH ${spans(sql, of)}
    SELECT ${countsFor(sql, of, 'customer.reseller_id')} AS panel, width_bucket(customer.expires_at, period.starts) AS interval, count(*) AS lost
    FROM period, customer
    WHERE customer.tenant_id = ${of.tenantId} AND customer.reseller_id = ANY (${panelsOf(sql, of)}) AND NOT customer.is_trial
      AND (customer.credits_spent > 0 OR customer.canceled_at IS DISTINCT FROM customer.expires_at)
      AND customer.expires_at >= period.begins AND customer.expires_at < least(period.ends, clock_timestamp())
    GROUP BY 1, 2`;
}
