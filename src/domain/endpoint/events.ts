/** The events that an endpoint may ask for, and where each comes from. */

/** Changes of what a customer may use: the access feed's (R48). */
const CUSTOMER_EVENTS = [
  ...(['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_SCREENS_CHANGED', 'CUSTOMER_CANCELED', 'CUSTOMER_EXPIRED'] as const),
  ...(['CUSTOMER_MOVED', 'TRIAL_STARTED', 'ACCESS_RESET', 'SPENDING_UNDONE'] as const),
  // What a service said, or is asked to try again: nothing of what the customer may use (ADR-0081).
  ...(['SERVICE_READY', 'SERVICE_FAILED', 'SERVICE_RETRIED'] as const),
] as const;
/** Changes of an account: its entries (R33). */
export const ACCOUNT_EVENTS = ['ACCOUNT_CHANGED', 'ACCOUNT_LOCKED', 'ACCOUNT_UNLOCKED', 'ACCOUNT_LOW'] as const;
/** Changes of purchases and panels, as they are found by the transactions that made them (ADR-0075), or queued (ADR-0136). */
const CHANGE_EVENTS = ['PURCHASE_CHANGED', 'RESELLER_CREATED', 'RESELLER_STATUS_CHANGED'] as const;

/** That a customer is to be reminded of its end, by a rule of its panel (R58). */
const REMINDER_EVENTS = ['CUSTOMER_REMINDED'] as const;

export const WEBHOOK_EVENTS = [...CUSTOMER_EVENTS, ...ACCOUNT_EVENTS, ...CHANGE_EVENTS, ...REMINDER_EVENTS] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** PANEL: of the panel that the endpoint belongs to. TENANT: of all panels of the tenant, without personal data. */
export type WebhookScope = 'PANEL' | 'TENANT';

/** PENDING: not tried yet. RETRYING: tried in vain, and will be again. DEAD: not tried any more. */
export type DeliveryStatus = 'PENDING' | 'RETRYING' | 'DELIVERED' | 'DEAD';

/** Why an endpoint is not told anything. */
export type DisabledReason = 'BY_OWNER' | 'GONE' | 'FAILING';

export function isWebhookEvent(name: string): name is WebhookEvent {
  return (WEBHOOK_EVENTS as readonly string[]).includes(name);
}

/** As the type of a message says it: CUSTOMER_RENEWED is customer.renewed. */
export function typeOf(event: WebhookEvent): string {
  return event.toLowerCase().replace('_', '.');
}
