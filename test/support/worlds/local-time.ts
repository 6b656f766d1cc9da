/** Time zones in which it is an hour of the test's choice: what is tested of a day does not depend on when it is tested. */

import type { Sql } from '../../../src/db/sql.ts';

/** A zone where that hour has begun, by the database's clock; its next midnight is (24 - hour) hours away, less the minutes. */
export async function zoneAt(sql: Sql, hour: number): Promise<string> {
  const [row] = await sql<{ utc: number }[]>`SELECT extract(hour FROM clock_timestamp() AT TIME ZONE 'UTC')::integer AS utc`;
  // From 11 hours behind to 12 ahead. A zone's name has its sign the other way round.
  const ahead = ((hour - (row?.utc ?? 0) + 35) % 24) - 11;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
