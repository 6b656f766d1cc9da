/** Says what customers paid a panel in each interval of a report, and what the credits that it spent on them had cost it. */

import type { Sql } from '../../db/sql.ts';
import type { CreditSums } from './credit-sums.ts';
import type { Intervals } from './intervals.ts';
import { type Asked, panelsOf, periodOf, readTogether, type Sources } from './sources.ts';

/** Of an interval or the whole period, in minor units. */
export interface MoneySums {
  /** null: in part in another currency than the report's. */
  readonly received: number | null;
  /** null: nothing was bought in the report's currency, so a credit has no price. */
  readonly cost: number | null;
  /** null: one of the two is not known. */
  readonly profit: number | null;
}

export interface ReportMoney {
  /** ISO 4217; null: the panel never charged or paid anything. */
  readonly currency: string | null;
  /** What the price of a credit is from: the PAID purchases in this currency, until the report's end. */
  readonly bought: Bought;
  readonly intervals: readonly MoneySums[];
  readonly total: MoneySums;
}

interface Bought {
  readonly credits: number;
  readonly minor: number | null;
}

/** What is read of the panel's money. Sums are whole numbers as text: of prices they may pass what a number holds. */
interface Row {
  readonly panel: string;
  readonly what: 'RECEIVED' | 'UNDONE' | 'BOUGHT' | 'CURRENCY';
  /** From 1; null: not of an interval. */
  readonly interval: number | null;
  readonly currency: string | null;
  readonly minor: string;
  readonly credits: string;
}

/** The rows of each asked report. */
export type MoneyRows = readonly Row[];

/** Of panels only: what the customers of a branch pay is each panel's own business (R18). */
export function moneyRows(sql: Sql, asked: readonly Asked<Intervals>[]): Promise<MoneyRows[]> {
  return readTogether(
    asked,
    (sources) => readMoney(sql, sources),
    () => [],
  );
}

/**
 * Payments by when they were paid; spends that were undone, by when they were made; purchases. The currency is that of the plans; without
 * plans that of the newest payment, else of the newest purchase: by an order that only indexes of a panel's own rows have, so that the
 * planner does not read the tenant's. A spend is undone after it is made: what was undone is read from the period's beginning on. OFFSET 0
 * has each spend read by its key, whatever the statistics say.
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

/** What the rows come to, beside the credits that moved in each interval. */
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

/** At the average price of what was bought, rounded once, half up. Credits that came back in another interval never make it less than 0. */
function costOf(consumed: bigint, { credits, minor }: { readonly credits: bigint; readonly minor: bigint }): bigint | null {
  if (minor === 0n) return null;
  return consumed <= 0n ? 0n : (2n * consumed * minor + credits) / (2n * credits);
}

function sumOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce((sum, one) => sum + one, 0n);
}

/** null: no number holds it exactly. */
function numberOf(value: bigint | null): number | null {
  return value === null || value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}
