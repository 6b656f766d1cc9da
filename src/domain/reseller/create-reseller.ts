/** The use case createReseller: a child panel with its first credits (R13). */

import { z } from 'zod';
import type { Actor, Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { emailSchema } from '../identity/email.ts';
import { passwordSchema } from '../identity/passwords.ts';
import { keySchema, nameSchema, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const CREATE_RESELLER_ROLES: readonly Role[] = ['OWNER', 'FINANCE'];

const schema = z.object({
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
  initialCredits: z.number().int(),
  idempotencyKey: keySchema,
});

export interface CreateResellerInput {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly initialCredits: number;
  readonly useReserve?: boolean | undefined;
  readonly idempotencyKey: string;
}

/**
 * Creates a child of the acting panel with its owner, and moves its first credits there, in one transaction (R13). Returns after the
 * commit.
 */
export async function createReseller(
  ports: Pick<Ports, 'ledger' | 'passwords'>,
  actor: Actor,
  input: CreateResellerInput,
): Promise<Posted | Replayed> {
  requirePanel(actor, CREATE_RESELLER_ROLES);
  const { name, email, password, initialCredits } = checkInput(schema, input);
  const outcome = await ports.ledger.post({
    ...keyed('createReseller', actor, CREATE_RESELLER_ROLES, { ...input, name, email }),
    transferId: uuidv7(),
    resellerId: uuidv7(),
    name,
    owner: { id: uuidv7(), email, passwordHash: await ports.passwords.hash(password) },
    amount: initialCredits,
    useReserve: input.useReserve,
  });
  return accepted(outcome);
}
