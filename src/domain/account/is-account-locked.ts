/** Reads whether an account is locked (R7). */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';

/** Whether the balance is 0 now (R7). An account that does not exist is locked: nothing may be done with it. */
export async function isAccountLocked(sql: Sql, account: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  const [row] = await sql<{ locked: boolean }[]>`
    SELECT locked FROM account WHERE tenant_id = ${account.tenantId} AND id = ${account.id}`;
  return row?.locked ?? true;
}

/** The same of each account, in the order asked for. One statement. */
export async function areAccountsLocked(
  sql: Sql,
  accounts: readonly { readonly tenantId: string; readonly id: string }[],
): Promise<boolean[]> {
  const rows = await sql<{ locked: boolean }[]>`
    SELECT coalesce(account.locked, true) AS locked
    FROM unnest(${plainArray(accounts.map(({ tenantId }) => tenantId))}::uuid[], ${plainArray(accounts.map(({ id }) => id))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, id, position)
    LEFT JOIN account ON account.tenant_id = asked.tenant_id AND account.id = asked.id
    ORDER BY asked.position`;
  return rows.map(({ locked }) => locked);
}
