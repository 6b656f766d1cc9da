/** The use case chargeBackPurchase: takes back credits whose payment was withdrawn (R29). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { Posted, Replayed } from '../../ledger/command.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, reasonSchema, requireRole } from '../input.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { SALE_ROLES, saleOf } from './as-seller.ts';

const schema = z.object({ reason: reasonSchema });

/** The seller says that the money went back: what is left of the credits is withdrawn, the rest is owed (R29). Answers after the commit. */
export async function chargeBackPurchase(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  actor: Actor,
  input: { readonly reason: string },
  purchase: RowId | null,
): Promise<Posted | Replayed> {
  requireRole(actor, SALE_ROLES);
  const { reason } = checkInput(schema, input);
  const sale = await saleOf(ports, actor, purchase);
  return accepted(await ports.ledger.post({ kind: 'chargeBackPurchase', ...sale, memo: reason }));
}
