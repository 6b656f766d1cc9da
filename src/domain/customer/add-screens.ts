/** The use case addScreens: more screens for the rest of the term (R21). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES, screensSchema } from './fields.ts';

const schema = z.object({ screens: screensSchema, idempotencyKey: keySchema });

export interface AddScreensInput {
  /** As the caller wrote it. */
  readonly customerId: string;
  readonly screens: number;
  readonly useReserve?: boolean | undefined;
  readonly idempotencyKey: string;
}

/**
 * Adds screens until the present term ends. Each costs the remaining periods, rounded up (R21). `customer` is the row that the id
 * names, or null.
 */
export async function addScreens(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: AddScreensInput,
  customer: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, CUSTOMER_ROLES);
  const { screens } = checkInput(schema, input);
  const by = keyed('addScreens', actor, CUSTOMER_ROLES, input);
  const command = { ...by, transferId: uuidv7(), customerId: customer?.id ?? null, screens, useReserve: input.useReserve } as const;
  return accepted(await ports.ledger.post(command));
}
