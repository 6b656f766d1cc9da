/** Reads whether an account is locked (R7). */

import type { Sql } from '../../db/sql.ts';

/** Whether the balance is 0 now (R7). An account that does not exist is locked: nothing may be done with it. */
export async function isAccountLocked(sql: Sql, account: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  const [row] = await sql<{ locked: boolean }[]>`
    SELECT locked FROM account WHERE tenant_id = ${account.tenantId} AND id = ${account.id}`;
  return row?.locked ?? true;
}
