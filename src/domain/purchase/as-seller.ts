/** Builds the command of a seller, who may confirm a sale or charge it back. */

import { type Actor, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { SettlePurchase } from '../../ledger/command.ts';
import { type RowId, requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { findPurchase } from './purchase-row.ts';

/** The roles that may confirm that money arrived or went back. */
export const SALE_ROLES: readonly Role[] = ['OWNER', 'FINANCE', 'PLATFORM'];
const OWNER: readonly Role[] = ['OWNER'];

type Sale = Omit<SettlePurchase, 'kind' | 'reference'>;

/**
 * The common fields of a seller's commands on one of its sales, wherever the buyer is now (R27). If the purchase is not the panel's
 * sale, the command names a purchase that does not exist. So the ledger refuses both in the same way, after it has checked the
 * panel's lock (R35).
 */
export async function saleOf({ sql }: Pick<Ports, 'sql'>, actor: Actor, purchase: RowId | null): Promise<Sale> {
  requireRole(actor, SALE_ROLES);
  const { panel, userId } = actor;
  const row = purchase && (await findPurchase(sql, purchase));
  const common = { key: null, hash: null, actorId: userId, roles: SALE_ROLES, transferId: uuidv7(), by: 'SELLER' } as const;
  if (panel === null) {
    if (!row) throw new NotFound();
    const { buyerId, id, sellerId, tenantId } = row;
    return { ...common, tenantId, scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID, purchaseId: id, buyerId, sellerId };
  }
  const { tenantId } = actor;
  // The tenant's owner may settle a sale that its seller can no longer deliver; the ledger decides whether that is so (R28).
  const standsIn = panel.id === tenantId && actor.role === 'OWNER';
  const scope = { tenantId, scopeTenantId: tenantId, scopeId: panel.id };
  if (row?.tenantId !== tenantId || row.sellerId === null || !(row.sellerId === panel.id || standsIn)) {
    return { ...common, ...scope, purchaseId: uuidv7(), buyerId: panel.id, sellerId: panel.id };
  }
  const { buyerId, id: purchaseId, sellerId } = row;
  return { ...common, ...scope, roles: sellerId === panel.id ? SALE_ROLES : OWNER, purchaseId, buyerId, sellerId };
}
