/** Reads plans: the prices of a panel for its customers (R52). */

import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { rowsById, wantedRows } from '../rows-by-id.ts';

export interface Plan extends RowId {
  readonly resellerId: string;
  readonly name: string;
  readonly periods: number;
  readonly screens: number;
  readonly priceMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A panel's own list, in its order. Empty if it has none. */
export async function plansOf(sql: Sql | Transaction, { id, tenantId }: RowId): Promise<Plan[]> {
  return await sql<Plan[]>`
    SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", name, periods, screens, price_minor AS "priceMinor", currency
    FROM plan WHERE tenant_id = ${tenantId} AND reseller_id = ${id} ORDER BY position`;
}

/** The plans of the panel above, for a panel without plans. Their ids are left out, because they belong to that panel. */
export async function suggestedPlans(sql: Sql, { id, tenantId }: RowId): Promise<Omit<Plan, 'id'>[]> {
  return await sql<Omit<Plan, 'id'>[]>`
    SELECT p.tenant_id AS "tenantId", p.reseller_id AS "resellerId", p.name, p.periods, p.screens, p.price_minor AS "priceMinor", p.currency
    FROM reseller r JOIN plan p ON p.tenant_id = r.tenant_id AND p.reseller_id = r.parent_id
    WHERE r.tenant_id = ${tenantId} AND r.id = ${id} AND NOT EXISTS (SELECT FROM plan WHERE tenant_id = r.tenant_id AND reseller_id = r.id)
    ORDER BY p.position`;
}

/** Returns the plans in the order of `asked`, null where there is no such plan, or no longer. */
export async function plansById(sql: Sql, asked: readonly RowId[]): Promise<(Plan | null)[]> {
  const itsTenant = tenantFragment(sql, asked, 'w."tenantId"');
  const rows = await sql<Plan[]>`
    SELECT p.tenant_id AS "tenantId", p.id, p.reseller_id AS "resellerId", p.name, p.periods, p.screens, p.price_minor AS "priceMinor", p.currency
    FROM jsonb_to_recordset(${wantedRows(asked)}::text::jsonb) AS w ("tenantId" uuid, id uuid)
    JOIN plan p ON p.tenant_id = ${itsTenant} AND p.id = w.id`;
  return rowsById(asked, rows);
}

/** Returns the plan if it belongs to the panel, or null. */
export async function planOf(sql: Sql | Transaction, panel: RowId, plan: RowId | null): Promise<Plan | null> {
  return plan === null ? null : ((await plansOf(sql, panel)).find(({ id }) => id === plan.id) ?? null);
}
