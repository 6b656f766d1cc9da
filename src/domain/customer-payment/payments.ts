/** Reads the payments that a customer's page shows (R54). */

import type { Sql, Transaction } from '../../db/sql.ts';
import type { CustomerPaymentStatus } from '../../ledger/outcome.ts';
import type { RowId } from '../input.ts';

export interface Payment extends RowId {
  readonly planId: string;
  readonly planName: string;
  readonly priceMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly periods: number;
  readonly screens: number;
  /** The present status: a PENDING payment past its time is EXPIRED. */
  readonly status: CustomerPaymentStatus;
}

/** The most payments of a page. */
const SHOWN = 20;

/**
 * Returns the requested payment first, in any status, and then the customer's open payments and those that are paid and waiting,
 * newest first.
 */
export async function paymentsOf(sql: Sql | Transaction, customer: RowId, askedId: string | null): Promise<Payment[]> {
  return await sql<Payment[]>`
    SELECT tenant_id AS "tenantId", id, plan_id AS "planId", plan_name AS "planName", price_minor AS "priceMinor", currency, periods, screens,
      CASE WHEN status = 'PENDING' AND expires_at <= clock_timestamp() THEN 'EXPIRED' ELSE status END AS status
    FROM customer_payment
    WHERE tenant_id = ${customer.tenantId} AND customer_id = ${customer.id}
      AND (id = ${askedId} OR status = 'PAID_UNFUNDED' OR (status = 'PENDING' AND expires_at > clock_timestamp()))
    ORDER BY id = ${askedId} DESC, id DESC LIMIT ${SHOWN}`;
}
