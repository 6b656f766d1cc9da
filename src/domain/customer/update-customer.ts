/** The use case updateCustomer: name, contact and notes. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { CONTACT_KEY_VERSION, type CustomerDetails } from '../../ledger/command.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { nameSchema, type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type CustomerNow, changeCustomer } from './change-customer.ts';
import { contactKeyOf } from './contact.ts';
import { CUSTOMER_ROLES, detailsOf, notesSchema, optionalContactSchema } from './fields.ts';

const schema = z.object({
  name: nameSchema.optional(),
  contact: optionalContactSchema,
  notes: notesSchema,
});

/** null clears contact and notes; what is absent stays. A name cannot be cleared. */
export interface UpdateCustomerInput {
  readonly name?: string | null | undefined;
  readonly contact?: string | null | undefined;
  readonly notes?: string | null | undefined;
}

/** Changes a customer's name, contact or notes. A trial that its contact has used stays used. `customer` is what the caller's id names, if anything. */
export async function updateCustomer(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  input: UpdateCustomerInput,
  customer: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  if (input.name === null) throw new InvalidInput([{ path: 'input.name', message: 'cannot be cleared.' }]);
  const wanted = checkInput(schema, input);
  return changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    const { name = now.name, contact = now.contact, notes = now.notes } = wanted;
    const next = detailsOf(name, contact, notes);
    const changes = changesBetween(now, next);
    if (changes.length === 0) return;
    await apply(tx, now, next);
    await rememberContact(tx, now, next);
    const entry = { tenantId: actor.tenantId, resellerId: panel.id, actorId: actor.userId, address };
    await recordAudit(tx, { ...entry, action: 'CUSTOMER_UPDATED', subject: now.name, changes });
  });
}

function changesBetween(before: CustomerNow, after: CustomerDetails): AuditChange[] {
  const fields = ['name', 'contact', 'notes'] as const;
  return fields.flatMap((field) => (before[field] === after[field] ? [] : [{ field, before: before[field], after: after[field] }]));
}

async function apply(tx: Transaction, { id, tenantId }: RowId, next: CustomerDetails): Promise<void> {
  await tx`
    UPDATE customer SET name = ${next.name}, contact = ${next.contact}, contact_key = ${next.contactKey},
      contact_key_version = ${CONTACT_KEY_VERSION}, notes = ${next.notes}, search_key = ${next.searchKey}
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** The contact that a paying customer had is no new one, whatever the customer's becomes (R24). */
async function rememberContact(tx: Transaction, { contact, isTrial, tenantId }: CustomerNow, next: CustomerDetails): Promise<void> {
  const before = contact === null ? null : contactKeyOf(contact);
  if (isTrial || before === null || before === next.contactKey) return;
  await tx`INSERT INTO activated_contact (tenant_id, contact_key) VALUES (${tenantId}, ${before}) ON CONFLICT DO NOTHING`;
}
