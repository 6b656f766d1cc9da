/** Time zones in which it is an hour of the choice of a test, which so does not depend on when it runs; and times of rows that are moved. */

import type { Sql } from '../../../src/db/sql.ts';

/** A zone where that hour has begun, by the database's clock; its next midnight is (24 - hour) hours away, less the minutes. */
export async function zoneAt(sql: Sql, hour: number): Promise<string> {
  const [row] = await sql<{ utc: number }[]>`SELECT extract(hour FROM clock_timestamp() AT TIME ZONE 'UTC')::integer AS utc`;
  // From 11 hours behind to 12 ahead. A zone's name has its sign the other way round.
  const ahead = ((hour - (row?.utc ?? 0) + 35) % 24) - 11;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/**
 * Moves a time of the one row, or of rows that have the same: in two steps, because a distributed database computes nothing with the
 * columns of what it writes. Answers how many rows were moved.
 */
export async function shiftTime(sql: Sql, time: `${string}.${string}`, by: string, where: string, id: string): Promise<number> {
  const [table, column] = time.split('.');
  const [row] = await sql.unsafe<{ at: Date }[]>(`SELECT ${column} + $1::interval AS at FROM ${table} WHERE ${where} = $2`, [by, id]);
  if (row === undefined) return 0;
  return (await sql.unsafe(`UPDATE ${table} SET ${column} = $1 WHERE ${where} = $2`, [row.at, id])).count;
}

/** An hour after the day of the demo's tenant began. */
export async function firstHour(sql: Sql): Promise<Date> {
  const [row] = await sql<{ at: Date }[]>`
    SELECT date_trunc('day', now() AT TIME ZONE time_zone) AT TIME ZONE time_zone + interval '1 hour' AS at
    FROM tenant WHERE id = (SELECT tenant_id FROM app_user WHERE email = 'root@demo.test')`;
  return row?.at ?? Promise.reject(new Error('no tenant'));
}
