/** Payments that belong to another shop, arrive too early, fail, or are made again (R28). */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accountOf } from '../support/worlds/buying.ts';
import { accountIn, type Ordered, type PaidPlatform, startPaidPlatform } from '../support/worlds/paid-platform.ts';
import {
  deliverMercadoPago,
  deliverStripe,
  failedIntent,
  mercadoPagoPayment,
  paidSession,
  untilTaken,
} from '../support/worlds/payment-providers.ts';

let world: PaidPlatform;
/** The account that the metadata of the platform's payments names. */
let account: string;
let pixAccount: string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  world = await startPaidPlatform();
  account = accountIn(world.stripe);
  pixAccount = accountIn(world.mercadoPago);
});

afterEach(() => {
  world.providers.failure = null;
});

afterAll(() => world[Symbol.asyncDispose]());

async function logged(subject: string): Promise<readonly object[]> {
  return world.sql<object[]>`SELECT reseller_id, changes FROM audit_log WHERE action = 'PAYMENT_NOT_MATCHED' AND subject = ${subject}`;
}

describe('payments of others', () => {
  test('R28: another shop’s payments on the same account are answered 200 and do nothing', async () => {
    const amount = 10_000;
    const others = [
      paidSession(randomUUID(), { amount, intent: 'pi_shop' }),
      paidSession(randomUUID(), { amount, intent: 'pi_shop_account', account: randomUUID() }),
      paidSession('order 4711', { amount, intent: 'pi_shop_text' }),
      failedIntent('pi_shop_failed', { purchase: randomUUID() }),
      { id: 'evt_odd', object: 'event', type: 'checkout.session.completed', data: { object: { id: 7 } } },
      { id: 'evt_other', object: 'event', type: 'invoice.paid', data: { object: {} } },
    ];
    for (const event of others) expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
    world.providers.payments.set('9001', mercadoPagoPayment('9001', randomUUID(), { amountMinor: amount }));
    world.providers.payments.set('9002', mercadoPagoPayment('9002', 'order 4711', { amountMinor: amount }));
    for (const id of ['9001', '9002', '9003']) expect(await deliverMercadoPago(world.mercadoPago, id)).toMatchObject({ status: 200 });
    expect(await world.sql`SELECT FROM payment WHERE reference LIKE 'pi_shop%' OR reference LIKE '900%'`).toHaveLength(0);
  });

  test('R28: a payment marked with another account of ours pays for nothing here', async () => {
    const one = await world.ordered('STRIPE');
    const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_other_account', account: randomUUID() });
    expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
    expect((await world.now(one)).status).toBe('PENDING');
  });
});

describe('a payment of ours that is not visible yet', () => {
  test('R28: ten deliveries before the purchase exists are to be repeated, and ten after it settle it once', async () => {
    const one = await world.ordered('STRIPE');
    const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_hidden', account });
    const [row] = await world.sql`DELETE FROM purchase WHERE id = ${one.rowId} RETURNING *`;
    const deliver = () => deliverStripe(world.stripe, event);
    const ten = async (send: typeof deliver) => new Set((await Promise.all(Array.from({ length: 10 }, send))).map(({ status }) => status));
    expect(await ten(deliver)).toEqual(new Set([503]));
    await world.sql`INSERT INTO purchase ${world.sql({ ...row })}`;
    expect(await ten(() => untilTaken(deliver))).toEqual(new Set([200]));
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
  });

  test('R28: after half an hour it is accepted, and the seller finds the money in the log once', async () => {
    const createdMs = Date.now() - HOUR_MS;
    const lost = paidSession(randomUUID(), { amount: 10_000, intent: 'pi_lost', account, createdMs });
    for (const event of [lost, lost]) expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
    expect(await logged('pi_lost')).toHaveLength(1);
    const metadata = { account: pixAccount, attempt: 0 };
    const payment = mercadoPagoPayment('9100', randomUUID(), { amountMinor: 10_000, metadata, updatedMs: createdMs });
    world.providers.payments.set('9100', payment);
    expect(await deliverMercadoPago(world.mercadoPago, '9100')).toMatchObject({ status: 200 });
    expect(await logged('9100')).toHaveLength(1);
  });
});

