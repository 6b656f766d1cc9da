/** Reads the customer's payment that an event of a payment provider names (R54). */

import type { Sql } from '../../db/sql.ts';
import type { CustomerPaymentStatus } from '../../ledger/outcome.ts';
import type { ProviderName } from '../../payments/gateway.ts';
import type { RowId } from '../input.ts';
import type { PaymentAccount } from '../purchase/payment-accounts.ts';
import type { PaidOrder } from '../purchase/payment-records.ts';

/** A customer's payment for which a provider made instructions. */
export interface ProvidersPayment extends RowId {
  /** The panel to which it belongs now. If the panel was closed before it was applied, that is its parent. */
  readonly resellerId: string;
  readonly customerId: string;
  readonly planName: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly provider: ProviderName;
  readonly status: CustomerPaymentStatus;
  readonly openedAt: Date;
  readonly reference: string | null;
  readonly turn: number;
}

/**
 * Events of an account settle only payments that the account was used for: nobody can pay another panel's payment with an account of
 * their own.
 */
export async function findProvidersPayment(
  sql: Sql,
  { id: accountId, tenantId }: Pick<PaymentAccount, 'tenantId' | 'id'>,
  id: string,
): Promise<ProvidersPayment | null> {
  const [row] = await sql<ProvidersPayment[]>`
    SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", customer_id AS "customerId", plan_name AS "planName", price_minor AS "priceMinor",
      currency, provider, status, opened_at AS "openedAt", reference, payment_turn AS turn
    FROM customer_payment WHERE tenant_id = ${tenantId} AND id = ${id} AND account_id = ${accountId}`;
  return row ?? null;
}

/** The customer's payment as the order of a provider's payment. */
export function paidOrderOfCustomer(payment: ProvidersPayment): PaidOrder {
  const { currency, id, openedAt, planName, priceMinor, resellerId, tenantId } = payment;
  const named = { field: 'customerPayment', after: `${planName} of ${openedAt.toISOString()}` };
  return { tenantId, id, totalMinor: priceMinor, currency, loggedFor: resellerId, named };
}
