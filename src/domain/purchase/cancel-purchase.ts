/** The use case cancelPurchase: the buyer cancels its own pending purchase (R28). */

import type { Acting } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { type RowId, requirePanel } from '../input.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { BUY_ROLES } from './buy-credits.ts';
import { findPurchase } from './purchase-row.ts';

/**
 * Cancels the acting panel's own order while it is PENDING. A locked or suspended panel may do it too. Money that arrives later is
 * recorded (R28).
 */
export async function cancelPurchase(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  { actor, address }: Acting,
  purchase: RowId | null,
): Promise<Posted | Replayed> {
  const panel = requirePanel(actor, BUY_ROLES);
  const row = purchase && (await findPurchase(ports.sql, purchase));
  if (row?.buyerId !== panel.id || row.tenantId !== actor.tenantId) throw new NotFound();
  const { buyerId, id, sellerId, tenantId } = row;
  return accepted(
    await ports.ledger.post({
      kind: 'cancelPurchase',
      ...{ tenantId, scopeTenantId: tenantId, scopeId: panel.id, key: null, hash: null },
      ...{ actorId: actor.userId, roles: BUY_ROLES, purchaseId: id, buyerId, sellerId, auditId: uuidv7(), address },
    }),
  );
}
