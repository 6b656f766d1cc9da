/** The use case cancelCustomer: stops renewals, and refunds if the policy says so (R22). */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES } from './fields.ts';

const schema = z.object({ idempotencyKey: keySchema });

export interface CancelCustomerInput {
  /** As the caller wrote it. */
  readonly customerId: string;
  readonly idempotencyKey: string;
}

/**
 * Stops renewals. The service ends by itself at its expiry, with a refund only if the policy says so (R22). `customer` is the row
 * that the id names, or null.
 */
export async function cancelCustomer(
  ports: Pick<Ports, 'ledger'>,
  { actor, address }: Acting,
  input: CancelCustomerInput,
  customer: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, CUSTOMER_ROLES);
  checkInput(schema, input);
  const by = keyed('cancelCustomer', actor, CUSTOMER_ROLES, input);
  const command = { ...by, transferId: uuidv7(), customerId: customer?.id ?? null, address } as const;
  return accepted(await ports.ledger.post(command));
}
