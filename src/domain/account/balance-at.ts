/** Reads the balances of accounts at given times. */

import { plainArray } from '../../db/arrays/literal.ts';
import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';

export interface BalanceQuery {
  readonly tenantId: string;
  readonly accountId: string;
  /** Milliseconds since 1970; a change at exactly this time counts. */
  readonly atMs: number;
}

/** Reads each account's balance at its time in one statement, in the order of `asked`. It is 0 before the first change. */
export async function balancesAt(sql: Sql, asked: readonly BalanceQuery[]): Promise<number[]> {
  const itsTenant = tenantFragment(sql, asked, 'asked.tenant_id');
  const rows = await sql<{ balance: number }[]>`
    SELECT coalesce((
      SELECT entry.balance_after FROM entry
      WHERE entry.tenant_id = ${itsTenant} AND entry.account_id = asked.account_id
        AND entry.version = version_at(${itsTenant}, asked.account_id, to_timestamp(asked.at_ms / 1000.0))
    ), 0) AS balance
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.accountId))}::uuid[],
      ${plainArray(asked.map((one) => one.atMs))}::bigint[]) WITH ORDINALITY AS asked (tenant_id, account_id, at_ms, position)
    ORDER BY asked.position`;
  return rows.map((row) => row.balance);
}
