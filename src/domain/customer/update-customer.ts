/** The use case updateCustomer: changes name, contact, notes, plan, and whether the customer gets reminders. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Panel } from '../../kernel/actor.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { CONTACT_KEY_VERSION, type CustomerDetails } from '../../ledger/command.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { nameSchema, type RowId, requirePanel } from '../input.ts';
import { plansOf } from '../plan/plans.ts';
import type { Ports } from '../ports.ts';
import { type CustomerNow, changeCustomer } from './change-customer.ts';
import { contactKeyOf } from './contact.ts';
import { CUSTOMER_ROLES, detailsOf, notesSchema, optionalContactSchema } from './fields.ts';

const schema = z.object({
  name: nameSchema.optional(),
  contact: optionalContactSchema,
  notes: notesSchema,
});

/** null clears contact, notes or plan; an absent field stays. A name cannot be cleared. */
export interface UpdateCustomerInput {
  readonly name?: string | null | undefined;
  readonly contact?: string | null | undefined;
  readonly notes?: string | null | undefined;
  /** As the caller wrote it. */
  readonly planId?: string | null | undefined;
  /** Whether the customer gets no reminders (R58). null leaves it as it is. */
  readonly muted?: boolean | null | undefined;
}

/**
 * Changes a customer's name, contact, notes or plan, or mutes it. A trial that its contact used stays used. `customer` and `plan`
 * are the rows that the caller's ids name, or null.
 */
export async function updateCustomer(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  input: UpdateCustomerInput,
  customer: RowId | null,
  plan: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  if (input.name === null) throw new InvalidInput([{ path: 'input.name', message: 'cannot be cleared.' }]);
  const wanted = checkInput(schema, input);
  return changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    const { name = now.name, contact = now.contact, notes = now.notes } = wanted;
    const next = detailsOf(name, contact, notes);
    const muted = input.muted ?? now.muted;
    const { planId, change } = await planned(tx, now, panel, input.planId, plan);
    const changes = [...changesBetween(now, next), ...change, ...muting(now, muted)];
    if (changes.length === 0) return;
    await apply(tx, now, next, { planId, muted });
    await rememberContact(tx, now, next);
    const entry = { tenantId: actor.tenantId, resellerId: panel.id, actorId: actor.userId, address };
    await recordAudit(tx, { ...entry, action: 'CUSTOMER_UPDATED', subject: now.name, changes });
  });
}

function changesBetween(before: CustomerNow, after: CustomerDetails): AuditChange[] {
  const fields = ['name', 'contact', 'notes'] as const;
  return fields.flatMap((field) => (before[field] === after[field] ? [] : [{ field, before: before[field], after: after[field] }]));
}

/** Returns the customer's new plan and the change for the audit log, if any. Throws NotFound if the panel has no such plan (R52). */
async function planned(tx: Transaction, now: CustomerNow, panel: Panel, planId: string | null | undefined, plan: RowId | null) {
  if (planId === undefined || (planId === null && now.planId === null)) return { planId: now.planId, change: [] };
  const plans = await plansOf(tx, { tenantId: now.tenantId, id: panel.id });
  const chosen = planId === null ? null : plans.find(({ id }) => id === plan?.id);
  if (chosen === undefined) throw new NotFound();
  const before = plans.find(({ id }) => id === now.planId)?.name ?? null;
  const isOther = now.planId !== (chosen?.id ?? null);
  return { planId: chosen?.id ?? null, change: isOther ? [{ field: 'plan', before, after: chosen?.name ?? null }] : [] };
}

function muting(now: CustomerNow, muted: boolean): AuditChange[] {
  return muted === now.muted ? [] : [{ field: 'muted', before: String(now.muted), after: String(muted) }];
}

async function apply(
  tx: Transaction,
  { id, tenantId }: RowId,
  next: CustomerDetails,
  { muted, planId }: Pick<CustomerNow, 'muted' | 'planId'>,
): Promise<void> {
  await tx`
    UPDATE customer SET name = ${next.name}, contact = ${next.contact}, contact_key = ${next.contactKey},
      contact_key_version = ${CONTACT_KEY_VERSION}, notes = ${next.notes}, search_key = ${next.searchKey}, plan_id = ${planId}, muted = ${muted}
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** Records the old contact of a paying customer as activated, so that it does not count as a new contact (R24). */
async function rememberContact(tx: Transaction, { contact, isTrial, tenantId }: CustomerNow, next: CustomerDetails): Promise<void> {
  const before = contact === null ? null : contactKeyOf(contact);
  if (isTrial || before === null || before === next.contactKey) return;
  await tx`INSERT INTO activated_contact (tenant_id, contact_key) VALUES (${tenantId}, ${before}) ON CONFLICT DO NOTHING`;
}
