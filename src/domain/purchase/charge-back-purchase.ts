/** The use case chargeBackPurchase: the seller says that the money of a sale went back (R29). */
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { issueAmountSchema, keySchema, type RowId, reasonSchema, requireRole } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { SALE_ROLES, saleOf } from './as-seller.ts';

const schema = z.object({ reason: reasonSchema, quantity: issueAmountSchema.nullish(), idempotencyKey: keySchema.nullish() });

export interface ChargeBackInput {
  /** As the caller wrote it. */
  readonly purchaseId: string;
  readonly reason: string;
  /** The credits to take back. If absent: all that are left of the purchase. */
  readonly quantity?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * The credits that the buyer has left go back to their seller, and the buyer owes the rest (R29). If the purchase's credits were
 * never posted, the seller has sent the money back and the purchase is CANCELED. Returns after the commit.
 */
export async function chargeBackPurchase(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  actor: Actor,
  input: ChargeBackInput,
  purchase: RowId | null,
): Promise<Posted | Replayed> {
  requireRole(actor, SALE_ROLES);
  const { idempotencyKey, quantity, reason } = checkInput(schema, input);
  const sale = await saleOf(ports, actor, purchase);
  const command = { kind: 'chargeBackPurchase', ...sale, dispute: null, quantity: quantity ?? null, memo: reason } as const;
  if (!idempotencyKey) return accepted(await ports.ledger.post(command));
  const { hash, key } = keyed('chargeBackPurchase', actor, SALE_ROLES, { ...input, idempotencyKey });
  return accepted(await ports.ledger.post({ ...command, key, hash }));
}
