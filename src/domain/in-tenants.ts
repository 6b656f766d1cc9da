/** Queries rows of several tenants: in one statement, or tenant by tenant in a distributed database (ADR-0129). */

import { byTenant } from '../db/by-tenant.ts';
import type { Ports } from './ports.ts';

/** `read` must return its answers in the order of `asked`, and its statements must name their tenant with `tenantFragment`. */
export async function inTenants<Asked extends { readonly tenantId: string }, Answer>(
  { topology }: Pick<Ports, 'topology'>,
  asked: readonly Asked[],
  read: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  return topology === 'single' ? read(asked) : byTenant(asked, (_, own) => read(own));
}
