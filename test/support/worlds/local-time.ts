/** Time zones with a chosen local hour, so that a test does not depend on the time of day; and a way to move times in rows. */

import type { Sql } from '../../../src/db/sql.ts';

/** A zone in which `hour` has begun by the database's clock. Its next midnight is (24 - hour) hours away, less the minutes. */
export async function zoneAt(sql: Sql, hour: number): Promise<string> {
  const [row] = await sql<{ utc: number }[]>`SELECT extract(hour FROM clock_timestamp() AT TIME ZONE 'UTC')::integer AS utc`;
  // The zones go from 11 hours behind UTC to 12 ahead. The sign in a zone's name is reversed.
  const ahead = ((hour - (row?.utc ?? 0) + 35) % 24) - 11;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/**
 * Moves a time in one row, or in rows that share the time, and returns the number of rows. It takes two statements,
 * because a distributed database computes nothing from the columns that a statement writes.
 */
export async function shiftTime(sql: Sql, time: `${string}.${string}`, by: string, where: string, id: string): Promise<number> {
  const [table, column] = time.split('.');
  const [row] = await sql.unsafe<{ at: Date }[]>(`SELECT ${column} + $1::interval AS at FROM ${table} WHERE ${where} = $2`, [by, id]);
  if (row === undefined) return 0;
  return (await sql.unsafe(`UPDATE ${table} SET ${column} = $1 WHERE ${where} = $2`, [row.at, id])).count;
}

/** One hour after today began for the demo's tenant. */
export async function firstHour(sql: Sql): Promise<Date> {
  const [row] = await sql<{ at: Date }[]>`
    SELECT date_trunc('day', now() AT TIME ZONE time_zone) AT TIME ZONE time_zone + interval '1 hour' AS at
    FROM tenant WHERE id = (SELECT tenant_id FROM app_user WHERE email = 'root@demo.test')`;
  return row?.at ?? Promise.reject(new Error('no tenant'));
}
