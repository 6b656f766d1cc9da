/** Makes the static Pix code of a MANUAL purchase, which pays to the key on its seller's card (R39). */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { cardPixCode } from '../../payments/pix.ts';
import type { RowId } from '../input.ts';

/**
 * Returns each purchase's present code, in the order of `purchases`. The code uses the present key of the purchase's own seller,
 * even if the buyer has another seller by now (R27). It is null if the purchase is paid in another way or no longer waits for a
 * payment, or if its seller has no key.
 */
export async function staticPixCodes(sql: Sql, purchases: readonly RowId[]): Promise<(string | null)[]> {
  const itsTenant = tenantFragment(sql, purchases, 'asked.tenant_id');
  const rows = await sql<{ id: string; number: number; totalMinor: number; name: string; pixKey: string }[]>`
    WITH own AS MATERIALIZED (
      SELECT name, pix_key FROM seller_card WHERE tenant_id = ${PLATFORM_TENANT_ID}::uuid AND seller_id = ${PLATFORM_TENANT_ID}::uuid
    )
    SELECT p.id, p.number, p.total_minor AS "totalMinor", coalesce(c.name, own.name) AS name, coalesce(c.pix_key, own.pix_key) AS "pixKey"
    FROM unnest(${plainArray(purchases.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(purchases.map(({ id }) => id))}::uuid[])
      AS asked (tenant_id, id)
    JOIN purchase p ON p.tenant_id = ${itsTenant} AND p.id = asked.id
    LEFT JOIN seller_card c ON c.tenant_id = ${itsTenant} AND c.seller_id = p.seller_id
    LEFT JOIN own ON p.seller_id IS NULL
    WHERE p.provider = 'MANUAL' AND p.currency = 'BRL' AND p.status = 'PENDING' AND p.expires_at > clock_timestamp() AND (c.pix_key IS NOT NULL OR own.pix_key IS NOT NULL)`;
  const made = rows.map(
    async ({ id, name, number, pixKey, totalMinor }) => [id, await cardPixCode({ name, pixKey }, totalMinor, number)] as const,
  );
  const codes = new Map(await Promise.all(made));
  return purchases.map(({ id }) => codes.get(id) ?? null);
}
