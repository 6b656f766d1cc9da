/** The use case startTrial: serves a new customer for some hours, free of charge (R24). */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { inputOf, loginSchema, newAccess, secretSchema } from '../access/credentials.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, nameSchema, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { optional } from '../text.ts';
import { contactKeyOf } from './contact.ts';
import { CUSTOMER_ROLES, contactSchema, hoursSchema } from './fields.ts';
import { searchKeyOf } from './search-key.ts';

const schema = z.object({
  name: nameSchema,
  contact: contactSchema,
  hours: hoursSchema,
  login: optional(loginSchema),
  secret: secretSchema.nullish(),
  idempotencyKey: keySchema,
});

export interface StartTrialInput {
  readonly name: string;
  readonly contact: string;
  readonly hours: number;
  readonly login?: string | null | undefined;
  readonly secret?: string | null | undefined;
  readonly idempotencyKey: string;
}

/** Creates a customer with a free trial of some hours on one screen. Each contact gets one trial (R24). Returns after the commit. */
export async function startTrial(
  ports: Pick<Ports, 'ledger' | 'secrets'>,
  { actor, address }: Acting,
  input: StartTrialInput,
): Promise<Posted | Replayed> {
  requirePanel(actor, CUSTOMER_ROLES);
  const { name, contact, hours, login, secret } = checkInput(schema, input);
  const contactKey = contactKeyOf(contact);
  const details = { name, contact, contactKey, notes: null, searchKey: searchKeyOf(name, contact, contactKey) };
  const by = keyed('startTrial', actor, CUSTOMER_ROLES, {
    ...input,
    ...{ name, contact },
    ...inputOf(ports.secrets, actor.tenantId, { login, secret }),
  });
  const customerId = uuidv7();
  const access = newAccess(ports.secrets, { tenantId: actor.tenantId, id: customerId }, { login, secret });
  return accepted(await ports.ledger.post({ ...by, customerId, details, access, hours, address }));
}
