/** Reads customers' credentials, for their own panel (R46). */

import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { RowId } from '../input.ts';
import { rowsById, wantedRows } from '../rows-by-id.ts';
import { sealContext } from './credentials.ts';

export interface Access extends RowId {
  readonly login: string;
  /** Sealed. */
  readonly secret: string;
  readonly updatedAt: Date;
}

/** Returns the credentials in the order of `asked`, null where a customer has none yet. */
export async function accessOf(sql: Sql, asked: readonly RowId[]): Promise<(Access | null)[]> {
  const itsTenant = tenantFragment(sql, asked, 'w."tenantId"');
  const rows = await sql<Access[]>`
    SELECT a.tenant_id AS "tenantId", a.customer_id AS id, a.login, a.secret, a.updated_at AS "updatedAt"
    FROM jsonb_to_recordset(${wantedRows(asked)}::text::jsonb) AS w ("tenantId" uuid, id uuid)
    JOIN customer_access a ON a.tenant_id = ${itsTenant} AND a.customer_id = w.id`;
  return rowsById(asked, rows);
}

/** Opens the secret. Throws if this server no longer has the key that sealed it. */
export function secretOf(secrets: SecretBox, access: Access): string {
  return secrets.open(access.secret, sealContext(access));
}
