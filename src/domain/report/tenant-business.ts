/** The root panel's plans, customers' payments and reminder rules in a tenant's export. Other panels' are not exported (R18, R52). */

import type { Transaction } from '../../db/sql.ts';
import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import type { Table } from './tenant-tables.ts';

/** The count of each, and what customers have paid, less returns, in minor units by currency. */
export interface BusinessTotals {
  readonly plans: number;
  readonly customerPayments: number;
  readonly receivedMinor: Readonly<Record<string, number>>;
  readonly reminderRules: number;
}

export function readPlans(tx: Transaction, tenantId: string): Table {
  return {
    name: 'plans',
    columns: ['id', 'name', 'periods', 'screens', 'priceMinor', 'currency'],
    query: tx`
      SELECT id, name, periods, screens, price_minor AS "priceMinor", currency FROM plan
      WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId} ORDER BY position`,
  };
}

/** `plan` is the plan that was chosen. It may have been changed or removed since. */
export function readCustomerPayments(tx: Transaction, tenantId: string): Table {
  return {
    name: 'customer-payments',
    columns: [
      ...['id', 'customer', 'plan', 'planName', 'priceMinor', 'currency', 'periods', 'screens', 'status', 'openedAt'],
      ...['expiresAt', 'paidAt', 'provider', 'reference', 'returnedMinor', 'appliedAt', 'transfer'],
    ],
    query: tx`
      SELECT id, customer_id AS customer, plan_id AS plan, plan_name AS "planName", price_minor AS "priceMinor", currency, periods, screens,
        CASE WHEN status = 'PENDING' AND expires_at <= clock_timestamp() THEN 'EXPIRED' ELSE status::text END AS status,
        opened_at AS "openedAt", expires_at AS "expiresAt", paid_at AS "paidAt",
        CASE WHEN paid_by IS NOT NULL THEN CASE WHEN paid_by = ${PROVIDER_ACTOR_ID} THEN provider::text ELSE 'MANUAL' END END AS provider,
        reference, returned_minor AS "returnedMinor", applied_at AS "appliedAt", transfer_id AS transfer
      FROM customer_payment WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId} ORDER BY id`,
  };
}

export function readReminderRules(tx: Transaction, tenantId: string): Table {
  return {
    name: 'reminder-rules',
    columns: ['daysFromEnd', 'trialHours', 'hour', 'channel', 'template'],
    query: tx`
      SELECT days_from_end AS "daysFromEnd", trial_hours AS "trialHours", hour, channel, template
      FROM reminder_rule WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId} ORDER BY position`,
  };
}

export async function businessTotals(tx: Transaction, tenantId: string): Promise<BusinessTotals> {
  const [counts] = await tx<Omit<BusinessTotals, 'receivedMinor'>[]>`
    SELECT (SELECT count(*) FROM plan WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId}) AS plans,
      (SELECT count(*) FROM customer_payment WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId}) AS "customerPayments",
      (SELECT count(*) FROM reminder_rule WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId}) AS "reminderRules"`;
  if (!counts) throw new Error('a count returned no row');
  const received = await tx<{ currency: string; minor: string }[]>`
    SELECT currency, sum(price_minor - least(returned_minor, price_minor))::text AS minor FROM customer_payment
    WHERE tenant_id = ${tenantId} AND reseller_id = ${tenantId} AND status IN ('PAID', 'PAID_UNFUNDED', 'APPLIED')
    GROUP BY currency ORDER BY currency`;
  return { ...counts, receivedMinor: Object.fromEntries(received.map(({ currency, minor }) => [currency, Number(minor)])) };
}
