/** Writes an audit log entry in the transaction of the change that it describes. */

import type { Sql, Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Ports } from '../ports.ts';

/** What a change that moves no credits is called. A use case with a new one adds it here. */
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

/** One field, in words for a person. Never a secret: of a password, a key or a token only that it changed. */
export interface AuditChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface AuditEntry {
  /** The tenant whose rows changed, which for the platform's users is not their own. */
  readonly tenantId: string;
  /** The panel it happened in; null for the platform's own matters, which no panel may read. */
  readonly resellerId: string | null;
  readonly actorId: string;
  /**
   * Where it was done from. Actors are cached by token and have no address: a use case that records takes an `Acting`
   * (kernel/actor.ts), which the schema makes with `actingOf(ctx)`.
   */
  readonly address: string | null;
  readonly action: AuditAction;
  /** What it was done to, in words: a name or an e-mail. */
  readonly subject: string | null;
  readonly changes: readonly AuditChange[];
}

/** Writes one entry in the transaction of the change itself: both are there, or neither. Entries are never changed or removed. */
export async function recordAudit(tx: Sql | Transaction, entry: AuditEntry): Promise<void> {
  await tx`
    INSERT INTO audit_log (tenant_id, id, reseller_id, actor_id, action, subject, changes, address, created_at)
    VALUES (${entry.tenantId}, ${uuidv7()}, ${entry.resellerId}, ${entry.actorId}, ${entry.action}, ${entry.subject},
      ${JSON.stringify(entry.changes)}::text::jsonb, ${entry.address}, date_trunc('milliseconds', clock_timestamp()))`;
}

/**
 * An entry that may be for the log of another tenant, as the platform's, than the one whose rows this transaction changes. On a distributed
 * database that log may be on another machine: it is committed there first, so that nothing happens without it (ADR-0134).
 */
export async function recordBeside(
  { directory }: Pick<Ports, 'directory'>,
  tx: Transaction,
  changedTenantId: string,
  entry: AuditEntry,
): Promise<void> {
  if (directory === null || entry.tenantId === changedTenantId) return recordAudit(tx, entry);
  await directory.apart((sql) => recordAudit(sql, entry));
}
