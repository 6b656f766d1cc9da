/** A moment some days away, to the minute. */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Rounded up to the minute, so that the same question has the same name in the cache for a while, and who has just paid 30
 * days is among those of 30 days.
 */
export function daysFromNow(days: number): string {
  const minute = (Math.floor(Date.now() / MINUTE_MS) + 1) * MINUTE_MS;
  return new Date(minute + days * DAY_MS).toISOString();
}
