import { branchEnd, isInBranch } from '../src/kernel/actor.ts';
import type { Context } from './context.ts';
import { viewerOf } from './scopes.ts';

/**
 * R18 in one place: a panel sees itself and everything below; the platform sees everything. Prisma's filter for rows of
 * `reseller`. The tenant is named as well, although paths of other tenants differ too.
 */
export function visibleResellers(ctx: Context) {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null) return { tenantId, path: { gte: panel.path, lt: branchEnd(panel.path) } };
  return role === 'PLATFORM' ? {} : { tenantId, path: '' };
}

/** The same of a row at hand. */
export function isVisible(ctx: Context, reseller: { readonly tenantId: string; readonly path: string }): boolean {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel === null) return role === 'PLATFORM';
  return reseller.tenantId === tenantId && isInBranch(panel.path, reseller.path);
}
