/** The use case renewCustomer: adds periods to what is already paid (R20). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { RenewCustomer } from '../../ledger/command.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES, periodsSchema } from './fields.ts';

const schema = z.object({ periods: periodsSchema, idempotencyKey: keySchema });

export interface RenewCustomerInput {
  /** As the caller wrote it. */
  readonly customerId: string;
  readonly periods: number;
  readonly useReserve?: boolean | undefined;
  readonly idempotencyKey: string;
}

/**
 * Adds `periods` × 30 days to the remaining term, at `nextScreens` (R20). `customer` is the row that the id names, or null. Returns
 * after the commit.
 */
export async function renewCustomer(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: RenewCustomerInput,
  customer: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, CUSTOMER_ROLES);
  return accepted(await ports.ledger.post(renewalCommand(actor, input, customer, 'input')));
}

/**
 * Checks the input and makes its command. `path` names the input in refusals. A renewal in a batch is the same command as a single
 * one, and shares its keys.
 */
export function renewalCommand(actor: Actor, input: RenewCustomerInput, customer: RowId | null, path: string): RenewCustomer {
  const { periods } = checkInput(schema, input, path);
  const by = keyed('renewCustomer', actor, CUSTOMER_ROLES, input);
  return { ...by, transferId: uuidv7(), customerId: customer?.id ?? null, periods, useReserve: input.useReserve };
}
