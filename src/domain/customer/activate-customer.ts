/** The use case activateCustomer: starts a paid term (R19). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import { type FieldProblem, InvalidInput } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { CustomerDetails, Posted, Replayed } from '../../ledger/command.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, nameSchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES, detailsOf, notesSchema, optionalContactSchema, periodsSchema, screensSchema } from './fields.ts';

const schema = z.object({
  name: nameSchema.nullish(),
  contact: optionalContactSchema,
  notes: notesSchema,
  periods: periodsSchema,
  screens: screensSchema,
  idempotencyKey: keySchema,
});

export interface ActivateCustomerInput {
  /** As the caller wrote it. */
  readonly customerId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly contact?: string | null | undefined;
  readonly notes?: string | null | undefined;
  readonly periods: number;
  readonly screens: number;
  readonly idempotencyKey: string;
}

/**
 * A paid term from now, for a new customer or one whose service has run out or was a trial (R19): `periods` × `screens`
 * credits. `customer` is what `customerId` names, if anything. Answers after the commit.
 */
export async function activateCustomer(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: ActivateCustomerInput,
  customer: RowId | null,
): Promise<Posted | Replayed> {
  requirePanel(actor, CUSTOMER_ROLES);
  const { contact = null, name = null, notes = null, periods, screens } = checkInput(schema, input);
  const details = newDetails(input, name, contact, notes);
  const outcome = await ports.ledger.post({
    ...keyed('activateCustomer', actor, CUSTOMER_ROLES, { ...input, name, contact, notes }),
    transferId: uuidv7(),
    customerId: details === null ? (customer?.id ?? null) : uuidv7(),
    details,
    periods,
    screens,
  });
  return accepted(outcome);
}

/** null: the customer exists already, and keeps its own. */
function newDetails(
  input: ActivateCustomerInput,
  name: string | null,
  contact: string | null,
  notes: string | null,
): CustomerDetails | null {
  if (input.customerId === null || input.customerId === undefined) {
    if (name === null) throw new InvalidInput([{ path: 'input.name', message: 'give the name of a new customer, or the id of one.' }]);
    return detailsOf(name, contact, notes);
  }
  const given = Object.entries({ name, contact, notes }).filter(([, value]) => value !== null);
  const problems = given.map(
    ([field]): FieldProblem => ({ path: `input.${field}`, message: 'is for a new customer: see updateCustomer.' }),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
  return null;
}
