/** The tables of a tenant's export, except its customers. */

import type postgres from 'postgres';
import type { Transaction } from '../../db/sql.ts';
import { isAboutCustomers, presentSpelling, visibleChanges } from '../audit/shown.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: postgres.PendingQuery<postgres.Row[]>;
  /** Converts a page of rows for the export. If absent, rows are exported as they are read. */
  shown?(rows: Rows): Rows;
}

/** Reads all panels, closed ones too, parents before their children. `email` belongs to the oldest OWNER who can still sign in. */
export function readResellers(tx: Transaction, tenantId: string): Table {
  return {
    name: 'resellers',
    columns: [
      ...['id', 'parent', 'name', 'email', 'credits', 'locked', 'debt', 'keepReserve', 'reserveThreshold', 'createdAt'],
      ...['suspendedAt', 'suspensionReason', 'closedAt', 'mayCreateResellers', 'maxResellers', 'maxCustomers'],
      ...['maxTrialsPerDay', 'maxScreensPerCustomer', 'issued', 'consumed', 'withdrawn', 'version', 'isRoot'],
    ],
    query: tx`
      SELECT reseller.id, parent_id AS parent, name, owner.email, balance AS credits, locked::text AS locked, debt,
        keep_reserve::text AS "keepReserve", reserve_threshold AS "reserveThreshold", reseller.created_at AS "createdAt",
        suspended_at AS "suspendedAt", suspension_reason AS "suspensionReason", closed_at AS "closedAt",
        may_create_resellers::text AS "mayCreateResellers", max_resellers AS "maxResellers", max_customers AS "maxCustomers",
        max_trials_per_day AS "maxTrialsPerDay", max_screens_per_customer AS "maxScreensPerCustomer", issued, consumed, withdrawn, version,
        (parent_id IS NULL)::text AS "isRoot"
      FROM reseller JOIN account ON account.tenant_id = reseller.tenant_id AND account.id = reseller.id
      LEFT JOIN LATERAL (
        SELECT email FROM app_user
        WHERE app_user.tenant_id = ${tenantId} AND app_user.reseller_id = reseller.id AND role = 'OWNER' AND disabled_at IS NULL
        ORDER BY app_user.created_at, app_user.id LIMIT 1
      ) AS owner ON true
      WHERE reseller.tenant_id = ${tenantId} ORDER BY depth, reseller.id`,
  };
}

export function readPurchases(tx: Transaction, tenantId: string): Table {
  return {
    name: 'purchases',
    columns: [
      ...['id', 'number', 'buyer', 'seller', 'quantity', 'totalMinor', 'currency', 'provider', 'status', 'createdAt'],
      ...['expiresAt', 'reportedAt', 'reportNote', 'settledAt', 'reference', 'transfer', 'chargedBack', 'returnedMinor'],
    ],
    query: tx`
      SELECT id, number, buyer_id AS buyer, seller_id AS seller, quantity, total_minor AS "totalMinor", currency, provider,
        CASE WHEN status = 'PENDING' AND expires_at <= clock_timestamp() THEN 'EXPIRED' ELSE status::text END AS status,
        created_at AS "createdAt", expires_at AS "expiresAt", reported_at AS "reportedAt", report_note AS "reportNote",
        settled_at AS "settledAt", reference, transfer_id AS transfer, charged_back AS "chargedBack", returned_minor AS "returnedMinor"
      FROM purchase WHERE tenant_id = ${tenantId} ORDER BY id`,
  };
}

/** Reads every change of every account, as in its statement. `actor` is a user of the tenant, and empty for anybody else. */
export function readJournal(tx: Transaction, tenantId: string): Table {
  return {
    name: 'journal',
    columns: [
      'reseller',
      'version',
      'time',
      'kind',
      'credits',
      'balance',
      'transfer',
      'from',
      'to',
      'customer',
      'purchase',
      'memo',
      'actor',
    ],
    query: tx`
      SELECT entry.account_id AS reseller, entry.version, entry.created_at AS time, entry.kind, entry.delta AS credits,
        entry.balance_after AS balance, transfer.id AS transfer, from_id AS "from", to_id AS "to", customer_id AS customer,
        purchase_id AS purchase, memo, app_user.email AS actor
      FROM entry JOIN transfer ON transfer.tenant_id = entry.tenant_id AND transfer.id = entry.transfer_id
      LEFT JOIN app_user ON app_user.tenant_id = transfer.tenant_id AND app_user.id = actor_id
      WHERE entry.tenant_id = ${tenantId} ORDER BY entry.account_id, entry.version`,
  };
}

/** Reads the audit log. An entry about another panel's customer shows only the action and the names of the changed fields (R18). */
export function readAudit(tx: Transaction, tenantId: string): Table {
  return {
    name: 'audit-log',
    columns: ['id', 'time', 'reseller', 'action', 'subject', 'changes', 'actor', 'address'],
    query: tx`
      SELECT audit_log.id, audit_log.created_at AS time, audit_log.reseller_id AS reseller, action, subject, changes, email AS actor, address
      FROM audit_log LEFT JOIN app_user ON app_user.tenant_id = audit_log.tenant_id AND app_user.id = actor_id
      WHERE audit_log.tenant_id = ${tenantId} AND audit_log.reseller_id IS NOT NULL ORDER BY audit_log.id`,
    shown: (rows) =>
      rows.map((row) => {
        const action = String(row.action);
        const isStrangers = row.reseller !== tenantId && isAboutCustomers(action);
        const changes = JSON.stringify(visibleChanges(row.changes, isStrangers));
        return { ...row, action: presentSpelling(action), subject: isStrangers ? null : row.subject, changes };
      }),
  };
}
