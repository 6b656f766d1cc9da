/** Gets from a provider what a buyer must do to pay for a purchase. */

import type { Credentials, Order } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, type PaymentAccount, paymentAccountsOf, webhookPath } from './payment-accounts.ts';
import type { PurchaseRow } from './purchase-row.ts';
import { PLATFORM_SELLER } from './seller.ts';

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** What it takes to ask. */
export type Payable = Omit<PurchaseRow, 'buyerId' | 'buyerPath' | 'reference'>;

/**
 * What the buyer pays with. It is asked of the provider once the purchase is committed, with no transaction open, and kept;
 * null where there is nothing to ask, and while the provider does not answer: asking later makes it. `isReading`: a provider
 * that was silent a moment ago is left alone.
 */
export async function paymentInstructions(ports: Needed, purchase: Payable, isReading = false): Promise<string | null> {
  const { id, paymentInstructions: known, provider, status, tenantId } = purchase;
  if (known !== null || provider === 'MANUAL' || status !== 'PENDING' || purchase.isExpired) return known;
  const account = await accountOf(ports, purchase);
  if (account === null || (isReading && ports.payments.isSilent(account.id))) return null;
  const credentials = usable(ports, account);
  if (credentials === null) return null;
  const order = orderOf(ports, purchase, account, await emailOf(ports, purchase));
  const made = await ports.payments.gateway(account.provider).instructions(order, credentials);
  ports.payments.answered(account.id, made !== null);
  if (made === null) return null;
  // Two who asked at once were answered alike; the first is kept.
  const [kept] = await ports.sql<{ instructions: string }[]>`
    UPDATE purchase SET payment_instructions = coalesce(payment_instructions, ${made})
    WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING payment_instructions AS instructions`;
  return kept?.instructions ?? null;
}

/** null: they were sealed with a key that this server was not given. The purchase is made, and a server with the key makes what is missing. */
function usable(ports: Needed, account: PaymentAccount): Credentials | null {
  try {
    return credentialsOf(ports, account);
  } catch {
    return null;
  }
}

function orderOf({ payments }: Needed, purchase: Payable, account: PaymentAccount, payerEmail: string): Order {
  const { createdAt, currency, expiresAt, id, quantity, tenantId, totalMinor } = purchase;
  return {
    ...{ purchaseId: id, tenantId, quantity, totalMinor, currency, payerEmail },
    createdAtMs: createdAt.getTime(),
    expiresAtMs: expiresAt.getTime(),
    returnUrl: `${payments.publicUrl}/buy`,
    webhookUrl: `${payments.publicUrl}${webhookPath(account)}`,
  };
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
