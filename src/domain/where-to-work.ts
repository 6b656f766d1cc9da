/** Says to a background job where it works: everywhere at once, or tenant by tenant in a distributed database (ADR-0133). */

import type { Topology } from '../db/topology.ts';

/** What a job has of its ports. */
interface Spread {
  readonly topology: Topology;
}

/** A tenant that has something to do. */
export interface HasWork {
  readonly tenantId: string;
}

/**
 * null: everywhere, by one statement. A distributed database locks rows of one tenant at a time: there `find` asks all of them without a
 * lock which have something to do, and what is taken is looked at again, under its lock, in each.
 */
export async function whereToWork({ topology }: Spread, find: () => Promise<readonly HasWork[]>): Promise<readonly (string | null)[]> {
  return topology === 'single' ? [null] : [...new Set((await find()).map(({ tenantId }) => tenantId))];
}
