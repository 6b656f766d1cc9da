/** Whether the tables are all in one database, or spread by tenant over several machines, as the database itself says. */

import type { Sql } from './sql.ts';

/** citus: the tables are distributed by `tenant_id` (ADR-0129), so a statement names one tenant, and a transaction is one tenant's. */
export type Topology = 'single' | 'citus';

/** Asked once, at the start. An extension without distributed tables changes nothing. */
export async function readTopology(sql: Sql): Promise<Topology> {
  const [extension] = await sql`SELECT FROM pg_extension WHERE extname = 'citus'`;
  if (extension === undefined) return 'single';
  const [tenant] = await sql`SELECT FROM pg_dist_partition WHERE logicalrelid = 'tenant'::regclass`;
  return tenant === undefined ? 'single' : 'citus';
}
