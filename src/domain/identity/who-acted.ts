/** Reads the users behind transfers, for deciding whether to show them. */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';

/** Who made a transfer, as much as deciding about showing it needs. */
export interface WhoActed {
  readonly tenantId: string;
  readonly email: string;
  /** Of the panel the user belongs to; null for the platform's own users. */
  readonly path: string | null;
}

/** The users behind the `actorId` of transfers of these tenants, in the order asked for; the platform's users act in any. One statement. */
export async function whoActed(
  sql: Sql,
  asked: readonly { readonly tenantId: string; readonly actorId: string }[],
): Promise<(WhoActed | null)[]> {
  const rows = await sql<{ email: string | null; tenant_id: string; path: string | null }[]>`
    SELECT app_user.email, app_user.tenant_id, reseller.path
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.actorId))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, actor_id, position)
    LEFT JOIN app_user ON app_user.tenant_id IN (asked.tenant_id, ${PLATFORM_TENANT_ID}) AND app_user.id = asked.actor_id
    LEFT JOIN reseller ON reseller.tenant_id = app_user.tenant_id AND reseller.id = app_user.reseller_id
    ORDER BY asked.position`;
  return rows.map((row) => (row.email === null ? null : { tenantId: row.tenant_id, email: row.email, path: row.path }));
}
