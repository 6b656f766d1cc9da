/** Decides which parts of an audit entry a viewer may see, in GraphQL and in the export of a tenant. */

import { z } from 'zod';
import type { AuditAction, AuditChange } from './record.ts';

/**
 * Actions on customers, plans, reminders and customers' payments. Their details are private to the panel (R18, R52), also in logs
 * that panels above read.
 */
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

/** Entries are never changed, so old ones with the spelling CUSTOMER_CANCELLED keep it in the table. This converts it. */
export function presentSpelling(action: string): string {
  return action.replace(/CANCELLED$/, 'CANCELED');
}

/** Whether an entry is about customers: only the customer's own panel sees its subject and the values of its fields. */
export function isAboutCustomers(action: string): boolean {
  return OF_CUSTOMERS.has(presentSpelling(action));
}

/** The changes of an entry as stored. A stranger sees only the names of the fields. */
export function visibleChanges(changes: unknown, isStranger: boolean): readonly AuditChange[] {
  const read = changesSchema.parse(changes);
  return isStranger ? read.map(({ field }) => ({ field, before: null, after: null })) : read;
}
