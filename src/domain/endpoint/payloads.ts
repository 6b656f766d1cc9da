/** Builds the payload of each kind of event: ids as in the API, and the state at the event's version. */

import type { RowId } from '../input.ts';
import type { AccountData, CustomerData, PurchaseData, ReminderData, ResellerData } from './event-schemas.ts';
import type { WebhookEvent, WebhookScope } from './events.ts';
import type { NewDelivery } from './write-deliveries.ts';

/** Encodes a row's id as the API shows it to users of the tenant. */
export type WriteId = (type: 'Customer' | 'Reseller' | 'Purchase', row: RowId) => string;

export interface CustomerEventRow {
  readonly tenantId: string;
  readonly version: number;
  readonly event: WebhookEvent;
  readonly customerId: string;
  readonly resellerId: string;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date;
  readonly at: Date;
  readonly login: string | null;
  readonly name: string;
  readonly contact: string | null;
}

/**
 * With the scope TENANT it has no more than a service may read (R49). With PANEL it also names the customer. It never contains a
 * secret.
 */
export function customerEvent(writeId: WriteId, scope: WebhookScope, row: CustomerEventRow): NewDelivery {
  const { active, at, contact, customerId, event, expiresAt, login, name, resellerId, screens, tenantId, version } = row;
  const data: CustomerData = {
    customerId: writeId('Customer', { tenantId, id: customerId }),
    resellerId: writeId('Reseller', { tenantId, id: resellerId }),
    ...{ login, active, screens, expiresAt: expiresAt.toISOString() },
    ...(scope === 'PANEL' ? { name, contact } : {}),
  };
  return { event, version, at, subject: `customer ${customerId}`, data };
}

export interface AccountEventRow {
  readonly tenantId: string;
  readonly accountId: string;
  readonly version: number;
  readonly kind: string;
  readonly delta: number;
  readonly balanceAfter: number;
  readonly reserveThreshold: number;
  readonly at: Date;
}

/** Returns the selected events of one entry. ACCOUNT_CHANGED comes first. */
export function accountEvents(writeId: WriteId, wanted: ReadonlySet<string>, row: AccountEventRow): NewDelivery[] {
  const { accountId, at, balanceAfter: balance, delta, kind, reserveThreshold, tenantId, version } = row;
  const before = balance - delta;
  const locked = balance === 0;
  const lowBalance = balance <= reserveThreshold;
  const happened: Partial<Record<WebhookEvent, boolean>> = {
    ACCOUNT_CHANGED: true,
    ACCOUNT_LOCKED: locked,
    ACCOUNT_UNLOCKED: before === 0,
    ACCOUNT_LOW: lowBalance && before > reserveThreshold,
  };
  const events = (Object.keys(happened) as WebhookEvent[]).filter((event) => happened[event] && wanted.has(event));
  const data: AccountData = { resellerId: writeId('Reseller', { tenantId, id: accountId }), kind, delta, balance, locked, lowBalance };
  return events.map((event) => ({ event, version, at, subject: `account ${accountId}`, data }));
}

export interface PurchaseEventRow extends RowId {
  readonly revision: number;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly number: number;
  readonly status: string;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly provider: string;
  readonly expiresAt: Date;
  readonly reportedAt: Date | null;
  readonly now: Date;
}

export function purchaseEvent(writeId: WriteId, row: PurchaseEventRow): NewDelivery {
  const { buyerId, currency, expiresAt, id, now, number, provider, quantity, reportedAt, revision, sellerId, status, tenantId } = row;
  const data: PurchaseData = {
    purchaseId: writeId('Purchase', row),
    number,
    buyerId: writeId('Reseller', { tenantId, id: buyerId }),
    sellerId: sellerId && writeId('Reseller', { tenantId, id: sellerId }),
    status: status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status,
    ...{ quantity, totalMinor: row.totalMinor, currency, provider },
    expiresAt: expiresAt.toISOString(),
    reportedAt: reportedAt?.toISOString() ?? null,
  };
  return { event: 'PURCHASE_CHANGED', version: revision, at: now, subject: `purchase ${id}`, data };
}

export interface ResellerEventRow extends RowId {
  readonly revision: number;
  readonly parentId: string | null;
  readonly name: string;
  readonly suspended: boolean;
  readonly closed: boolean;
  readonly createdAt: Date;
  readonly now: Date;
}

/** Returns the event of a new panel, of a changed status, or both if the status changed before the first round. */
export function resellerEvents(writeId: WriteId, isNew: boolean, row: ResellerEventRow): NewDelivery[] {
  const { closed, createdAt, id, name, now, parentId, revision, suspended, tenantId } = row;
  const data: ResellerData = {
    resellerId: writeId('Reseller', row),
    parentId: parentId && writeId('Reseller', { tenantId, id: parentId }),
    name,
    status: closed ? 'CLOSED' : suspended ? 'SUSPENDED' : 'ACTIVE',
  };
  const subject = `reseller ${id}`;
  return [
    ...(isNew ? [{ event: 'RESELLER_CREATED', version: 1, at: createdAt, subject, data } as const] : []),
    ...(revision > 1 ? [{ event: 'RESELLER_STATUS_CHANGED', version: revision, at: now, subject, data } as const] : []),
  ];
}

export interface ReminderEventRow extends RowId {
  readonly number: number;
  readonly customerId: string;
  readonly resellerId: string;
  readonly name: string;
  readonly contact: string | null;
  readonly expiresAt: Date;
  readonly dueAt: Date;
  readonly text: string;
}

/**
 * The prefix of a reminder's subject, before the message's id. By it each attempt finds the reminder and checks whether it still
 * applies.
 */
export const REMINDER_SUBJECT = 'reminder ';

/**
 * Reminders go to endpoints of the customer's own panel only. Each has its own subject, so it does not wait for another delivery and
 * become late.
 */
export function reminderEvent(writeId: WriteId, row: ReminderEventRow): NewDelivery {
  const { contact, customerId, dueAt, expiresAt, id, name, number, resellerId, tenantId, text } = row;
  const data: ReminderData = {
    customerId: writeId('Customer', { tenantId, id: customerId }),
    resellerId: writeId('Reseller', { tenantId, id: resellerId }),
    ...{ name, contact, text, expiresAt: expiresAt.toISOString(), dueAt: dueAt.toISOString() },
  };
  return { event: 'CUSTOMER_REMINDED', version: number, at: dueAt, subject: `${REMINDER_SUBJECT}${id}`, data };
}
