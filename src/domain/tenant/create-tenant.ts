/** The use case createTenant: creates a tenant with its root panel. */

import { z } from 'zod';
import type { Actor, Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { emailSchema } from '../identity/email.ts';
import { passwordSchema } from '../identity/passwords.ts';
import { keySchema, nameSchema, requireRole } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const CREATE_TENANT_ROLES: readonly Role[] = ['PLATFORM'];

const schema = z.object({ name: nameSchema, ownerEmail: emailSchema, ownerPassword: passwordSchema, idempotencyKey: keySchema });

export interface CreateTenantInput {
  readonly name: string;
  readonly ownerEmail: string;
  readonly ownerPassword: string;
  readonly idempotencyKey: string;
}

/** Creates a tenant, its root panel, which has no credits and so is locked (R27), and the root's owner. Returns after the commit. */
export async function createTenant(
  ports: Pick<Ports, 'ledger' | 'passwords'>,
  actor: Actor,
  input: CreateTenantInput,
): Promise<Posted | Replayed> {
  requireRole(actor, CREATE_TENANT_ROLES);
  const { name, ownerEmail, ownerPassword } = checkInput(schema, input);
  const id = uuidv7();
  const outcome = await ports.ledger.post({
    ...keyed('createTenant', actor, CREATE_TENANT_ROLES, { ...input, name, ownerEmail }),
    tenantId: id,
    resellerId: id,
    name,
    owner: { id: uuidv7(), email: ownerEmail, passwordHash: await ports.passwords.hash(ownerPassword) },
  });
  return accepted(outcome);
}
