/** The events that an endpoint can select, and their sources. */

/** Changes of a customer's access, from the access feed (R48). */
const CUSTOMER_EVENTS = [
  ...(['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_SCREENS_CHANGED', 'CUSTOMER_CANCELED', 'CUSTOMER_EXPIRED'] as const),
  ...(['CUSTOMER_MOVED', 'TRIAL_STARTED', 'ACCESS_RESET', 'SPENDING_UNDONE'] as const),
  // Reports of the service, and requests to retry. They do not change what the customer may use (ADR-0081).
  ...(['SERVICE_READY', 'SERVICE_FAILED', 'SERVICE_RETRIED'] as const),
] as const;
/** Changes of an account, from its entries (R33). */
export const ACCOUNT_EVENTS = ['ACCOUNT_CHANGED', 'ACCOUNT_LOCKED', 'ACCOUNT_UNLOCKED', 'ACCOUNT_LOW'] as const;
/** Changes of purchases and panels, found by their transactions (ADR-0075) or in a queue (ADR-0136). */
const CHANGE_EVENTS = ['PURCHASE_CHANGED', 'RESELLER_CREATED', 'RESELLER_STATUS_CHANGED'] as const;

/** Reminders about the end of a customer's service, by a rule of its panel (R58). */
const REMINDER_EVENTS = ['CUSTOMER_REMINDED'] as const;

export const WEBHOOK_EVENTS = [...CUSTOMER_EVENTS, ...ACCOUNT_EVENTS, ...CHANGE_EVENTS, ...REMINDER_EVENTS] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** PANEL: events of the endpoint's own panel. TENANT: events of all panels of the tenant, without personal data. */
export type WebhookScope = 'PANEL' | 'TENANT';

/** PENDING: not tried yet. RETRYING: failed, and will be tried again. DEAD: given up. */
export type DeliveryStatus = 'PENDING' | 'RETRYING' | 'DELIVERED' | 'DEAD';

/** Why an endpoint is disabled. */
export type DisabledReason = 'BY_OWNER' | 'GONE' | 'FAILING';

export function isWebhookEvent(name: string): name is WebhookEvent {
  return (WEBHOOK_EVENTS as readonly string[]).includes(name);
}

/** The type in a message: customer.renewed for CUSTOMER_RENEWED. */
export function typeOf(event: WebhookEvent): string {
  return event.toLowerCase().replace('_', '.');
}
