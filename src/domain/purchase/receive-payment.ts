/** Receives events of payment providers: checks the sender, finds the paid order, and reconciles the payment with it. */

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
import { findProvidersPayment, type ProvidersPayment, paidOrderOfCustomer } from '../customer-payment/providers-payment.ts';
import { reconcileCustomerPayment } from '../customer-payment/reconcile-customer-payment.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, findPaymentAccount, type PaymentAccount } from './payment-accounts.ts';
import { alreadyReceived, findPayment, type PaidOrder, recordEvent, recordFacts, refuseEvent, reportLost } from './payment-records.ts';
import { findPlatformSale, findPurchase, type PurchaseRow, paidOrderOf } from './purchase-row.ts';
import { reconcilePayment } from './reconcile-payment.ts';
import { lapse } from './request-instructions.ts';
import { isPlatform } from './seller.ts';

/** accepted: the event's effects are committed. rejected: the sender is not the provider. retry: the provider should send it again. */
export type Reception = 'accepted' | 'rejected' | 'retry';

type Needed = Pick<Ports, 'ledger' | 'sql' | 'directory' | 'secrets' | 'payments'>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The order that one of our payments is for: its table, and its row as it was read. */
type Order =
  | { readonly table: 'purchase'; readonly row: PurchaseRow }
  | { readonly table: 'customer_payment'; readonly row: ProvidersPayment };

/** How long an event for an order that is not visible yet is answered with retry. A provider disables an address that refuses for days. */
const NOT_YET_MS = 30 * 60_000;

/**
 * Processes a provider's delivery about payments (R28, R54). It trusts nothing before it has checked the signature. An unknown
 * account and a wrong signature get the same answer. Each event takes effect once, however often, in whatever order and however
 * concurrently it arrives. An event that is not ours is accepted and ignored. One of ours for an order that is not visible yet is
 * answered with retry.
 */
export async function receivePayment(ports: Needed, provider: ProviderName, accountId: string, delivery: Delivery): Promise<Reception> {
  const found = UUID.test(accountId) ? await findPaymentAccount(ports, accountId) : null;
  const account = found?.provider === provider ? found : null;
  const credentials = account && credentialsOf(ports, account);
  const gateway = ports.payments.gateway(provider);
  // A random secret, so that the refusal of an unknown account takes as long.
  const isSigned = await gateway.isSigned(delivery, credentials?.webhookSecret ?? randomBytes(16).toString('hex'));
  if (account === null || credentials?.webhookSecret == null || !isSigned) return 'rejected';
  try {
    const event = await gateway.read(delivery, credentials);
    if (event === null || (await alreadyReceived(ports.sql, account, event))) return 'accepted';
    return await handle(ports, account, credentials, event);
  } catch (error) {
    if (error instanceof ProviderUnavailable || error instanceof Overloaded) return 'retry';
    throw error;
  }
}

async function handle(ports: Needed, account: PaymentAccount, credentials: Credentials, event: PaymentEvent): Promise<Reception> {
  const mark = await markOf(ports, account, credentials, event);
  // An account may be used for more than what is sold here, and two installations may share one.
  if (!mark?.orderId || !UUID.test(mark.orderId)) return 'accepted';
  if (mark.accountId !== null && mark.accountId !== account.id) return 'accepted';
  const order = await orderOf(ports.sql, account, mark.orderId);
  if (order === null) return handleUnknownOrder(ports, account, event, mark);
  if (order.row.provider !== account.provider) return 'accepted';
  await applyEvent(ports, account, event, order, mark);
  await recordEvent(ports.sql, account, event);
  return 'accepted';
}

/** The mark in the event, the one recorded for the payment before, or else the provider's answer to a query. */
async function markOf(
  { payments, sql }: Needed,
  account: PaymentAccount,
  credentials: Credentials,
  event: PaymentEvent,
): Promise<Mark | null> {
  if (event.mark !== null || event.reference === null) return event.mark;
  const known = await findPayment(sql, account, event.reference);
  if (known !== null) return { orderId: known.orderId, accountId: account.id, attempt: 0 };
  return payments.gateway(account.provider).markOf(event.reference, credentials);
}

/** Ids are unique across both tables, so an id names one order. */
async function orderOf(sql: Sql, account: PaymentAccount, id: string): Promise<Order | null> {
  const purchase = await purchaseOf(sql, account, id);
  if (purchase !== null) return { table: 'purchase', row: purchase };
  const payment = await findProvidersPayment(sql, account, id);
  return payment && { table: 'customer_payment', row: payment };
}

/** Events of a seller's account settle only that seller's sales: nobody can pay another seller's sale with an account of their own. */
async function purchaseOf(sql: Sql, { sellerId, tenantId }: PaymentAccount, id: string): Promise<PurchaseRow | null> {
  if (isPlatform({ tenantId, id: sellerId })) return findPlatformSale(sql, id);
  const purchase = await findPurchase(sql, { tenantId, id });
  return purchase?.sellerId === sellerId ? purchase : null;
}

async function handleUnknownOrder({ sql }: Needed, account: PaymentAccount, event: PaymentEvent, mark: Mark): Promise<Reception> {
  // A mark without an account belongs to somebody else's payment, which happens to name its order as we do.
  if (mark.accountId === null || mark.orderId === null) return 'accepted';
  if ((await databaseNow(sql)).getTime() - event.atMs < NOT_YET_MS) return 'retry';
  if (event.kind === 'PAID') await reportLost(sql, account, event, mark.orderId);
  return 'accepted';
}

async function applyEvent(ports: Needed, account: PaymentAccount, event: PaymentEvent, order: Order, mark: Mark): Promise<void> {
  const { id, tenantId } = order.row;
  if (event.kind === 'LAPSED') {
    await lapse(ports.sql, { tenantId, id, table: order.table }, mark.attempt);
    return;
  }
  const paidOrder = paidOrderIn(order);
  if (event.kind === 'PAID' && (event.amountMinor !== paidOrder.totalMinor || event.currency !== paidOrder.currency)) {
    await refuseEvent(ports, account, event, paidOrder, 'the amount or the currency is different');
    return;
  }
  const { orderId } = await recordFacts(ports, account, event, paidOrder);
  if (orderId === id) await reconcile(ports, account, event, order);
  else if (event.kind === 'PAID') await refuseEvent(ports, account, event, paidOrder, 'the payment was made for another purchase');
}

function paidOrderIn(order: Order): PaidOrder {
  return order.table === 'purchase' ? paidOrderOf(order.row) : paidOrderOfCustomer(order.row);
}

function reconcile(ports: Needed, account: PaymentAccount, event: PaymentEvent, order: Order): Promise<void> {
  return order.table === 'purchase'
    ? reconcilePayment(ports, account, event, order.row)
    : reconcileCustomerPayment(ports, account, event, order.row);
}
