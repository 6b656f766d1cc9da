/** Reads the ledger's tables from a database, for the invariants and the model. */

import type { Sql } from '../../src/db/sql.ts';
import type { AccountState } from '../../src/kernel/journal.ts';
import type { ClaimState } from '../../src/ledger/outcome.ts';
import type { CustomerRow, EntryRow, PanelRow, PaymentRow, PurchaseRow, Tables } from './invariants.ts';

/** Reads the tables of these tenants in one snapshot. */
export async function readTables(sql: Sql, tenantIds: readonly string[]): Promise<Tables> {
  const ids = `{${tenantIds.join(',')}}`;
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const panels = await tx<PanelRow[]>`
      SELECT tenant_id AS "tenantId", id, parent_id AS "parentId", path, depth, (extract(epoch FROM created_at) * 1000)::bigint AS "createdAtMs"
      FROM reseller WHERE tenant_id = ANY (${ids}::uuid[])`;
    // The query leaves out an account that disagrees with its reseller's mark of a debt or with its own lock; then it
    // is missed.
    const accounts = await tx<AccountState[]>`
      SELECT a.tenant_id AS "tenantId", a.id, balance, version, (extract(epoch FROM locked_since) * 1000)::bigint AS "lockedSinceMs",
        reserve_threshold AS "reserveThreshold", debt, issued, consumed, withdrawn, (extract(epoch FROM changed_at) * 1000)::bigint AS "changedAtMs"
      FROM account a JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id
      WHERE a.tenant_id = ANY (${ids}::uuid[]) AND locked = (balance = 0) AND in_debt = (debt > 0) AND (suspended_at IS NOT NULL OR NOT in_debt)`;
    const entries = await tx<EntryRow[]>`
      SELECT e.tenant_id AS "tenantId", e.account_id AS "accountId", e.version, e.delta, e.balance_after AS "balanceAfter",
        (extract(epoch FROM e.created_at) * 1000)::bigint AS "createdAtMs", t.id AS "transferId", t.kind, t.from_id IS NULL AS issued,
        t.from_id IS NULL OR t.to_id IS NULL AS "oneSided",
        t.customer_id AS "customerId", t.purchase_id AS "purchaseId"
      FROM entry e JOIN transfer t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id
      WHERE e.tenant_id = ANY (${ids}::uuid[]) ORDER BY e.version`;
    const customers = await tx<CustomerRow[]>`
      SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", screens, coalesce(later_spans, '[]') AS "laterSpans", next_screens AS "nextScreens", is_trial AS "isTrial",
        (extract(epoch FROM expires_at) * 1000)::bigint AS "expiresAtMs", credits_spent AS "creditsSpent", canceled_at IS NOT NULL AS canceled
      FROM customer WHERE tenant_id = ANY (${ids}::uuid[])`;
    const purchases = await tx<PurchaseRow[]>`
      SELECT tenant_id AS "tenantId", id, buyer_id AS "buyerId", seller_id AS "sellerId", quantity, status, transfer_id AS "transferId", reference,
        charged_back AS "chargedBack", delivered_by AS "deliveredBy"
      FROM purchase WHERE tenant_id = ANY (${ids}::uuid[])`;
    const claims = await tx<ClaimState[]>`
      SELECT tenant_id AS "tenantId", id, purchase_id AS "purchaseId", dispute, reverses, debtor_id AS "debtorId", creditor_id AS "creditorId",
        quantity, owed, set_off AS "setOff", (extract(epoch FROM created_at) * 1000)::bigint AS "createdAtMs",
        (extract(epoch FROM reversed_at) * 1000)::bigint AS "reversedAtMs"
      FROM claim WHERE tenant_id = ANY (${ids}::uuid[])`;
    const payments = await tx<PaymentRow[]>`
      SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", customer_id AS "customerId", periods, screens, status, transfer_id AS "transferId",
        reference, payment_turn AS turn
      FROM customer_payment WHERE tenant_id = ANY (${ids}::uuid[])`;
    return { panels, accounts, entries, customers, purchases, claims, payments };
  });
}

/** Like `readTables`, for every tenant except the platform. */
export async function readAllTables(sql: Sql): Promise<Tables> {
  const rows = await sql<{ id: string }[]>`SELECT DISTINCT tenant_id AS id FROM reseller`;
  return readTables(
    sql,
    rows.map(({ id }) => id),
  );
}
