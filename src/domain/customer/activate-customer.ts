/** The use case activateCustomer: starts a paid term (R19). */

import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import { type FieldProblem, InvalidInput } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { CustomerDetails, NewAccess } from '../../ledger/command.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { inputOf, loginSchema, newAccess, secretSchema } from '../access/credentials.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, nameSchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import { planOf } from '../plan/plans.ts';
import type { Ports } from '../ports.ts';
import { optional } from '../text.ts';
import { CUSTOMER_ROLES, detailsOf, notesSchema, optionalContactSchema, periodsSchema, screensSchema } from './fields.ts';

const schema = z.object({
  name: nameSchema.nullish(),
  contact: optionalContactSchema,
  notes: notesSchema,
  periods: periodsSchema,
  screens: screensSchema,
  login: optional(loginSchema),
  secret: secretSchema.nullish(),
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
  readonly login?: string | null | undefined;
  readonly secret?: string | null | undefined;
  /** As the caller wrote it. */
  readonly planId?: string | null | undefined;
  readonly useReserve?: boolean | undefined;
  readonly idempotencyKey: string;
}

/**
 * Starts a paid term now, for a new customer, or for one whose service has expired or was a trial (R19). It costs `periods` ×
 * `screens` credits. `customer` and `plan` are the rows that the ids name, or null. Returns after the commit.
 */
export async function activateCustomer(
  ports: Pick<Ports, 'ledger' | 'secrets' | 'sql'>,
  actor: Actor,
  input: ActivateCustomerInput,
  customer: RowId | null,
  plan: RowId | null,
): Promise<Posted | Replayed> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const { contact = null, login = null, name = null, notes = null, periods, screens, secret = null } = checkInput(schema, input);
  const given = { name, contact, notes, login, secret };
  const details = newDetails(input, given);
  const customerId = details === null ? (customer?.id ?? null) : uuidv7();
  const isGiven = input.planId !== null && input.planId !== undefined;
  const chosen = isGiven ? await planOf(ports.sql, { tenantId: actor.tenantId, id: panel.id }, plan) : undefined;
  const outcome = await ports.ledger.post({
    ...keyed('activateCustomer', actor, CUSTOMER_ROLES, { ...input, ...given, ...inputOf(ports.secrets, actor.tenantId, given) }),
    transferId: uuidv7(),
    customerId,
    details,
    access: accessOf(ports, actor.tenantId, details && customerId, given),
    // The ledger refuses an unknown plan only after it has looked for a replay: a plan that was removed since must not break one.
    planId: chosen === undefined ? undefined : (chosen?.id ?? null),
    periods,
    screens,
    useReserve: input.useReserve,
  });
  return accepted(outcome);
}

interface Given {
  readonly name: string | null;
  readonly contact: string | null;
  readonly notes: string | null;
  readonly login: string | null;
  readonly secret: string | null;
}

/** Returns null if the customer exists already: it keeps its own details. */
function newDetails({ customerId }: ActivateCustomerInput, { contact, login, name, notes, secret }: Given): CustomerDetails | null {
  if (customerId === null || customerId === undefined) {
    if (name === null)
      throw new InvalidInput([{ path: 'input.name', message: 'give the name of a new customer, or the id of an existing one.' }]);
    return detailsOf(name, contact, notes);
  }
  const problemsOf = (fields: object, elsewhere: string) =>
    Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(([field]): FieldProblem => ({ path: `input.${field}`, message: `is for a new customer only: use ${elsewhere} instead.` }));
  const problems = [...problemsOf({ name, contact, notes }, 'updateCustomer'), ...problemsOf({ login, secret }, 'resetAccess')];
  if (problems.length > 0) throw new InvalidInput(problems);
  return null;
}

/** Returns null if the customer exists already and keeps its own credentials, or if this server cannot seal secrets. */
function accessOf({ secrets }: Pick<Ports, 'secrets'>, tenantId: string, customerId: string | null, given: Given): NewAccess | null {
  return customerId === null ? null : newAccess(secrets, { tenantId, id: customerId }, given);
}