describe('instructions', () => {
  async function again(one: Ordered): Promise<string> {
    const made = (await world.now(one)).paymentInstructions;
    if (made === null) throw new Error('nothing to pay with');
    return made;
  }

  test('R28: carry the purchase, the account and the attempt to both providers', async () => {
    const one = await world.ordered('STRIPE');
    const sent = new URLSearchParams(world.providers.requests.at(-1)?.body);
    for (const on of ['metadata', 'payment_intent_data[metadata]']) {
      const written = ['purchase', 'account', 'attempt'].map((name) => sent.get(`${on}[${name}]`));
      expect(written).toEqual([one.rowId, account, '0']);
    }
    const two = await world.ordered('MERCADO_PAGO');
    expect(JSON.parse(world.providers.requests.at(-1)?.body ?? '{}')).toMatchObject({
      external_reference: two.rowId,
      metadata: { account: pixAccount, attempt: 0 },
    });
  });

  test.each([
    ['payment_intent.payment_failed', (one: Ordered) => failedIntent('pi_failed_0', { purchase: one.rowId, account, attempt: '0' })],
    [
      'payment_intent.canceled',
      (one: Ordered) => failedIntent('pi_canceled_0', { purchase: one.rowId, account, attempt: '0' }, 'payment_intent.canceled'),
    ],
    ['checkout.session.expired', (one: Ordered) => session(one, 'checkout.session.expired')],
    ['checkout.session.async_payment_failed', (one: Ordered) => session(one, 'checkout.session.async_payment_failed')],
  ])(
    'R28: expire at %s, are made again under the next attempt, and a repeated or late message expires no later ones',
    async (_type, event) => {
      const one = await world.ordered('STRIPE');
      expect(await deliverStripe(world.stripe, event(one))).toMatchObject({ status: 200 });
      const second = await again(one);
      expect(second).not.toBe(one.purchase.paymentInstructions);
      expect(world.providers.requests.at(-1)).toMatchObject({ idempotencyKey: `${one.rowId} 1` });
      expect(await deliverStripe(world.stripe, { ...event(one), id: `evt_${randomUUID()}` })).toMatchObject({ status: 200 });
      expect(await again(one)).toBe(second);
      // The first attempt succeeds after all, and then the second: one settles, the other is refunded.
      const pay = (attempt: string) => paidSession(one.rowId, { amount: 10_000, intent: `pi_${attempt}_${one.rowId}`, account, attempt });
      for (const attempt of ['0', '1']) expect(await deliverStripe(world.stripe, pay(attempt))).toMatchObject({ status: 200 });
      expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
      expect(await logged(`pi_0_${one.rowId}`)).toHaveLength(0);
      expect(await logged(`pi_1_${one.rowId}`)).toHaveLength(1);
    },
  );

  test.each(['rejected', 'cancelled'])('R28: expire when Mercado Pago says %s, and are made again under another key', async (status) => {
    const one = await world.ordered('MERCADO_PAGO');
    const id = String(9_200 + status.length);
    world.providers.payments.set(
      id,
      mercadoPagoPayment(id, one.rowId, { amountMinor: 10_000, status, metadata: { account: pixAccount, attempt: 0 } }),
    );
    expect(await deliverMercadoPago(world.mercadoPago, id)).toMatchObject({ status: 200 });
    expect(await again(one)).not.toBe(one.purchase.paymentInstructions);
    expect(world.providers.requests.at(-1)).toMatchObject({ idempotencyKey: `${one.rowId} 1` });
  });

  test('R28: are made again when their own time is over, without a message from the provider', async () => {
    const one = await world.ordered('STRIPE');
    expect(await again(one)).toBe(one.purchase.paymentInstructions);
    await world.sql`UPDATE purchase SET payment_lapses_at = now() - interval '1 second' WHERE id = ${one.rowId}`;
    expect(await again(one)).not.toBe(one.purchase.paymentInstructions);
  });

  test.each(['STRIPE', 'MERCADO_PAGO'] as const)(
    'R28: a failure that %s stores under a key does not affect the next attempt',
    async (provider) => {
      world.providers.failure = { status: 500, body: { error: { type: 'api_error', message: 'broken' } } };
      const one = await world.ordered(provider);
      expect(one.purchase).toMatchObject({ status: 'PENDING', paymentInstructions: null });
      world.providers.failure = null;
      expect(await again(one)).not.toBe('');
    },
  );
});

describe('signatures', () => {
  test('R28: one of Mercado Pago’s that is days old is accepted, after an outage, and one that is months old is not', async () => {
    const one = await world.ordered('MERCADO_PAGO');
    world.providers.payments.set('9300', mercadoPagoPayment('9300', one.rowId, { amountMinor: 10_000 }));
    expect(await deliverMercadoPago(world.mercadoPago, '9300', { atMs: Date.now() - 90 * DAY_MS })).toMatchObject({ status: 400 });
    expect((await world.now(one)).status).toBe('PENDING');
    expect(await deliverMercadoPago(world.mercadoPago, '9300', { atMs: Date.now() - 5 * DAY_MS })).toMatchObject({ status: 200 });
    expect((await world.now(one)).status).toBe('PAID');
  });

  test('R28: one of Stripe’s is at most five minutes old, because a repeated event is signed again', async () => {
    const one = await world.ordered('STRIPE');
    // The event is from two days ago, and was signed now.
    const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_outage', account, createdMs: Date.now() - 2 * DAY_MS });
    expect(await deliverStripe(world.stripe, event, { atMs: Date.now() - 10 * 60_000 })).toMatchObject({ status: 400 });
    expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
    expect((await world.now(one)).status).toBe('PAID');
  });
});

function session({ rowId }: Ordered, type: string): object {
  return paidSession(rowId, { amount: 10_000, intent: `pi_page_${rowId}`, type, status: 'unpaid', account, attempt: '0' });
}
