/** Estimates what a panel's customers will pay in the next days, by the prices of their plans. */

import type { Sql } from '../../db/sql.ts';
import { type PartRequest, panelsOf, readTogether, type Sources } from './sources.ts';

/** One period, so that a customer who pays monthly counts once. */
export const EXPECTED_DAYS = 30;

/**
 * Returns, in minor units, the sum of the plan prices of all customers whose paid term ends within `within` days. Trials, canceled
 * customers and customers without a plan of their panel do not count. null if the sum is too large for a number.
 */
export function expectedMoney(sql: Sql, asked: readonly PartRequest<number>[]): Promise<(number | null)[]> {
  return readTogether(
    asked,
    (sources) => sumExpected(sql, sources),
    () => 0,
  );
}

async function sumExpected(sql: Sql, of: Sources<number>): Promise<ReadonlyMap<string, number | null>> {
  const rows = await sql<{ panel: string; minor: string }[]>`
    WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now),
    ending AS (
      SELECT customer.tenant_id, customer.reseller_id, customer.plan_id, count(*) AS customers
      FROM moment, customer
      WHERE customer.tenant_id = ${of.tenantId} AND customer.reseller_id = ANY (${panelsOf(sql, of)})
        AND customer.expires_at > moment.now AND customer.expires_at <= moment.now + ${of.within}::integer * interval '1 day'
        AND customer.plan_id IS NOT NULL AND NOT customer.is_trial AND customer.canceled_at IS NULL
      GROUP BY 1, 2, 3
    )
    SELECT plan.reseller_id AS panel, sum(ending.customers::numeric * plan.price_minor)::text AS minor
    FROM ending JOIN plan ON plan.tenant_id = ${of.tenantId} AND plan.id = ending.plan_id AND plan.reseller_id = ending.reseller_id
    GROUP BY 1`;
  return new Map(rows.map(({ minor, panel }) => [panel, Number.isSafeInteger(Number(minor)) ? Number(minor) : null]));
}
