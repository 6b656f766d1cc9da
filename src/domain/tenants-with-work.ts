/** Decides where a background job works: on all tenants at once, or tenant by tenant in a distributed database (ADR-0133). */

import type { Topology } from '../db/topology.ts';

/** The port that decides it. */
interface Spread {
  readonly topology: Topology;
}

/** A tenant that has work for the job. */
export interface TenantWithWork {
  readonly tenantId: string;
}

/**
 * Returns `[null]` on a single database: one statement works on all tenants. A distributed database can lock rows of only one tenant
 * at a time. There, `find` lists without locks the tenants that have work, and the job checks each row again under its lock.
 */
export async function tenantsWithWork(
  { topology }: Spread,
  find: () => Promise<readonly TenantWithWork[]>,
): Promise<readonly (string | null)[]> {
  return topology === 'single' ? [null] : [...new Set((await find()).map(({ tenantId }) => tenantId))];
}
