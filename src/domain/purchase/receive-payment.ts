/** Takes what payment providers deliver: checks who says it, finds the purchase, and has the payment reconciled with it. */

import { randomBytes } from 'node:crypto';
import { databaseNow } from '../../db/clock.ts';
import type { Sql } from '../../db/sql.ts';
import { Overloaded } from '../../kernel/errors.ts';
import {
  type Credentials,
  type Delivery,
  type Mark,
  type PaymentEvent,
  type ProviderName,
  ProviderUnavailable,
} from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, findPaymentAccount, type PaymentAccount } from './payment-accounts.ts';
import { lapse } from './payment-instructions.ts';
import { alreadyReceived, findPayment, recordEvent, recordFacts, refuseEvent, reportLost } from './payment-records.ts';
import { findPlatformSale, findPurchase, type PurchaseRow } from './purchase-row.ts';
import { reconcilePayment } from './reconcile-payment.ts';
import { isPlatform } from './seller.ts';

/** accepted: taken notice of, and what it said is committed. rejected: not by whom it says. retry: to be sent again. */
export type Reception = 'accepted' | 'rejected' | 'retry';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'secrets' | 'payments'>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How long one of our payments may be ahead of its purchase. A provider switches off an address that refuses for days. */
const NOT_YET_MS = 30 * 60_000;

/**
 * What a provider delivers about payments (R28). Nothing in it is believed before its signature was checked; an account that
 * does not exist and a wrong signature are answered alike. However often, in whatever order and at once: what it says is done
 * once. What is not ours is accepted, and does nothing; one of ours whose purchase is not there yet is to be told of again.
 */
export async function receivePayment(ports: Needed, provider: ProviderName, accountId: string, delivery: Delivery): Promise<Reception> {
  const found = UUID.test(accountId) ? await findPaymentAccount(ports.sql, accountId) : null;
  const account = found?.provider === provider ? found : null;
  const credentials = account && credentialsOf(ports, account);
  const gateway = ports.payments.gateway(provider);
  // Somebody's secret, so that an account that does not exist takes as long to refuse.
  const isSigned = await gateway.isSigned(delivery, credentials?.webhookSecret ?? randomBytes(16).toString('hex'));
  if (account === null || credentials?.webhookSecret == null || !isSigned) return 'rejected';
  try {
    const event = await gateway.read(delivery, credentials);
    if (event === null || (await alreadyReceived(ports.sql, account, event))) return 'accepted';
    return await take(ports, account, credentials, event);
  } catch (error) {
    if (error instanceof ProviderUnavailable || error instanceof Overloaded) return 'retry';
    throw error;
  }
}

async function take(ports: Needed, account: PaymentAccount, credentials: Credentials, event: PaymentEvent): Promise<Reception> {
  const mark = await markOf(ports, account, credentials, event);
  // An account may be used for more than what is sold here, and two installations may share one.
  if (!mark?.purchaseId || !UUID.test(mark.purchaseId)) return 'accepted';
  if (mark.accountId !== null && mark.accountId !== account.id) return 'accepted';
  const purchase = await purchaseOf(ports.sql, account, mark.purchaseId);
  if (purchase === null) return takeUnknown(ports, account, event, mark);
  if (purchase.provider !== account.provider) return 'accepted';
  await takeNotice(ports, account, event, purchase, mark);
  await recordEvent(ports.sql, account, event);
  return 'accepted';
}

/** As the event says, as we were told before, or as the provider answers when it is asked. */
async function markOf(
  { payments, sql }: Needed,
  account: PaymentAccount,
  credentials: Credentials,
  event: PaymentEvent,
): Promise<Mark | null> {
  if (event.mark !== null || event.reference === null) return event.mark;
  const known = await findPayment(sql, account, event.reference);
  if (known !== null) return { purchaseId: known.purchaseId, accountId: account.id, attempt: 0 };
  return payments.gateway(account.provider).markOf(event.reference, credentials);
}

/** A seller's provider speaks of that seller's sales only: nobody pays for another's with an account of their own. */
async function purchaseOf(sql: Sql, { sellerId, tenantId }: PaymentAccount, id: string): Promise<PurchaseRow | null> {
  if (isPlatform({ tenantId, id: sellerId })) return findPlatformSale(sql, id);
  const purchase = await findPurchase(sql, { tenantId, id });
  return purchase?.sellerId === sellerId ? purchase : null;
}

async function takeUnknown({ sql }: Needed, account: PaymentAccount, event: PaymentEvent, mark: Mark): Promise<Reception> {
  // Without our account on it, it is somebody else's payment that happens to name a purchase as we do.
  if (mark.accountId === null || mark.purchaseId === null) return 'accepted';
  if ((await databaseNow(sql)).getTime() - event.atMs < NOT_YET_MS) return 'retry';
  if (event.kind === 'PAID') await reportLost(sql, account, event, mark.purchaseId);
  return 'accepted';
}

async function takeNotice(ports: Needed, account: PaymentAccount, event: PaymentEvent, purchase: PurchaseRow, mark: Mark): Promise<void> {
  const { sql } = ports;
  if (event.kind === 'LAPSED') {
    await lapse(sql, purchase, mark.attempt);
    return;
  }
  if (event.kind === 'PAID' && (event.amountMinor !== purchase.totalMinor || event.currency !== purchase.currency)) {
    await refuseEvent(sql, account, event, purchase, 'the amount or the currency is another');
    return;
  }
  const { purchaseId } = await recordFacts(sql, account, event, purchase);
  if (purchaseId === purchase.id) await reconcilePayment(ports, account, event, purchase);
  else if (event.kind === 'PAID') await refuseEvent(sql, account, event, purchase, 'the payment was made for another purchase');
}
