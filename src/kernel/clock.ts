/** Milliseconds that never go back, for deadlines and measuring. Business time is the database's (R25). */
export function monotonicMs(): number {
  return performance.now();
}

/** Whether RFC 3339 and Postgres can both write the time: in UTC of the years 1 to 9999, although its own offset may say otherwise. */
export function isWritable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
