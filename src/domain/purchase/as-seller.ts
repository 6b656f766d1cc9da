/** Finds a purchase as its seller, who may confirm or charge it back. */

import { type Actor, isInBranch, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { SettlePurchase } from '../../ledger/command.ts';
import { type RowId, requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { findPurchase } from './purchase-row.ts';

/** Who says that money arrived or went back. */
export const SALE_ROLES: readonly Role[] = ['OWNER', 'FINANCE', 'PLATFORM'];

type Sale = Omit<SettlePurchase, 'kind' | 'reference'>;

/**
 * What every command of a seller on one of its sales has. A panel's command on a purchase that is not its own to sell is made
 * for one that does not exist, so that the ledger refuses both alike, and after it looked at the panel's lock (R35).
 */
export async function saleOf({ sql }: Pick<Ports, 'sql'>, actor: Actor, purchase: RowId | null): Promise<Sale> {
  requireRole(actor, SALE_ROLES);
  const { panel, userId } = actor;
  const row = purchase && (await findPurchase(sql, purchase));
  const common = { key: null, hash: null, actorId: userId, roles: SALE_ROLES, transferId: uuidv7(), by: 'SELLER' } as const;
  if (panel === null) {
    if (!row || row.sellerId !== null) throw new NotFound();
    const { buyerId, id, sellerId, tenantId } = row;
    return { ...common, tenantId, scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID, purchaseId: id, buyerId, sellerId };
  }
  const { tenantId } = actor;
  const isOurs = row?.tenantId === tenantId && row.sellerId === panel.id && isInBranch(panel.path, row.buyerPath);
  const sides = isOurs ? { purchaseId: row.id, buyerId: row.buyerId } : { purchaseId: uuidv7(), buyerId: panel.id };
  return { ...common, tenantId, scopeTenantId: tenantId, scopeId: panel.id, sellerId: panel.id, ...sides };
}
