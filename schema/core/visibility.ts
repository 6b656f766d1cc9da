/** What exists for a viewer: its branch of resellers, its own customers (R18). */

import type { Account } from '../../prisma/generated/client/client.ts';
import { branchEnd, isInBranch, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import type { Context } from './context.ts';
import { loadersOf } from './loaders.ts';
import { isClosedByLock, isOwn, viewerOf } from './scopes.ts';

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

/** Customers are seen by their own panel only, and by the platform (R18). Prisma's filter for rows of `customer`. */
export function visibleCustomers(ctx: Context) {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null) return { tenantId, resellerId: panel.id };
  return role === 'PLATFORM' ? {} : { tenantId: PLATFORM_TENANT_ID };
}

/** Whether the customers of this panel are the viewer's to see. */
export function ownsCustomers(ctx: Context, reseller: { readonly tenantId: string; readonly id: string }): boolean {
  const { panel, role, tenantId } = viewerOf(ctx);
  return panel === null ? role === 'PLATFORM' : reseller.tenantId === tenantId && reseller.id === panel.id;
}

/** What a support session is shown in place of a customer's contact and notes, and of every secret (R43). */
const MASK = '•••';

/** The text, unless this is a support session; no secret of a panel is answered but through this. */
export function unlessMasked(ctx: Context, text: string | null): string | null {
  return text !== null && isMasked(ctx) ? MASK : text;
}

/** Whether contacts and secrets are hidden: what would tell them by the way must not be searched or ordered by either. */
export function isMasked(ctx: Context): boolean {
  return viewerOf(ctx).support !== null;
}

/** A locked panel sees no account but its own (R8); nobody sees one outside its branch (R18). */
export async function accountIfVisible(ctx: Context, tenantId: string, id: string | null): Promise<Account | null> {
  if (id === null) return null;
  // The lock is asked for whoever's it is, so that all accounts of a page are there at once and what is below them is read together.
  const [account, locked] = await Promise.all([loadersOf(ctx).account.load({ tenantId, id }), isClosedByLock(ctx)]);
  if (account === null || !isVisible(ctx, account.reseller)) return null;
  return locked && !isOwn(ctx, account) ? null : account;
}
