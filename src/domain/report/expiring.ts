/** Counts the customers whose service ends on each of the next days. */

import type { Sql } from '../../db/sql.ts';
import { BadUserInput } from '../../kernel/errors.ts';
import { panelsOf, type ReportOf } from './sources.ts';

const MAX_EXPIRING_DAYS = 90;

export interface ExpiringDay {
  /** When the day begins in the tenant's time zone: milliseconds since 1970. */
  readonly startMs: number;
  readonly customers: number;
}

/** How many customers' service ends in what is left of today and on each of the days after it, trials and canceled ones included. */
export async function expiringDays(sql: Sql, of: ReportOf, days: number): Promise<readonly ExpiringDay[]> {
  if (days < 1 || days > MAX_EXPIRING_DAYS) throw new BadUserInput('days', `must be from 1 to ${MAX_EXPIRING_DAYS}.`);
  return await sql<ExpiringDay[]>`
    WITH zone AS MATERIALIZED (SELECT time_zone, clock_timestamp() AS now FROM tenant WHERE id = ${of.tenantId}),
    day AS MATERIALIZED (
      SELECT (local.at AT TIME ZONE zone.time_zone) AS begins, (local.at + interval '1 day') AT TIME ZONE zone.time_zone AS ends
      FROM zone CROSS JOIN LATERAL generate_series(
        date_trunc('day', zone.now AT TIME ZONE zone.time_zone),
        date_trunc('day', zone.now AT TIME ZONE zone.time_zone) + (${days}::integer - 1) * interval '1 day', interval '1 day') AS local (at)
    ),
    ending AS MATERIALIZED (
      SELECT customer.expires_at
      FROM zone, customer
      WHERE customer.tenant_id = ${of.tenantId} AND customer.reseller_id = ANY (${panelsOf(sql, of)})
        AND customer.expires_at > zone.now AND customer.expires_at < (SELECT max(ends) FROM day)
    )
    SELECT (extract(epoch FROM day.begins) * 1000)::bigint AS "startMs", count(ending.expires_at) AS customers
    FROM day LEFT JOIN ending ON ending.expires_at >= day.begins AND ending.expires_at < day.ends
    GROUP BY day.begins ORDER BY day.begins`;
}
