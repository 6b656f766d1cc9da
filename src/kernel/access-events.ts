/** Names the access events by which a service reports on a customer, and which change nothing about the customer's service. */

/** Reports of a service about a customer. Its panel receives them; services do not receive their own reports (ADR-0081). */
const SAID_BY_SERVICE = new Set(['SERVICE_READY', 'SERVICE_FAILED']);

export function isSaidByService(event: string): boolean {
  return SAID_BY_SERVICE.has(event);
}
