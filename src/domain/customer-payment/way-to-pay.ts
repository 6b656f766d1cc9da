/** Returns how a customer can make a payment with its panel's payment provider, if there is one (R54). */

import type { ProviderName } from '../../payments/gateway.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { methodsOf, type PaymentAccount, paymentAccountsOf } from '../purchase/payment-accounts.ts';
import { requestInstructions } from '../purchase/request-instructions.ts';

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

export interface WayToPay {
  readonly provider: ProviderName;
  /** A Pix code, or the URL of a page. null if the provider does not answer now. */
  readonly instructions: string | null;
}

interface Row extends RowId {
  readonly resellerId: string;
  readonly planName: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly expiresAt: Date;
  /** The account that made the first instructions. */
  readonly accountId: string | null;
  readonly paymentInstructions: string | null;
  readonly paymentAttempt: number;
  readonly isLapsed: boolean;
}

/**
 * Call it after the payment is committed, with no transaction open. Returns null if the payment can no longer be made, or if its panel
 * has no provider for the currency: then the two agree on how to pay. `returnUrl` is the payment's page. `isReading` is as in
 * requestInstructions.
 */
export async function wayToPay(ports: Needed, payment: RowId, returnUrl: string, isReading: boolean): Promise<WayToPay | null> {
  const row = await findOpen(ports, payment);
  if (row === null) return null;
  const account = await accountOf(ports, row);
  if (account === null) return null;
  const billOf = async () => ({
    ...{ description: row.planName, totalMinor: row.priceMinor, currency: row.currency, payerEmail: null },
    ...{ expiresAtMs: row.expiresAt.getTime(), returnUrl },
  });
  const instructions = await requestInstructions(ports, { ...row, table: 'customer_payment' }, account, billOf, isReading);
  // A customer is only sent to an https page, whatever the provider answers.
  const isUsable = account.provider !== 'STRIPE' || instructions?.startsWith('https://');
  return { provider: account.provider, instructions: isUsable ? instructions : null };
}

async function findOpen({ sql }: Needed, { id, tenantId }: RowId): Promise<Row | null> {
  const [row] = await sql<Row[]>`
    SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", plan_name AS "planName", price_minor AS "priceMinor", currency, expires_at AS "expiresAt",
      account_id AS "accountId", payment_instructions AS "paymentInstructions", payment_attempt AS "paymentAttempt",
      coalesce(payment_lapses_at <= clock_timestamp(), false) AS "isLapsed"
    FROM customer_payment WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING' AND expires_at > clock_timestamp()`;
  return row ?? null;
}

/**
 * Returns the account for this payment. The first one chosen is kept, so that its events are recognized. If that account is disabled,
 * or belonged to a panel that was closed, this returns null: the payment is then made without a provider.
 */
async function accountOf({ sql }: Needed, row: Row): Promise<PaymentAccount | null> {
  const seller = { tenantId: row.tenantId, id: row.resellerId };
  const enabled = (await paymentAccountsOf(sql, seller)).filter((account) => account.enabled);
  if (row.accountId !== null) return enabled.find(({ id }) => id === row.accountId) ?? null;
  const [first] = await methodsOf(sql, seller, row.currency);
  const chosen = enabled.find(({ provider }) => provider === first);
  if (chosen === undefined) return null;
  // Two devices that call at once get the same account.
  const [bound] = await sql<{ accountId: string }[]>`
    UPDATE customer_payment SET
      provider = CASE WHEN account_id IS NULL THEN ${chosen.provider}::payment_provider ELSE provider END,
      account_id = coalesce(account_id, ${chosen.id}::uuid)
    WHERE tenant_id = ${row.tenantId} AND id = ${row.id} AND reseller_id = ${row.resellerId} AND status = 'PENDING'
    RETURNING account_id AS "accountId"`;
  return enabled.find(({ id }) => id === bound?.accountId) ?? null;
}
