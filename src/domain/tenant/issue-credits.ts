/** The use case issueCredits: adds new credits to a tenant (R6). */

import { z } from 'zod';
import { type Actor, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { issueAmountSchema, keySchema, memoSchema, type RowId, requireRole } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const ISSUE_ROLES: readonly Role[] = ['PLATFORM'];

const schema = z.object({ amount: issueAmountSchema, memo: memoSchema, idempotencyKey: keySchema });

export interface IssueCreditsInput {
  /** As the caller wrote it. */
  readonly resellerId: string;
  readonly amount: number;
  readonly memo?: string | null | undefined;
  readonly idempotencyKey: string;
}

/** Issues new credits to any panel of a tenant (R6). `to` is the row that `resellerId` names, or null. */
export async function issueCredits(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: IssueCreditsInput,
  to: RowId | null,
): Promise<Posted | Replayed> {
  requireRole(actor, ISSUE_ROLES);
  const { amount, memo } = checkInput(schema, input);
  const outcome = await ports.ledger.post({
    ...keyed('issueCredits', actor, ISSUE_ROLES, input),
    tenantId: to?.tenantId ?? PLATFORM_TENANT_ID,
    transferId: uuidv7(),
    toId: to?.id ?? null,
    amount,
    memo: memo ?? null,
  });
  return accepted(outcome);
}
