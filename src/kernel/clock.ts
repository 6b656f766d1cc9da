/** Milliseconds that never go backwards, for deadlines and measurements. Business rules use the database's clock (R25). */
export function monotonicMs(): number {
  return performance.now();
}

/** Whether both RFC 3339 and Postgres can write the time: its year in UTC is 1 to 9999, even if its own offset shows another year. */
export function isWritable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
