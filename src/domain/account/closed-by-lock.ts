/** Reads whether a panel's lock restricts it to buying (R7, R8, R57). */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';

/**
 * Whether the lock restricts the panel to its own data and to buying: its balance is 0 now, and the tenant's lockMode is FULL. With
 * SPENDING a locked panel may still read, and the ledger refuses its spends. A panel that does not exist counts as restricted.
 */
export async function isClosedByLock(sql: Sql, account: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  const [row] = await sql<{ closed: boolean }[]>`
    SELECT a.locked AND t.lock_mode = 'FULL' AS closed FROM account a JOIN tenant t ON t.id = a.tenant_id
    WHERE a.tenant_id = ${account.tenantId} AND a.id = ${account.id}`;
  return row?.closed ?? true;
}

/** The same for several accounts, in their order, in one statement. */
export async function areClosedByLock(
  sql: Sql,
  accounts: readonly { readonly tenantId: string; readonly id: string }[],
): Promise<boolean[]> {
  const itsTenant = tenantFragment(sql, accounts, 'asked.tenant_id');
  const rows = await sql<{ closed: boolean }[]>`
    SELECT coalesce(account.locked AND tenant.lock_mode = 'FULL', true) AS closed
    FROM unnest(${plainArray(accounts.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(accounts.map(({ id }) => id))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, id, position)
    LEFT JOIN account ON account.tenant_id = ${itsTenant} AND account.id = asked.id
    LEFT JOIN tenant ON tenant.id = ${itsTenant}
    ORDER BY asked.position`;
  return rows.map(({ closed }) => closed);
}
