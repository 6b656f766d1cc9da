/** Names the access events by which a service reports on a customer, and which change nothing about the customer's service. */

/** Reports of a service about a customer. Its panel receives them; services do not receive their own reports (ADR-0081). */
const SERVICE_REPORTS = new Set(['SERVICE_READY', 'SERVICE_FAILED']);

export function isServiceReport(event: string): boolean {
  return SERVICE_REPORTS.has(event);
}
