/** Reads from the database whether its tables are on one machine or distributed by tenant over several. */

import type { Sql } from './sql.ts';

/** With 'citus' the tables are distributed by `tenant_id` (ADR-0129), so each statement and each transaction must be for one tenant. */
export type Topology = 'single' | 'citus';

/** Call this once, at the start. The extension alone, without distributed tables, counts as 'single'. */
export async function readTopology(sql: Sql): Promise<Topology> {
  const [extension] = await sql`SELECT FROM pg_extension WHERE extname = 'citus'`;
  if (extension === undefined) return 'single';
  const [tenant] = await sql`SELECT FROM pg_dist_partition WHERE logicalrelid = 'tenant'::regclass`;
  return tenant === undefined ? 'single' : 'citus';
}
