/** Divides a period into days, weeks or months of the tenant's time zone. */

import type { Sql } from '../../db/sql.ts';
import { BadUserInput } from '../../kernel/errors.ts';

export type ReportInterval = 'DAY' | 'WEEK' | 'MONTH';

/** The most rows of a report. */
const MAX_INTERVALS = 400;

const DAY_MS = 86_400_000;
/** Upper bounds of an interval's length, so that a period which cannot fit is refused before any counting. */
const LONGEST_MS: Record<ReportInterval, number> = { DAY: 2 * DAY_MS, WEEK: 8 * DAY_MS, MONTH: 32 * DAY_MS };

export interface ReportPeriod {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly by: ReportInterval;
}

export interface Intervals {
  readonly timeZone: string;
  /** The beginning of each interval, in milliseconds since 1970. The first is the beginning of the period. */
  readonly startsMs: readonly number[];
  /** The end of the last interval. */
  readonly endMs: number;
}

/**
 * Returns the days, weeks (from Monday) or months of a period in the tenant's time zone. The first and the last are cut to the
 * period. A day on which clocks change has 23 or 25 hours.
 */
export async function intervalsOf(sql: Sql, tenantId: string, { by, fromMs, toMs }: ReportPeriod): Promise<Intervals> {
  if (fromMs >= toMs) throw new BadUserInput('to', 'must be later than `from`.');
  if (toMs - fromMs > MAX_INTERVALS * LONGEST_MS[by]) throw tooMany();
  const rows = await sql<{ time_zone: string; at_ms: number }[]>`
    SELECT zone.time_zone, (extract(epoch FROM local.at AT TIME ZONE zone.time_zone) * 1000)::bigint AS at_ms
    FROM (SELECT time_zone FROM tenant WHERE id = ${tenantId}) AS zone
    CROSS JOIN LATERAL generate_series(
      date_trunc(${by}, to_timestamp(${fromMs}::bigint / 1000.0) AT TIME ZONE zone.time_zone),
      to_timestamp(${toMs}::bigint / 1000.0) AT TIME ZONE zone.time_zone,
      ('1 ' || ${by}::text)::interval) AS local (at)
    ORDER BY at_ms`;
  const startsMs = [fromMs, ...rows.map((row) => row.at_ms).filter((atMs) => atMs > fromMs && atMs < toMs)];
  if (startsMs.length > MAX_INTERVALS) throw tooMany();
  return { timeZone: rows[0]?.time_zone ?? 'UTC', startsMs, endMs: toMs };
}

function tooMany(): BadUserInput {
  return new BadUserInput('to', `a report has at most ${MAX_INTERVALS} intervals: choose a shorter period or longer intervals.`);
}
