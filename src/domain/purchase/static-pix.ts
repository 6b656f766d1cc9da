/** The Pix code that a purchase by MANUAL carries: to the key on its seller's card (R39). */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { cardPixCode } from '../../payments/pix.ts';
import type { RowId } from '../input.ts';

/**
 * For each purchase the code of now, in the order asked for: to the key that its seller has now, whoever sells to the buyer by now
 * (R27). null: it is paid for otherwise, or does not wait for money any more, or its seller has no key.
 */
export async function staticPixCodes(sql: Sql, purchases: readonly RowId[]): Promise<(string | null)[]> {
  const rows = await sql<{ id: string; number: number; totalMinor: number; name: string; pixKey: string }[]>`
    SELECT p.id, p.number, p.total_minor AS "totalMinor", c.name, c.pix_key AS "pixKey"
    FROM unnest(${plainArray(purchases.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(purchases.map(({ id }) => id))}::uuid[])
      AS asked (tenant_id, id)
    JOIN purchase p ON p.tenant_id = asked.tenant_id AND p.id = asked.id
    JOIN seller_card c ON c.tenant_id = CASE WHEN p.seller_id IS NULL THEN ${PLATFORM_TENANT_ID}::uuid ELSE p.tenant_id END
      AND c.seller_id = coalesce(p.seller_id, ${PLATFORM_TENANT_ID}::uuid)
    WHERE p.provider = 'MANUAL' AND p.currency = 'BRL' AND p.status = 'PENDING' AND p.expires_at > clock_timestamp() AND c.pix_key IS NOT NULL`;
  const codes = new Map(rows.map(({ id, name, number, pixKey, totalMinor }) => [id, cardPixCode({ name, pixKey }, totalMinor, number)]));
  return purchases.map(({ id }) => codes.get(id) ?? null);
}
