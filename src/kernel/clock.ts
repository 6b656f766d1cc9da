/** Milliseconds that never go back, for deadlines and measuring. Business time is the database's (R25). */
export function monotonicMs(): number {
  return performance.now();
}
