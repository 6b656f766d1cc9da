/** Computes what customers paid a panel in each interval of a report, and what the credits spent on them had cost it. */

import type { Sql } from '../../db/sql.ts';
import type { CreditSums } from './credit-sums.ts';
import type { Intervals } from './intervals.ts';
import { type PartRequest, panelsOf, periodOf, readTogether, type Sources } from './sources.ts';

/** The money of an interval, or of the whole period, in minor units. */
export interface MoneySums {
  /** null if a part of it is in another currency than the report's. */
  readonly received: number | null;
  /** null if nothing was bought in the report's currency, because a credit then has no price. */
  readonly cost: number | null;
  /** null if one of the two is unknown. */
  readonly profit: number | null;
}

export interface ReportMoney {
  /** ISO 4217. null if the panel never charged or paid anything. */
  readonly currency: string | null;
  /** The PAID purchases in this currency until the report's end, from which the price of a credit is computed. */
  readonly bought: Bought;
  readonly intervals: readonly MoneySums[];
  readonly total: MoneySums;
}

interface Bought {
  readonly credits: number;
  readonly minor: number | null;
}

/** A row of the panel's money. Sums are integers as text, because sums of prices may be too large for a number. */
interface Row {
  readonly panel: string;
  readonly what: 'RECEIVED' | 'UNDONE' | 'BOUGHT' | 'CURRENCY';
  /** The interval's number, from 1. null if the row does not belong to an interval. */
  readonly interval: number | null;
  readonly currency: string | null;
  readonly minor: string;
  readonly credits: string;
}

/** The rows of one report. */
export type MoneyRows = readonly Row[];

/** Reads the money of panels, never of branches: what customers pay is private to each panel (R18). */
export function moneyRows(sql: Sql, asked: readonly PartRequest<Intervals>[]): Promise<MoneyRows[]> {
  return readTogether(
    asked,
    (sources) => readMoney(sql, sources),
    () => [],
  );
}

/**
 * Reads payments by the time of payment, undone spends by the time of the spend, and purchases. The currency comes from the plans,
 * else from the newest payment, else from the newest purchase. These are sorted so that only indexes of the panel's own rows fit, and
 * the planner does not read the whole tenant. A spend is undone after it is made, so undone spends are read from the period's beginning
 * onwards. OFFSET 0 makes Postgres read each spend by its key, whatever the statistics say.
 */
async function readMoney(sql: Sql, of: Sources<Intervals>): Promise<ReadonlyMap<string, MoneyRows>> {
  const panels = panelsOf(sql, of);
  const rows = await sql<Row[]>`
    WITH ${periodOf(sql, of)}
    SELECT reseller_id AS panel, 'RECEIVED' AS what, width_bucket(paid_at, period.starts) AS interval, currency,
      sum(price_minor - least(returned_minor, price_minor))::text AS minor, '0' AS credits
    FROM period, customer_payment
    WHERE tenant_id = ${of.tenantId} AND reseller_id = ANY (${panels}) AND paid_at >= period.begins AND paid_at < period.ends
      AND status IN ('PAID', 'PAID_UNFUNDED', 'APPLIED')
    GROUP BY 1, 3, 4
    UNION ALL
    SELECT undone.reseller_id, 'UNDONE', width_bucket(made.created_at, period.starts), NULL, '0', sum(made.amount)::text
    FROM period, undone_spending AS undone CROSS JOIN LATERAL (
      SELECT created_at, amount FROM transfer WHERE tenant_id = ${of.tenantId} AND id = undone.spending_id OFFSET 0
    ) AS made
    WHERE undone.tenant_id = ${of.tenantId} AND undone.reseller_id = ANY (${panels}) AND undone.undone_at >= period.begins
      AND made.created_at >= period.begins AND made.created_at < period.ends
    GROUP BY 1, 3
    UNION ALL
    SELECT buyer_id, 'BOUGHT', NULL, currency, sum(total_minor)::text, sum(quantity)::text
    FROM period, purchase
    WHERE tenant_id = ${of.tenantId} AND buyer_id = ANY (${panels}) AND status = 'PAID' AND settled_at < period.ends
    GROUP BY 1, 4
    UNION ALL
    SELECT panel, 'CURRENCY', NULL, coalesce(
      (SELECT currency FROM plan WHERE tenant_id = ${of.tenantId} AND reseller_id = panel ORDER BY position LIMIT 1),
      (SELECT currency FROM customer_payment WHERE tenant_id = ${of.tenantId} AND reseller_id = panel AND paid_at IS NOT NULL ORDER BY paid_at DESC LIMIT 1),
      (SELECT currency FROM purchase WHERE tenant_id = ${of.tenantId} AND buyer_id = panel AND status = 'PAID' ORDER BY settled_at DESC LIMIT 1)
    ), '0', '0'
    FROM unnest(${panels}) AS panel`;
  return Map.groupBy(rows, ({ panel }) => panel);
}

/** Computes the report's money from the rows and from the credits that moved in each interval. */
export function moneyOf(rows: MoneyRows, sums: readonly CreditSums[]): ReportMoney {
  const currency = rows.find(({ what }) => what === 'CURRENCY')?.currency ?? null;
  const bought = rows.find((row) => row.what === 'BOUGHT' && row.currency === currency);
  const price = { minor: BigInt(bought?.minor ?? 0), credits: BigInt(bought?.credits ?? 0) };
  const intervals = sums.map((sum, place) => {
    const own = rows.filter(({ interval }) => interval === place + 1);
    const paid = own.filter(({ what }) => what === 'RECEIVED');
    const undone = own.find(({ what }) => what === 'UNDONE');
    return {
      received: paid.every((row) => row.currency === currency) ? sumOf(paid.map(({ minor }) => BigInt(minor))) : null,
      consumed: BigInt(sum.activation + sum.renewal + sum.screens - sum.refunded) - BigInt(undone?.credits ?? 0),
    };
  });
  const received = intervals.map((interval) => interval.received);
  const total = {
    received: received.includes(null) ? null : sumOf(received.filter((one) => one !== null)),
    consumed: sumOf(intervals.map(({ consumed }) => consumed)),
  };
  const sumsOf = (of: { readonly received: bigint | null; readonly consumed: bigint }): MoneySums => {
    const cost = costOf(of.consumed, price);
    return {
      received: numberOf(of.received),
      cost: numberOf(cost),
      profit: numberOf(of.received === null || cost === null ? null : of.received - cost),
    };
  };
  return {
    currency,
    bought: { credits: Number(price.credits), minor: numberOf(price.minor) },
    intervals: intervals.map(sumsOf),
    total: sumsOf(total),
  };
}

/**
 * The cost of consumed credits at the average purchase price, rounded once, half up. It is never negative, even if more credits came
 * back than were spent.
 */
function costOf(consumed: bigint, { credits, minor }: { readonly credits: bigint; readonly minor: bigint }): bigint | null {
  if (minor === 0n) return null;
  return consumed <= 0n ? 0n : (2n * consumed * minor + credits) / (2n * credits);
}

function sumOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce((sum, one) => sum + one, 0n);
}

/** Returns null if a number cannot represent the value exactly. */
function numberOf(value: bigint | null): number | null {
  return value === null || value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}
