/** Exports the payments of a panel's customers as rows. */

import { z } from 'zod';
import { readPages } from '../../db/read-pages.ts';
import { type Actor, PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { Forbidden, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import type { Ports } from '../ports.ts';
import { type Export, readParameters, timeSchema } from './export.ts';
import { formFields } from './export-form.ts';

const STATUSES = ['PENDING', 'PAID', 'PAID_UNFUNDED', 'APPLIED', 'EXPIRED', 'REFUNDED'] as const;

const schema = z.strictObject({
  status: z.union([z.literal('').transform(() => null), z.enum(STATUSES)], 'is not a status.').nullish(),
  paidFrom: timeSchema,
  paidTo: timeSchema,
  ...formFields,
});

const COLUMNS = [
  ...['openedAt', 'paidAt', 'appliedAt', 'customer', 'planName', 'priceMinor', 'currency', 'periods', 'screens'],
  ...['status', 'provider', 'reference', 'returnedMinor', 'id', 'transfer'],
];

/**
 * Exports the payments of the viewer's own panel (R18), newest first. `paidFrom` and `paidTo` select those paid in this time, without
 * its end. The customer's name is included if the customer still belongs to the panel. Not open to a locked panel.
 */
export async function exportCustomerPayments(
  ports: Pick<Ports, 'sql' | 'reports'>,
  actor: Actor,
  parameters: URLSearchParams,
): Promise<Export> {
  const { panel, tenantId } = actor;
  if (panel === null) throw new Forbidden("Only a panel's own users see what its customers pay.");
  const { paidFrom, paidTo, status, ...form } = readParameters(schema, parameters);
  if (await isClosedByLock(ports.sql, { tenantId, id: panel.id })) throw new PanelLocked({ tenantId, id: panel.id });
  return {
    name: 'customer-payments',
    columns: COLUMNS,
    form,
    read: (take) =>
      readPages(
        ports.reports,
        (tx) => tx`
          SELECT opened_at AS "openedAt", paid_at AS "paidAt", applied_at AS "appliedAt", customer.name AS customer, plan_name AS "planName",
            price_minor AS "priceMinor", currency, periods, payment.screens, stands.status,
            CASE WHEN paid_by IS NOT NULL THEN CASE WHEN paid_by = ${PROVIDER_ACTOR_ID} THEN provider::text ELSE 'MANUAL' END END AS provider,
            reference, returned_minor AS "returnedMinor", payment.id, transfer_id AS transfer
          FROM (SELECT clock_timestamp() AS now OFFSET 0) AS moment CROSS JOIN customer_payment AS payment
          CROSS JOIN LATERAL (
            SELECT CASE WHEN payment.status = 'PENDING' AND payment.expires_at <= now THEN 'EXPIRED' ELSE payment.status::text END AS status
          ) AS stands
          LEFT JOIN customer ON customer.tenant_id = payment.tenant_id AND customer.id = payment.customer_id
            AND customer.reseller_id = payment.reseller_id
          WHERE payment.tenant_id = ${tenantId} AND payment.reseller_id = ${panel.id}
            AND (${status ?? null}::text IS NULL OR stands.status = ${status ?? null}::text)
            ${paidFrom ? tx`AND paid_at >= ${paidFrom}` : tx``} ${paidTo ? tx`AND paid_at < ${paidTo}` : tx``}
          ORDER BY payment.id DESC`,
        take,
      ),
  };
}
