/** Reads the database's clock, which business rules use (R25). */

import type { Sql } from './sql.ts';

/** The database's clock (R25), in whole milliseconds. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql<{ ms: number }[]>`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms`;
  if (row === undefined) throw new Error('the database returned no time');
  return new Date(row.ms);
}
