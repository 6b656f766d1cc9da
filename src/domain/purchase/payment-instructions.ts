/** Says what a buyer pays a purchase with: what its seller's provider made. */

import type { Ports } from '../ports.ts';
import { askProvider } from './ask-provider.ts';
import { type PaymentAccount, paymentAccountsOf } from './payment-accounts.ts';
import type { PurchaseRow } from './purchase-row.ts';
import { PLATFORM_SELLER } from './seller.ts';

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** What it takes to ask. */
export type Payable = Omit<PurchaseRow, 'buyerId' | 'buyerPath' | 'reference'>;

/**
 * What the buyer pays with. It is asked of the provider once the purchase is committed, with no transaction open, and kept until
 * it lapses (R28); null where there is nothing to ask, and while the provider does not answer: asking later makes it.
 * `isReading`: a provider that was silent a moment ago is left alone.
 */
export async function paymentInstructions(ports: Needed, purchase: Payable, isReading = false): Promise<string | null> {
  const { isExpired, isLapsed, paymentInstructions: known, provider, status } = purchase;
  if (provider === 'MANUAL' || status !== 'PENDING' || isExpired || (known !== null && !isLapsed)) return known;
  const { currency, expiresAt, quantity, totalMinor } = purchase;
  const billOf = async () => ({
    ...{ description: `${quantity} credits`, totalMinor, currency, payerEmail: await emailOf(ports, purchase) },
    ...{ expiresAtMs: expiresAt.getTime(), returnUrl: `${ports.payments.publicUrl}/buy` },
  });
  return askProvider(ports, { ...purchase, table: 'purchase' }, await accountOf(ports, purchase), billOf, isReading);
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
