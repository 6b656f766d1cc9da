/** Decides what exists for a viewer: the resellers of its branch and its own customers (R18). */

import type { Account } from '../../prisma/generated/client/client.ts';
import { branchEnd, isInBranch, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import type { Context } from './context.ts';
import { loadersOf } from './loaders.ts';
import { isClosedByLock, isOwn, viewerOf } from './scopes.ts';

/**
 * Prisma's filter for rows of `reseller` (R18): a panel sees itself and everything below; the platform sees everything. The filter
 * also names the tenant, although paths of other tenants differ anyway.
 */
export function visibleResellers(ctx: Context) {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null) return { tenantId, path: { gte: panel.path, lt: branchEnd(panel.path) } };
  return role === 'PLATFORM' ? {} : { tenantId, path: '' };
}

/** Whether the viewer may see a row of `reseller` that was read already (R18). */
export function isVisible(ctx: Context, reseller: { readonly tenantId: string; readonly path: string }): boolean {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel === null) return role === 'PLATFORM';
  return reseller.tenantId === tenantId && isInBranch(panel.path, reseller.path);
}

/** Prisma's filter for rows of `customer`: only their own panel and the platform see them (R18). */
export function visibleCustomers(ctx: Context) {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null) return { tenantId, resellerId: panel.id };
  return role === 'PLATFORM' ? {} : { tenantId: PLATFORM_TENANT_ID };
}

/** Whether the viewer may see the customers of this panel. */
export function ownsCustomers(ctx: Context, reseller: { readonly tenantId: string; readonly id: string }): boolean {
  const { panel, role, tenantId } = viewerOf(ctx);
  return panel === null ? role === 'PLATFORM' : reseller.tenantId === tenantId && reseller.id === panel.id;
}

/** The text that a support session sees in place of secrets and of a customer's contact and notes (R43). */
const MASK = '•••';

/** The text, or a mask in a support session. Every secret of a panel that is returned must pass through this function. */
export function unlessMasked(ctx: Context, text: string | null): string | null {
  return text !== null && isMasked(ctx) ? MASK : text;
}

/** Whether contacts and secrets are hidden. Searching or ordering by them must then be impossible too, because it would reveal them. */
export function isMasked(ctx: Context): boolean {
  return viewerOf(ctx).support !== null;
}

/** The account, or null if the viewer may not see it: outside its branch (R18), or another panel's while it is locked (R8). */
export async function accountIfVisible(ctx: Context, tenantId: string, id: string | null): Promise<Account | null> {
  if (id === null) return null;
  // The lock is read even for the viewer's own account. All accounts of a page then resolve together, and so do the fields below.
  const [account, locked] = await Promise.all([loadersOf(ctx).account.load({ tenantId, id }), isClosedByLock(ctx)]);
  if (account === null || !isVisible(ctx, account.reseller)) return null;
  return locked && !isOwn(ctx, account) ? null : account;
}
