/** Forged messages to the webhook addresses for payment providers (R28, R30). */
import { createHmac } from 'node:crypto';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountOf, order, PRICES, rowIdOf, setPrices, setProvider } from '../support/worlds/buying.ts';
import { plantPanel, plantTenant } from '../support/worlds/demo.ts';
import { accountIn, type Ordered, type PaidPlatform, startPaidPlatform } from '../support/worlds/paid-platform.ts';
import {
  deliverMercadoPago,
  deliverStripe,
  disputed,
  failedIntent,
  mercadoPagoPayment,
  paidSession,
  refunded,
  STRIPE_SECRET,
} from '../support/worlds/payment-providers.ts';

let world: PaidPlatform;
let paidFor: Ordered;

beforeAll(async () => {
  world = await startPaidPlatform();
  paidFor = await world.ordered('STRIPE');
  await deliverStripe(world.stripe, paidSession(paidFor.rowId, { amount: 10_000, intent: 'pi_good', account: accountIn(world.stripe) }));
});

afterAll(() => world[Symbol.asyncDispose]());

test('R28: a repeated event, even under another id, moves nothing', async () => {
  const event = paidSession(paidFor.rowId, { amount: 10_000, intent: 'pi_good', account: accountIn(world.stripe) });
  for (const id of ['evt_again', 'evt_and_again'])
    expect(await deliverStripe(world.stripe, { ...event, id })).toMatchObject({ status: 200 });
  expect(await accountOf(world.client, paidFor.buyer)).toMatchObject({ balance: 10, version: 1 });
});

test('R30: a signature over other bytes, of another account or another provider is refused', async () => {
  const one = await world.ordered('STRIPE');
  const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_forged', account: accountIn(world.stripe) });
  const payload = JSON.stringify(event);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET });
  const post = (url: string, body: string, headers: Record<string, string>) => fetch(url, { method: 'POST', body, headers });
  const answers = [
    await post(world.stripe, `${payload} `, { 'stripe-signature': signature }),
    await post(world.stripe, payload.replace('10000', '10001'), { 'stripe-signature': signature }),
    await post(world.mercadoPago, payload, { 'stripe-signature': signature }),
    await post(`${world.client.origin}/webhooks/payments/stripe?account=${accountIn(world.mercadoPago)}`, payload, {
      'stripe-signature': signature,
    }),
    await post(`${world.client.origin}/webhooks/payments/stripe`, payload, { 'stripe-signature': signature }),
  ];
  for (const answer of answers) expect(answer.status).toBe(400);
  expect((await world.now(one)).status).toBe('PENDING');
});

test('R30: Mercado Pago’s signature covers the payment in the URL, so no other payment can be put there', async () => {
  const one = await world.ordered('MERCADO_PAGO');
  world.providers.payments.set('7001', mercadoPagoPayment('7001', one.rowId, { amountMinor: 10_000 }));
  const ts = String(Date.now());
  const v1 = createHmac('sha256', 'a secret of the tests').update(`id:7002;request-id:r;ts:${ts};`).digest('hex');
  const body = JSON.stringify({ type: 'payment', data: { id: '7001' } });
  const headers = { 'x-signature': `ts=${ts},v1=${v1}`, 'x-request-id': 'r', 'content-type': 'application/json' };
  expect((await fetch(`${world.mercadoPago}&data.id=7001&type=payment`, { method: 'POST', body, headers })).status).toBe(400);
  expect((await world.now(one)).status).toBe('PENDING');
});

