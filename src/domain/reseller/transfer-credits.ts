/** The use case transferCredits: credits to a direct child (R14). */

import { z } from 'zod';
import type { Actor, Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { TransferCredits } from '../../ledger/command.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { amountSchema, keySchema, memoSchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const TRANSFER_ROLES: readonly Role[] = ['OWNER', 'FINANCE'];

const schema = z.object({ amount: amountSchema, memo: memoSchema, idempotencyKey: keySchema });

export interface TransferCreditsInput {
  /** As the caller wrote it. */
  readonly toResellerId: string;
  readonly amount: number;
  readonly memo?: string | null | undefined;
  readonly useReserve?: boolean | undefined;
  readonly idempotencyKey: string;
}

/**
 * Transfers credits from the acting panel to its direct child (R14). `to` is the row that `toResellerId` names, or null. Returns
 * after the commit.
 */
export async function transferCredits(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: TransferCreditsInput,
  to: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, TRANSFER_ROLES);
  return accepted(await ports.ledger.post(transferCommand(actor, input, to, 'input')));
}

/**
 * Checks the input and makes its command. `path` names the input in refusals. A transfer in a batch is the same command as a single
 * one, and shares its keys.
 */
export function transferCommand(actor: Actor, input: TransferCreditsInput, to: RowId | null, path: string): TransferCredits {
  const { amount, memo } = checkInput(schema, input, path);
  return {
    ...keyed('transferCredits', actor, TRANSFER_ROLES, input),
    transferId: uuidv7(),
    toId: to?.id ?? null,
    amount,
    memo: memo ?? null,
    useReserve: input.useReserve,
  };
}
