/** The use case behind provider webhooks: settles or charges back what an event is about (R28, R29). */

import { randomBytes } from 'node:crypto';
import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { InvalidState, Overloaded, type Refusal } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Outcome } from '../../ledger/command.ts';
import { type Credentials, type Delivery, type PaymentEvent, type ProviderName, ProviderUnavailable } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, findPaymentAccount, type PaymentAccount } from './payment-accounts.ts';
import { alreadyReceived, claimPayment, isReversed, purchaseOfPayment, recordEvent, refuseEvent } from './payment-records.ts';
import { findPlatformSale, findPurchase, type PurchaseRow } from './purchase-row.ts';
import { isPlatform } from './seller.ts';

/** accepted: taken notice of, and what it said is committed. rejected: not by whom it says. retry: to be sent again. */
export type Reception = 'accepted' | 'rejected' | 'retry';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'secrets' | 'payments'>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What a provider delivers about payments (R28). Nothing in it is believed before its signature was checked; an account that
 * does not exist and a wrong signature are answered alike. However often, in whatever order and at once: what it says is done
 * once. A purchase that is not there yet is to be told of again.
 */
export async function receivePayment(ports: Needed, provider: ProviderName, accountId: string, delivery: Delivery): Promise<Reception> {
  const found = UUID.test(accountId) ? await findPaymentAccount(ports.sql, accountId) : null;
  const account = found?.provider === provider ? found : null;
  const credentials = account && credentialsOf(ports, account);
  const gateway = ports.payments.gateway(provider);
  // Somebody's secret, so that an account that does not exist takes as long to refuse.
  const isSigned = gateway.isSigned(delivery, credentials?.webhookSecret ?? randomBytes(16).toString('hex'));
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
  const purchaseId = await purchaseIdOf(ports, account, credentials, event);
  // An account may be used for more than what is sold here.
  if (purchaseId === null || !UUID.test(purchaseId)) return 'accepted';
  const purchase = await purchaseOf(ports.sql, account, purchaseId);
  if (purchase === null) return 'retry';
  if (purchase.provider !== account.provider) return 'accepted';
  if (event.kind === 'LAPSED') await forgetInstructions(ports.sql, purchase);
  else if (event.kind === 'PAID') await settle(ports, account, event, purchase);
  else await reverse(ports, account, event, purchase);
  await recordEvent(ports.sql, account, event);
  return 'accepted';
}

/** As the event says, as we were told before, or as the provider answers when it is asked. */
async function purchaseIdOf(ports: Needed, account: PaymentAccount, credentials: Credentials, event: PaymentEvent): Promise<string | null> {
  if (event.purchaseId !== null || event.reference === null) return event.purchaseId;
  const known = await purchaseOfPayment(ports.sql, account, event.reference);
  return known ?? ports.payments.gateway(account.provider).purchaseOf(event.reference, credentials);
}

/** A seller's provider speaks of that seller's sales only: nobody pays for another's with an account of their own. */
async function purchaseOf(sql: Sql, { sellerId, tenantId }: PaymentAccount, id: string): Promise<PurchaseRow | null> {
  if (isPlatform({ tenantId, id: sellerId })) return findPlatformSale(sql, id);
  const purchase = await findPurchase(sql, { tenantId, id });
  return purchase?.sellerId === sellerId ? purchase : null;
}

async function settle(ports: Needed, account: PaymentAccount, event: PaymentEvent, purchase: PurchaseRow): Promise<void> {
  const { sql } = ports;
  const refuse = (why: string) => refuseEvent(sql, account, event, purchase, why);
  if (event.amountMinor !== purchase.totalMinor || event.currency !== purchase.currency) {
    await refuse('the amount or the currency is another');
    return;
  }
  const payment = await claimPayment(sql, account, event, purchase);
  if (payment.purchaseId !== purchase.id) {
    await refuse('the payment was made for another purchase');
    return;
  }
  // The money has gone back already: providers do not keep to an order.
  if (payment.isReversed) return;
  const outcome = await post(ports, 'settlePurchase', purchase, event.reference);
  if (outcome.status === 'refused') {
    if (!(outcome.refusal instanceof InvalidState)) throw outcome.refusal;
    // The seller has confirmed another purchase with this very reference.
    await refuse(outcome.refusal.message);
    return;
  }
  if (outcome.status === 'replayed' && (await referenceOf(sql, purchase)) !== event.reference) {
    await refuse('the purchase was settled before, by another payment or by hand');
    return;
  }
  // It may have gone back since, and who told of that met a purchase that was not settled yet.
  if (await isReversed(sql, account, event)) accept(await post(ports, 'chargeBackPurchase', purchase, null));
}

async function reverse(ports: Needed, account: PaymentAccount, event: PaymentEvent, purchase: PurchaseRow): Promise<void> {
  const payment = await claimPayment(ports.sql, account, event, purchase);
  // What another payment, or the seller's own word, has settled stays.
  const isSettled = purchase.status === 'PAID' || purchase.status === 'PAID_UNFUNDED';
  if (payment.purchaseId !== purchase.id || (isSettled && purchase.reference !== event.reference)) return;
  accept(await post(ports, 'chargeBackPurchase', purchase, null));
}

/** Nothing is left to take back of what is canceled, or was taken back before. */
function accept(outcome: Outcome): void {
  const refusal: Refusal | null = outcome.status === 'refused' ? outcome.refusal : null;
  if (refusal !== null && !(refusal instanceof InvalidState)) throw refusal;
}

function post(
  { ledger }: Needed,
  kind: 'settlePurchase' | 'chargeBackPurchase',
  { buyerId, id, sellerId, tenantId }: PurchaseRow,
  reference: string | null,
): Promise<Outcome> {
  const command = {
    ...{ tenantId, scopeTenantId: sellerId === null ? PLATFORM_TENANT_ID : tenantId, scopeId: sellerId ?? PLATFORM_TENANT_ID },
    ...{ key: null, hash: null, actorId: PROVIDER_ACTOR_ID, roles: [], transferId: uuidv7(), by: 'PROVIDER' as const },
    ...{ purchaseId: id, buyerId, sellerId },
  };
  return ledger.post(kind === 'settlePurchase' ? { ...command, kind, reference } : { ...command, kind, memo: WENT_BACK });
}

const WENT_BACK = 'The payment was disputed or refunded.';

async function referenceOf(sql: Sql, purchase: PurchaseRow): Promise<string | null> {
  return (await findPurchase(sql, purchase))?.reference ?? null;
}

/** Whoever asks next is given something else to pay with. */
async function forgetInstructions(sql: Sql, { id, tenantId }: PurchaseRow): Promise<void> {
  await sql`UPDATE purchase SET payment_instructions = NULL WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING'`;
}