test("R28: a seller’s own account neither pays, expires, refunds nor disputes another seller's purchases", async () => {
  const { client, demo, providers } = world;
  const root = await plantTenant(client, demo.platform, 'rogue@attack.test', 100);
  const secret = 'whsec_of_the_rogue';
  const { settings } = await setProvider(client, root.token, { stripe: { secretKey: 'sk_test_rogue', webhookSecret: secret } });
  const rogue = `${client.origin}${settings?.webhookPath}`;
  const pending = await world.ordered('STRIPE');
  providers.intents.set('pi_rogue', { purchase: paidFor.rowId, account: accountIn(rogue) });
  for (const account of [undefined, accountIn(rogue), accountIn(world.stripe)]) {
    const mark = account === undefined ? {} : { account };
    const events = [
      paidSession(pending.rowId, { amount: 10_000, intent: `pi_rogue_${account}`, ...mark }),
      failedIntent('pi_x', { purchase: pending.rowId, ...mark }),
      refunded(paidFor.rowId, 'pi_good'),
      disputed('pi_rogue', { type: 'funds_withdrawn', status: 'lost', movements: [-10_000] }),
      disputed('pi_good', { type: 'funds_withdrawn', status: 'lost', movements: [-10_000] }),
    ];
    for (const event of events) expect((await deliverStripe(rogue, event, { secret })).status).not.toBe(400);
  }
  expect(await world.now(pending)).toMatchObject({ status: 'PENDING', paymentInstructions: pending.purchase.paymentInstructions });
  expect(await world.now(paidFor)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
});

test('R28: a purchase for another provider, or paid by hand, is not settled by this provider', async () => {
  const pix = await world.ordered('MERCADO_PAGO');
  const event = paidSession(pix.rowId, { amount: 10_000, intent: 'pi_wrong_provider', account: accountIn(world.stripe) });
  expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
  expect((await world.now(pix)).status).toBe('PENDING');
});

test('bodies that are huge, empty, not JSON or of another type never make the server fail, signed or not', async () => {
  const signed = (payload: string) => ({
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET }),
  });
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  for (const payload of ['{}', '[]', 'null', '"x"', '1', 'x', deep, '{"id":"e","type":"charge.refunded","data":{"object":null}}']) {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const response = await fetch(world.stripe, { method: 'POST', body: payload, headers: { 'content-type': type, ...signed(payload) } });
      expect(response.status, payload.slice(0, 20)).toBe(payload === 'x' ? 400 : 200);
    }
    expect((await fetch(world.stripe, { method: 'POST', body: payload })).status).toBe(400);
  }
  const huge = 'x'.repeat(256_001);
  expect((await fetch(world.stripe, { method: 'POST', body: huge, headers: signed(huge) })).status).toBe(413);
});

test('no answer, and no message about a payment, contains a secret or another’s purchase', async () => {
  const { text } = await deliverMercadoPago(world.mercadoPago, '1');
  const { text: other } = await deliverStripe(world.stripe, { id: 'evt', type: 'x', data: { object: {} } });
  expect([text, other]).toEqual(['Taken.\n', 'Taken.\n']);
});

test('R28: late money for a closed panel waits for its seller, and is never lost', async () => {
  const { client, demo } = world;
  const root = await plantTenant(client, demo.platform, 'closing@attack.test', 100);
  const child = await plantPanel(client, root, 'closed@attack.test', 10);
  await setPrices(client, demo.platform, PRICES);
  const purchase = await order(client, child.token, { quantity: 10, provider: 'STRIPE', idempotencyKey: 'late' });
  const closed = await client.ask(
    root.token,
    'mutation ($id: ID!) { closeReseller(input: { resellerId: $id, idempotencyKey: "c" }) { __typename } }',
    {
      id: child.id,
    },
  );
  expect(closed.errors ?? []).toEqual([]);
  const event = paidSession(rowIdOf(purchase.id), { amount: 10_000, intent: 'pi_closed', account: accountIn(world.stripe) });
  expect(await deliverStripe(world.stripe, event)).toMatchObject({ status: 200 });
  const rows = await world.sql`SELECT status FROM purchase WHERE id = ${rowIdOf(purchase.id)}`;
  expect(rows).toMatchObject([{ status: 'PAID_UNFUNDED' }]);
  const asked = await client.ask(child.token, 'query ($id: ID!) { node(id: $id) { id } }', { id: purchase.id });
  expect(asked.data).toEqual({ node: null });
  expect(asked.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect((await client.mutate(root, 'confirmPurchase', { purchaseId: purchase.id })).code).toBe('NOT_FOUND');
});
