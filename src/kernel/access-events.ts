/** Events of the access feed that change nothing of what a customer may use. */

/** What a service said of a customer: its panel is told, and services are not told what they said (ADR-0081). */
const SAID_BY_SERVICE = new Set(['SERVICE_READY', 'SERVICE_FAILED']);

export function isSaidByService(event: string): boolean {
  return SAID_BY_SERVICE.has(event);
}
