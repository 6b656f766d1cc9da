/** Reads customers' payments, as their pages show them (R54). */

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
  /** As it stands now: PENDING past its time is EXPIRED. */
  readonly status: CustomerPaymentStatus;
}

/** What a page shows at most beside the one that is asked for. */
const SHOWN = 20;

/** What a customer may still pay, and has paid that waits, the newest first; and the one asked for, however it stands. */
export async function paymentsOf(sql: Sql | Transaction, customer: RowId, askedId: string | null): Promise<Payment[]> {
  return await sql<Payment[]>`
    SELECT tenant_id AS "tenantId", id, plan_id AS "planId", plan_name AS "planName", price_minor AS "priceMinor", currency, periods, screens,
      CASE WHEN status = 'PENDING' AND expires_at <= clock_timestamp() THEN 'EXPIRED' ELSE status END AS status
    FROM customer_payment
    WHERE tenant_id = ${customer.tenantId} AND customer_id = ${customer.id}
      AND (id = ${askedId} OR status = 'PAID_UNFUNDED' OR (status = 'PENDING' AND expires_at > clock_timestamp()))
    ORDER BY id = ${askedId} DESC, id DESC LIMIT ${SHOWN}`;
}
