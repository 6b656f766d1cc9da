/** Returns the payment instructions of a purchase, which its seller's provider makes. */

import type { Ports } from '../ports.ts';
import { type PaymentAccount, paymentAccountsOf } from './payment-accounts.ts';
import type { PurchaseRow } from './purchase-row.ts';
import { requestInstructions } from './request-instructions.ts';
import { PLATFORM_SELLER } from './seller.ts';

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** The fields of a purchase that the provider needs. */
export type Payable = Omit<PurchaseRow, 'buyerId' | 'buyerPath' | 'reference'>;

/**
 * Returns the buyer's payment instructions. The provider is called after the purchase is committed, with no transaction open, and the
 * instructions are stored until they lapse (R28). Returns null if no provider is involved or it does not answer; a later call tries
 * again. `isReading`: does not call a provider that recently failed to answer.
 */
export async function paymentInstructions(ports: Needed, purchase: Payable, isReading = false): Promise<string | null> {
  const { isExpired, isLapsed, paymentInstructions: known, provider, status } = purchase;
  if (provider === 'MANUAL' || status !== 'PENDING' || isExpired || (known !== null && !isLapsed)) return known;
  const { currency, expiresAt, quantity, totalMinor } = purchase;
  const billOf = async () => ({
    ...{ description: `${quantity} credits`, totalMinor, currency, payerEmail: await emailOf(ports, purchase) },
    ...{ expiresAtMs: expiresAt.getTime(), returnUrl: `${ports.payments.publicUrl}/buy` },
  });
  return requestInstructions(ports, { ...purchase, table: 'purchase' }, await accountOf(ports, purchase), billOf, isReading);
}

async function accountOf({ sql }: Needed, { provider, sellerId, tenantId }: Payable): Promise<PaymentAccount | null> {
  const seller = sellerId === null ? PLATFORM_SELLER : { tenantId, id: sellerId };
  return (await paymentAccountsOf(sql, seller)).find((account) => account.provider === provider && account.enabled) ?? null;
}

async function emailOf({ sql }: Needed, { createdBy, tenantId }: Payable): Promise<string> {
  const [user] = await sql<{ email: string }[]>`SELECT email FROM app_user WHERE tenant_id = ${tenantId} AND id = ${createdBy}`;
  if (!user) throw new Error('a purchase was made by nobody');
  return user.email;
}
