/** Writes an audit log entry in the transaction of the change that it describes. */

import type { Sql, Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Ports } from '../ports.ts';

/** The names of changes that move no credits. A use case with a new kind of change adds it here. */
export type AuditAction =
  | 'ACCESS_RESET'
  | 'API_KEY_CREATED'
  | 'API_KEY_REVOKED'
  | 'EMAIL_CHANGED'
  | 'INVITATION_ACCEPTED'
  | 'MAIL_NOT_DELIVERED'
  | 'OWNERS_INVITED'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'RECOVERY_CODES_REGENERATED'
  | 'RESELLER_CLOSED'
  | 'RESELLER_MOVED'
  | 'RESELLER_RESUMED'
  | 'RESELLER_LIMITS_SET'
  | 'RESELLER_SUSPENDED'
  | 'RESELLER_UPDATED'
  | 'SESSION_REVOKED'
  | 'SESSIONS_REVOKED'
  | 'SUPPORT_SESSION_OPENED'
  | 'TENANT_EXPORTED'
  | 'TENANT_POLICY_SET'
  | 'TOTP_DISABLED'
  | 'TOTP_ENABLED'
  | 'USER_ACCESS_RESET'
  | 'USER_INVITED'
  | 'USER_UPDATED'
  | 'CREDIT_PACKAGES_SET'
  | 'PAYMENT_NOT_MATCHED'
  | 'PAYMENT_PROVIDER_SET'
  | 'SELLER_CARD_SET'
  | 'PLANS_SET'
  | 'RENEWAL_LINK_RESET'
  | 'CUSTOMER_PAYMENT_CONFIRMED'
  | 'CUSTOMER_PAYMENT_REFUNDED'
  | 'REMINDER_RULES_SET'
  | 'TRIAL_STARTED'
  | 'CUSTOMER_UPDATED'
  | 'CUSTOMER_CANCELED'
  | 'NEXT_SCREENS_SET'
  | 'PURCHASE_CANCELED'
  | 'IMPORT_COMMITTED'
  | 'WEBHOOK_CREATED'
  | 'WEBHOOK_DISABLED'
  | 'WEBHOOK_REMOVED'
  | 'WEBHOOK_SECRET_ROTATED'
  | 'WEBHOOK_UPDATED';

/** The change of one field, for people to read. It never has a secret: of a password, key or token only that it changed. */
export interface AuditChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface AuditEntry {
  /** The tenant in whose log the entry is written. For users of the platform it may be another tenant than their own. */
  readonly tenantId: string;
  /** The panel in whose log the entry is written. null for the platform's own log, which no panel may read. */
  readonly resellerId: string | null;
  readonly actorId: string;
  /**
   * The network address of the actor. Actors are cached by token and have no address. So a use case that writes an entry takes an
   * `Acting` (kernel/actor.ts), which the schema makes with `actingOf(ctx)`.
   */
  readonly address: string | null;
  readonly action: AuditAction;
  /** The object of the change, for people to read: a name or an e-mail. */
  readonly subject: string | null;
  readonly changes: readonly AuditChange[];
}

/** Writes one entry in the transaction of the change itself: both are committed, or neither. Entries are never changed or removed. */
export async function recordAudit(tx: Sql | Transaction, entry: AuditEntry): Promise<void> {
  await tx`
    INSERT INTO audit_log (tenant_id, id, reseller_id, actor_id, action, subject, changes, address, created_at)
    VALUES (${entry.tenantId}, ${uuidv7()}, ${entry.resellerId}, ${entry.actorId}, ${entry.action}, ${entry.subject},
      ${JSON.stringify(entry.changes)}::text::jsonb, ${entry.address}, date_trunc('milliseconds', clock_timestamp()))`;
}

/**
 * Writes an entry that may belong to the log of another tenant, for example the platform's, than the one whose rows this transaction
 * changes. In a distributed database that log may be on another node: the entry is committed there first, so that no change happens
 * without it (ADR-0134).
 */
export async function recordInAnyTenant(
  { directory }: Pick<Ports, 'directory'>,
  tx: Transaction,
  changedTenantId: string,
  entry: AuditEntry,
): Promise<void> {
  if (directory === null || entry.tenantId === changedTenantId) return recordAudit(tx, entry);
  await directory.onOtherMachine((sql) => recordAudit(sql, entry));
}
