/** The time some days from now, rounded up to the minute. */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Rounds up to the minute. The same query then keeps its cache key for a while, and a customer who has just paid for 30 days
 * is within the 30 days.
 */
export function daysFromNow(days: number): string {
  const minute = (Math.floor(Date.now() / MINUTE_MS) + 1) * MINUTE_MS;
  return new Date(minute + days * DAY_MS).toISOString();
}
