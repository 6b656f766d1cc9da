/** The rows that the feed reads from the journal, and the events that are made of them. */

import type { Sql } from '../db/sql.ts';
import type { TransferKind } from '../kernel/journal.ts';
import type { BalanceEvent } from './feed.ts';

interface AccountRow {
  tenantId: string;
  id: string;
  reserveThreshold: number;
  debt: number;
  issued: number;
  consumed: number;
  withdrawn: number;
}

export interface PresentRow extends AccountRow {
  balance: number;
  version: number;
  lockedSince: Date | null;
  changedAt: Date;
}

export interface EntryRow extends AccountRow {
  version: number;
  delta: number;
  balanceAfter: number;
  entryAt: Date;
  transferId: string;
  kind: TransferKind;
  fromId: string | null;
  toId: string | null;
  amount: number;
  actorId: string;
  memo: string | null;
  customerId: string | null;
  purchaseId: string | null;
  transferAt: Date;
}

/** The columns of an account a with its entry e and transfer t, and of an access event e with its login l. */
export function columnsOf(sql: Sql) {
  const account = sql`
    a.tenant_id AS "tenantId", a.id, a.reserve_threshold AS "reserveThreshold", a.debt, a.issued, a.consumed, a.withdrawn`;
  const entry = sql`${account},
    e.version, e.delta, e.balance_after AS "balanceAfter", e.created_at AS "entryAt",
    t.id AS "transferId", t.kind, t.from_id AS "fromId", t.to_id AS "toId", t.amount, t.actor_id AS "actorId", t.memo, t.customer_id AS "customerId",
    t.purchase_id AS "purchaseId",
    t.created_at AS "transferAt"`;
  const access = sql`
    e.tenant_id AS "tenantId", e.version, e.event, e.customer_id AS "customerId", e.reseller_id AS "resellerId", e.active, e.screens,
    e.expires_at AS "expiresAt", e.at, l.login`;
  const accessLogin = sql`LEFT JOIN customer_access l ON l.tenant_id = e.tenant_id AND l.customer_id = e.customer_id`;
  const lastChange = sql`
    JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id
    JOIN entry e ON e.tenant_id = a.tenant_id AND e.account_id = a.id AND e.version = a.version
    JOIN transfer t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id`;
  return { account, entry, access, accessLogin, lastChange };
}

/** An array literal of ids or numbers, none of which needs quoting. */
export function arrayOf<T>(items: readonly T[], value: (item: T) => string | number): string {
  return `{${items.map(value).join(',')}}`;
}

export function presentEvent(row: PresentRow): BalanceEvent {
  const { lockedSince, changedAt, ...account } = row;
  return {
    account: { ...account, lockedSinceMs: lockedSince?.getTime() ?? null, changedAtMs: changedAt.getTime() },
    delta: 0,
    transfer: null,
  };
}

/** The account as of the entry. Fields that the entry does not record have their present values. */
export function entryEvent(row: EntryRow): BalanceEvent {
  const { tenantId, id, version, balanceAfter: balance, reserveThreshold, debt, issued, consumed, withdrawn } = row;
  const changedAtMs = row.entryAt.getTime();
  return {
    account: {
      tenantId,
      id,
      balance,
      version,
      // Every entry changes the balance, so an entry that ends at 0 is the one that locked the panel (R7).
      lockedSinceMs: balance === 0 ? changedAtMs : null,
      reserveThreshold,
      debt,
      issued,
      consumed,
      withdrawn,
      changedAtMs,
    },
    delta: row.delta,
    transfer: {
      tenantId,
      id: row.transferId,
      kind: row.kind,
      fromId: row.fromId,
      toId: row.toId,
      amount: row.amount,
      actorId: row.actorId,
      memo: row.memo,
      customerId: row.customerId,
      purchaseId: row.purchaseId,
      createdAtMs: row.transferAt.getTime(),
    },
  };
}
