/** The use case cancelCustomer: stops renewals, and refunds where the policy says so (R22). */

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

/** No renewals any more: the service runs out by itself, and only the tenant's policy refunds (R22). `customer` is what the id names, if anything. */
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
