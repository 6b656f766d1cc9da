/** The use case reclaimCredits: takes unspent credits back from a child (R15). */

import { z } from 'zod';
import type { Actor, Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { amountSchema, keySchema, type RowId, reasonSchema, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const RECLAIM_ROLES: readonly Role[] = ['OWNER', 'FINANCE'];

const schema = z.object({ amount: amountSchema, reason: reasonSchema, idempotencyKey: keySchema });

export interface ReclaimCreditsInput {
  /** As the caller wrote it. */
  readonly fromResellerId: string;
  readonly amount: number;
  /** Both panels see it as the transfer's memo. */
  readonly reason: string;
  readonly idempotencyKey: string;
}

/**
 * Takes unspent credits back from a direct child, if the tenant's policy allows it (R15). `from` is the row that `fromResellerId`
 * names, or null.
 */
export async function reclaimCredits(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: ReclaimCreditsInput,
  from: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, RECLAIM_ROLES);
  const { amount, reason } = checkInput(schema, input);
  const outcome = await ports.ledger.post({
    ...keyed('reclaimCredits', actor, RECLAIM_ROLES, input),
    transferId: uuidv7(),
    fromId: from?.id ?? null,
    amount,
    memo: reason,
  });
  return accepted(outcome);
}
