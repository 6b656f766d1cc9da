/** How entries of the audit log are told to whom: by GraphQL, and by the export of a tenant. */

import { z } from 'zod';
import type { AuditAction, AuditChange } from './record.ts';

/** Customers, and what they are asked, reminded and paid, are their own panel's business (R18, R52), in the log of the branch above it too. */
const OF_CUSTOMERS: ReadonlySet<string> = new Set<AuditAction>([
  'TRIAL_STARTED',
  'CUSTOMER_UPDATED',
  'ACCESS_RESET',
  'NEXT_SCREENS_SET',
  'CUSTOMER_CANCELED',
  'CUSTOMER_PAYMENT_CONFIRMED',
  'RENEWAL_LINK_RESET',
  'PLANS_SET',
  'REMINDER_RULES_SET',
]);

const changesSchema = z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }));

/** Entries are never changed: those written as CUSTOMER_CANCELLED, before there was one spelling, keep it in the table. */
export function spelledNow(action: string): string {
  return action.replace(/CANCELLED$/, 'CANCELED');
}

/** Whether an entry is about customers: its subject, and what its fields were, are told to the customer's own panel only. */
export function isOfCustomer(action: string): boolean {
  return OF_CUSTOMERS.has(spelledNow(action));
}

/** What became different, as the table has it; to a stranger only what kind of thing. */
export function changesShown(changes: unknown, isStranger: boolean): readonly AuditChange[] {
  const read = changesSchema.parse(changes);
  return isStranger ? read.map(({ field }) => ({ field, before: null, after: null })) : read;
}
