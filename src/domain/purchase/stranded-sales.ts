/** Finds sales whose seller can no longer deliver to the buyer; R28 says who settles them. */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';

/** The most sales that one call returns; the rest appear when these are settled. */
const MAX_STRANDED = 1000;

/** The same condition as isStranded in ledger/rules/purchase.ts, for a purchase p of this tenant, its buyer b and its seller s. */
const stranded = (tenant: string) => `(s.closed_at IS NOT NULL OR b.closed_at IS NOT NULL OR NOT starts_with(b.path, s.path) OR EXISTS (
  SELECT FROM reseller h WHERE h.tenant_id = ${tenant} AND h.suspended_at IS NOT NULL AND h.path <= s.path AND starts_with(s.path, h.path)
))`;

const WITH_BUYER_AND_SELLER = `JOIN reseller b ON b.tenant_id = p.tenant_id AND b.id = p.buyer_id
  LEFT JOIN reseller s ON s.tenant_id = p.tenant_id AND s.id = p.seller_id`;

/**
 * Returns the stranded sales whose money has arrived but whose credits are not posted, oldest first. A null `tenantId` means all
 * tenants.
 */
export async function strandedSales(sql: Sql, tenantId: string | null): Promise<readonly string[]> {
  const rows = await sql.unsafe<{ id: string }[]>(
    `SELECT p.id FROM purchase p ${WITH_BUYER_AND_SELLER}
    WHERE p.status = 'PAID_UNFUNDED' AND p.seller_id IS NOT NULL AND ($1::uuid IS NULL OR p.tenant_id = $1::uuid) AND ${stranded('s.tenant_id')}
    ORDER BY p.id LIMIT ${MAX_STRANDED}`,
    [tenantId],
  );
  return rows.map(({ id }) => id);
}

/** Returns whether each purchase's seller can deliver to its buyer, in the order of `purchases`. The platform always can. */
export async function deliverable(sql: Sql, purchases: readonly RowId[]): Promise<boolean[]> {
  const [first] = purchases;
  const isOne = purchases.every(({ tenantId }) => tenantId === first?.tenantId);
  const ownTenant = isOne ? '$3::uuid' : 'asked.tenant_id';
  const rows = await sql.unsafe<{ id: string; stranded: boolean }[]>(
    `SELECT p.id, p.seller_id IS NOT NULL AND ${stranded(ownTenant)} AS stranded
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant_id, id)
    JOIN purchase p ON p.tenant_id = ${ownTenant} AND p.id = asked.id ${WITH_BUYER_AND_SELLER}`,
    [
      plainArray(purchases.map(({ tenantId }) => tenantId)),
      plainArray(purchases.map(({ id }) => id)),
      ...(isOne ? [first?.tenantId ?? null] : []),
    ],
  );
  const found = new Map(rows.map((row) => [row.id, row.stranded]));
  return purchases.map(({ id }) => found.get(id) === false);
}
