/** Reads whether a panel's lock leaves it nothing but buying (R7, R8, R57). */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';

/**
 * Whether the panel may read what is its own only: its balance is 0 now, and the tenant's lockMode is FULL. In the mode SPENDING a
 * locked panel reads on, and the ledger refuses what it would spend. One that does not exist is closed: nothing may be done with it.
 */
export async function isClosedByLock(sql: Sql, account: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  const [row] = await sql<{ closed: boolean }[]>`
    SELECT a.locked AND t.lock_mode = 'FULL' AS closed FROM account a JOIN tenant t ON t.id = a.tenant_id
    WHERE a.tenant_id = ${account.tenantId} AND a.id = ${account.id}`;
  return row?.closed ?? true;
}

/** The same of each, in the order asked for. One statement. */
export async function areClosedByLock(
  sql: Sql,
  accounts: readonly { readonly tenantId: string; readonly id: string }[],
): Promise<boolean[]> {
  const itsTenant = tenantOf(sql, accounts, 'asked.tenant_id');
  const rows = await sql<{ closed: boolean }[]>`
    SELECT coalesce(account.locked AND tenant.lock_mode = 'FULL', true) AS closed
    FROM unnest(${plainArray(accounts.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(accounts.map(({ id }) => id))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, id, position)
    LEFT JOIN account ON account.tenant_id = ${itsTenant} AND account.id = asked.id
    LEFT JOIN tenant ON tenant.id = ${itsTenant}
    ORDER BY asked.position`;
  return rows.map(({ closed }) => closed);
}
