/** Counts the customers whose service ends on each of the next days. */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';
import { BadUserInput } from '../../kernel/errors.ts';
import { countsFor, type PartRequest, panelsOf, readTogether, type Sources } from './sources.ts';

const MAX_EXPIRING_DAYS = 90;

export interface ExpiringDay {
  /** When the day begins in the tenant's time zone: milliseconds since 1970. */
  readonly startMs: number;
  readonly customers: number;
}

/** Throws BadUserInput for fewer than one day, or for more than the maximum. */
export function requireDays(days: number): void {
  if (days < 1 || days > MAX_EXPIRING_DAYS) throw new BadUserInput('days', `must be from 1 to ${MAX_EXPIRING_DAYS}.`);
}

/** Counts the customers whose service ends in the rest of today, and on each following day, including trials and canceled ones. */
export function expiringDays(sql: Sql, asked: readonly PartRequest<number>[]): Promise<(readonly ExpiringDay[])[]> {
  return readTogether(
    asked,
    (sources) => countEnding(sql, sources),
    () => [],
  );
}

interface Row extends ExpiringDay {
  readonly panel: string;
}

/** Returns every day for every panel, including days on which no service ends. */
async function countEnding(sql: Sql, of: Sources<number>): Promise<ReadonlyMap<string, readonly ExpiringDay[]>> {
  const rows = await sql<Row[]>`
    WITH zone AS MATERIALIZED (SELECT time_zone, clock_timestamp() AS now FROM tenant WHERE id = ${of.tenantId}),
    day AS MATERIALIZED (
      SELECT (local.at AT TIME ZONE zone.time_zone) AS begins, (local.at + interval '1 day') AT TIME ZONE zone.time_zone AS ends
      FROM zone CROSS JOIN LATERAL generate_series(
        date_trunc('day', zone.now AT TIME ZONE zone.time_zone),
        date_trunc('day', zone.now AT TIME ZONE zone.time_zone) + (${of.within}::integer - 1) * interval '1 day', interval '1 day') AS local (at)
    ),
    ending AS MATERIALIZED (
      SELECT ${countsFor(sql, of, 'customer.reseller_id')} AS panel, customer.expires_at
      FROM zone, customer
      WHERE customer.tenant_id = ${of.tenantId} AND customer.reseller_id = ANY (${panelsOf(sql, of)})
        AND customer.expires_at > zone.now AND customer.expires_at < (SELECT max(ends) FROM day)
    )
    SELECT asked.panel, (extract(epoch FROM day.begins) * 1000)::bigint AS "startMs", count(ending.expires_at) AS customers
    FROM unnest(${plainArray(of.ids)}::uuid[]) AS asked (panel) CROSS JOIN day
    LEFT JOIN ending ON ending.panel = asked.panel AND ending.expires_at >= day.begins AND ending.expires_at < day.ends
    GROUP BY asked.panel, day.begins ORDER BY day.begins`;
  const found = new Map<string, ExpiringDay[]>();
  for (const { panel, ...day } of rows) {
    const days = found.get(panel);
    if (days === undefined) found.set(panel, [day]);
    else days.push(day);
  }
  return found;
}
