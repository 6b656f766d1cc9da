/** Asks for rows of several tenants as the database is spread: all at once, or tenant by tenant (ADR-0129). */

import { byTenant } from '../db/by-tenant.ts';
import type { Ports } from './ports.ts';

/** `ask` answers in the order asked; its statements name their tenant by `tenantOf`. */
export async function inTenants<Asked extends { readonly tenantId: string }, Answer>(
  { topology }: Pick<Ports, 'topology'>,
  asked: readonly Asked[],
  ask: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  return topology === 'single' ? ask(asked) : byTenant(asked, (_, own) => ask(own));
}
