import type { Sql } from '../../src/db/sql.ts';
import type { AccountState } from '../../src/kernel/change.ts';
import type { EntryRow, PanelRow, Tables } from './invariants.ts';

/** What the database holds of these tenants, in one snapshot. */
export async function readTables(sql: Sql, tenantIds: readonly string[]): Promise<Tables> {
  const ids = `{${tenantIds.join(',')}}`;
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const panels = await tx<PanelRow[]>`
      SELECT tenant_id AS "tenantId", id, parent_id AS "parentId", path, depth, (extract(epoch FROM created_at) * 1000)::bigint AS "createdAtMs"
      FROM reseller WHERE tenant_id = ANY (${ids}::uuid[])`;
    const accounts = await tx<AccountState[]>`
      SELECT tenant_id AS "tenantId", id, balance, version, (extract(epoch FROM locked_since) * 1000)::bigint AS "lockedSinceMs",
        reserve_threshold AS "reserveThreshold", debt, issued, consumed, withdrawn, (extract(epoch FROM changed_at) * 1000)::bigint AS "changedAtMs"
      FROM account WHERE tenant_id = ANY (${ids}::uuid[]) AND locked = (balance = 0)`;
    const entries = await tx<EntryRow[]>`
      SELECT e.tenant_id AS "tenantId", e.account_id AS "accountId", e.version, e.delta, e.balance_after AS "balanceAfter",
        (extract(epoch FROM e.created_at) * 1000)::bigint AS "createdAtMs", t.from_id IS NULL AS issued
      FROM entry e JOIN transfer t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id
      WHERE e.tenant_id = ANY (${ids}::uuid[]) ORDER BY e.version`;
    return { panels, accounts, entries };
  });
}

/** As `readTables`, of every tenant but the platform's. */
export async function readAllTables(sql: Sql): Promise<Tables> {
  const rows = await sql<{ id: string }[]>`SELECT DISTINCT tenant_id AS id FROM reseller`;
  return readTables(
    sql,
    rows.map(({ id }) => id),
  );
}
