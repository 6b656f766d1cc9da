/** The use case confirmPurchase: the seller says that the money arrived (R28). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requireRole } from '../input.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { text } from '../text.ts';
import { SALE_ROLES, saleOf } from './as-seller.ts';

const MAX_REFERENCE_CHARACTERS = 255;

const schema = z.object({
  /** A form sends an empty text when no reference was typed: it becomes null. */
  reference: z.union([z.literal('').transform(() => null), text(MAX_REFERENCE_CHARACTERS)]).nullish(),
});

/** The seller confirms that the money arrived: one commit makes the purchase PAID and posts its credits (R28). Returns after the commit. */
export async function confirmPurchase(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  actor: Actor,
  input: { readonly reference?: string | null | undefined },
  purchase: RowId | null,
): Promise<Posted | Replayed> {
  requireRole(actor, SALE_ROLES);
  const { reference } = checkInput(schema, input);
  const sale = await saleOf(ports, actor, purchase);
  return accepted(await ports.ledger.post({ kind: 'settlePurchase', ...sale, reference: reference ?? null }));
}
