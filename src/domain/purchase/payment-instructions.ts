/** Has a seller's payment provider make what a buyer pays with, and makes it anew once it has lapsed. */

import type { Sql } from '../../db/sql.ts';
import type { Credentials, Order } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, type PaymentAccount, paymentAccountsOf, webhookPath } from './payment-accounts.ts';
import type { PurchaseRow } from './purchase-row.ts';
import { PLATFORM_SELLER } from './seller.ts';

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** What it takes to ask. */
export type Payable = Omit<PurchaseRow, 'buyerId' | 'buyerPath' | 'reference'>;

/** How many attempts one who asks goes through: a provider that spends one after another is broken, not the attempt. */
const MAX_ATTEMPTS_AT_ONCE = 2;

/**
 * What the buyer pays with. It is asked of the provider once the purchase is committed, with no transaction open, and kept until
 * it lapses (R28); null where there is nothing to ask, and while the provider does not answer: asking later makes it.
 * `isReading`: a provider that was silent a moment ago is left alone.
 */
export async function paymentInstructions(ports: Needed, purchase: Payable, isReading = false): Promise<string | null> {
  const { isLapsed, paymentInstructions: known, provider, status } = purchase;
  if (provider === 'MANUAL' || status !== 'PENDING' || purchase.isExpired || (known !== null && !isLapsed)) return known;
  if (known !== null) await lapse(ports.sql, purchase, purchase.paymentAttempt);
  const account = await accountOf(ports, purchase);
  if (account === null || (isReading && ports.payments.isSilent(account.id))) return null;
  const credentials = usable(ports, account);
  if (credentials === null) return null;
  const payerEmail = await emailOf(ports, purchase);
  for (let round = 0; round < MAX_ATTEMPTS_AT_ONCE; round += 1) {
    const current = await currentOf(ports.sql, purchase);
    if (current === null || current.instructions !== null) return current?.instructions ?? null;
    const { attempt } = current;
    const made = await ports.payments
      .gateway(account.provider)
      .instructions(orderOf(ports, purchase, account, attempt, payerEmail), credentials);
    ports.payments.answered(account.id, made.status !== 'unavailable');
    if (made.status === 'made') return keep(ports.sql, purchase, attempt, made.instructions, made.lapsesAtMs);
    if (made.status === 'unavailable') return null;
    await lapse(ports.sql, purchase, attempt);
  }
  return null;
}

/** What was made by this attempt works no longer, and the next who asks is given something else. A later attempt's stays. */
export async function lapse(sql: Sql, { id, tenantId }: Pick<PurchaseRow, 'tenantId' | 'id'>, attempt: number): Promise<void> {
  await sql`
    UPDATE purchase SET payment_instructions = NULL, payment_lapses_at = NULL, payment_attempt = payment_attempt + 1
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING' AND payment_attempt = ${attempt}`;
}

interface Current {
  readonly attempt: number;
  readonly instructions: string | null;
}

/** null: it is not to be paid for any more. */
async function currentOf(sql: Sql, { id, tenantId }: Payable): Promise<Current | null> {
  const [row] = await sql<Current[]>`
    SELECT payment_attempt AS attempt, payment_instructions AS instructions FROM purchase
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING'`;
  return row ?? null;
}

/** Two who asked at once were answered alike; the first is kept. What came too late for its attempt is not handed out. */
async function keep(sql: Sql, { id, tenantId }: Payable, attempt: number, made: string, lapsesAtMs: number | null): Promise<string | null> {
  const lapsesAt = lapsesAtMs === null ? null : new Date(lapsesAtMs);
  const [kept] = await sql<{ instructions: string }[]>`
    UPDATE purchase SET payment_instructions = coalesce(payment_instructions, ${made}),
      payment_lapses_at = CASE WHEN payment_instructions IS NULL THEN ${lapsesAt}::timestamptz ELSE payment_lapses_at END
    WHERE tenant_id = ${tenantId} AND id = ${id} AND payment_attempt = ${attempt} RETURNING payment_instructions AS instructions`;
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

function orderOf({ payments }: Needed, purchase: Payable, account: PaymentAccount, attempt: number, payerEmail: string): Order {
  const { currency, expiresAt, id, quantity, tenantId, totalMinor } = purchase;
  return {
    ...{ purchaseId: id, tenantId, accountId: account.id, attempt, quantity, totalMinor, currency, payerEmail },
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
