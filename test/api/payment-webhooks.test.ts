import { hash } from 'node:crypto';
import { parsePix } from 'pix-utils';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { txidOf } from '../../src/payments/pix.ts';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import type { Given } from '../support/clients/mutation.ts';
import { until } from '../support/until.ts';
import { accountOf, order, PRICES, type Purchase, rowIdOf, seen, setPrices, setProvider } from '../support/worlds/buying.ts';
import { type Demo, type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';
import { accountIn, type Ordered, type PaidPlatform, startPaidPlatform } from '../support/worlds/paid-platform.ts';
import {
  deliverMercadoPago,
  deliverStripe,
  disputed,
  MERCADO_PAGO_SECRET,
  mercadoPagoPayment,
  type Providers,
  paidSession,
  refunded,
  STRIPE_SECRET,
  untilTaken,
} from '../support/worlds/payment-providers.ts';

const SECRET_KEY = 'sk_test_of_the_tests';
const ACCESS_TOKEN = 'TEST-token-of-the-tests';

/** Tests wait until it is over. A provider that answers needs less, even on a slow machine. */
const HASTY_MS = 3_000;

let world: PaidPlatform;
/** A second server on the same database, with a shorter time-out for providers. */
let hasty: Api;
let api: Api;
let client: Client;
let demo: Demo;
let sql: Sql;
let providers: Providers;
let stripe: string;
let mercadoPago: string;

beforeAll(async () => {
  world = await startPaidPlatform();
  ({ api, client, demo, mercadoPago, providers, sql, stripe } = world);
  hasty = await startApi({ databaseUrl: api.databaseUrl, limits: { providerTimeoutMs: HASTY_MS }, settings: world.settings });
});

afterEach(() => {
  providers.isSilent = false;
  providers.failure = null;
});

afterAll(async () => {
  await hasty[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function address(token: string, input: Given<'setPaymentProvider'>): Promise<string> {
  const { code, fields, settings } = await setProvider(client, token, input);
  if (!settings) throw new Error(`not set: ${code} ${JSON.stringify(fields)}`);
  return `${client.origin}${settings.webhookPath}`;
}

let named = 0;

/** Creates a new tenant's root, which stays locked until a purchase is paid. */
async function newBuyer(): Promise<Member> {
  named += 1;
  return plantTenant(client, demo.platform, `buyer${named}@webhook.test`, 0);
}

async function statusOf({ buyer, purchase }: Ordered): Promise<string | undefined> {
  return (await seen(client, buyer.token, purchase.id))?.status;
}

async function expectHealth(): Promise<void> {
  const { ledgerHealth } = await client.query(demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
}

describe('settings', () => {
  test('are returned without secrets, which are sealed at rest, and are refused by path while something is missing', async () => {
    const { text } = await client.ask(demo.platform, '{ viewer { paymentProviders { provider enabled webhookPath pixKey updatedAt } } }');
    const rows = await sql`SELECT * FROM payment_account`;
    for (const secret of [SECRET_KEY, STRIPE_SECRET, ACCESS_TOKEN, MERCADO_PAGO_SECRET]) {
      expect(text).not.toContain(secret);
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
    const audited = await sql`SELECT changes::text AS changes FROM audit_log WHERE action = 'PAYMENT_PROVIDER_SET'`;
    expect(JSON.stringify(audited)).not.toContain(SECRET_KEY);
    expect(await setProvider(client, demo.root.token, { stripe: { secretKey: 'sk_k' } })).toMatchObject({
      fields: [{ path: 'input.stripe.webhookSecret' }],
    });
    expect(await setProvider(client, demo.root.token, { mercadoPago: { pixKey: 'a@b.test' } })).toMatchObject({
      fields: [{ path: 'input.mercadoPago.merchantName' }, { path: 'input.mercadoPago.merchantCity' }],
    });
    expect(await setProvider(client, demo.root.token, { stripe: { secretKey: '' } })).toMatchObject({
      fields: [{ path: 'input.stripe.secretKey' }],
    });
    expect(await setProvider(client, demo.zero.token, { stripe: { enabled: false } })).toMatchObject({ code: 'PANEL_LOCKED' });
    const both = await client.ask(
      demo.root.token,
      'mutation { setPaymentProvider(input: { stripe: {}, mercadoPago: {} }) { __typename } }',
    );
    expect(both.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await client.query(demo.ana, '{ paymentMethods }')).toEqual({ paymentMethods: ['MERCADO_PAGO', 'STRIPE', 'MANUAL'] });
  });
});

describe('a delivery', () => {
  test('is answered alike for an unknown account or a wrong, old or missing signature, and has no effect (R30)', async () => {
    const one = await world.ordered('STRIPE');
    const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_forged' });
    const unknown = stripe.replace(/account=.*/, 'account=0190d5a1-7b1c-7000-8000-00000000beef');
    const old = Date.now() - 3_600_000;
    const answers = [
      await deliverStripe(unknown, event),
      await deliverStripe(stripe.replace(/account=.*/, "account='"), event),
      await deliverStripe(mercadoPago.replace('mercado-pago', 'stripe'), event),
      await deliverStripe(stripe, event, { secret: 'whsec_another' }),
      await deliverStripe(stripe, event, { atMs: old }),
      await fetch(stripe, { method: 'POST', body: JSON.stringify(event) }).then(async (response) => ({
        status: response.status,
        text: await response.text(),
      })),
      await deliverMercadoPago(mercadoPago, '1', { secret: 'another' }),
      await deliverMercadoPago(unknown.replace('stripe', 'mercado-pago'), '1'),
    ];
    for (const answer of answers) expect(answer).toEqual({ status: 400, text: 'Not taken.\n' });
    expect(await statusOf(one)).toBe('PENDING');
    expect((await fetch(`${client.origin}/webhooks/payments/other?account=x`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await fetch(stripe)).status).toBe(405);
    expect((await fetch(stripe, { method: 'POST', body: 'x'.repeat(256_001) })).status).toBe(413);
  });
});

describe('Stripe', () => {
  test('is asked for a page after the purchase exists; its message settles it, and that commit unlocks the buyer', async () => {
    const one = await world.ordered('STRIPE', 50);
    const { buyer, purchase, rowId } = one;
    expect(purchase).toMatchObject({
      provider: 'STRIPE',
      totalMinor: 45_000,
      paymentInstructions: expect.stringContaining('https://pay.stripe.test/'),
    });
    const asked = providers.requests.at(-1);
    expect(asked).toMatchObject({ path: '/v1/checkout/sessions', authorization: `Bearer ${SECRET_KEY}`, idempotencyKey: `${rowId} 0` });
    const sent = new URLSearchParams(asked?.body);
    expect([sent.get('metadata[purchase]'), sent.get('payment_intent_data[metadata][purchase]')]).toEqual([rowId, rowId]);
    expect([sent.get('line_items[0][price_data][unit_amount]'), sent.get('line_items[0][price_data][currency]')]).toEqual(['45000', 'brl']);

    const unpaid = paidSession(rowId, { amount: 45_000, intent: 'pi_1', status: 'unpaid' });
    expect(await deliverStripe(stripe, unpaid)).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PENDING');
    const paid = paidSession(rowId, { amount: 45_000, intent: 'pi_1', type: 'checkout.session.async_payment_succeeded' });
    expect(await deliverStripe(stripe, paid)).toMatchObject({ status: 200 });
    expect(await seen(client, buyer.token, purchase.id)).toMatchObject({
      status: 'PAID',
      reference: 'pi_1',
      transfer: { amount: 50, kind: 'PURCHASE' },
    });
    expect(await accountOf(client, buyer)).toMatchObject({ balance: 50, locked: false, version: 1 });
  });

  test('ten deliveries at once, of one event and of two, settle once', async () => {
    const one = await world.ordered('STRIPE');
    const paid = (type: string) => paidSession(one.rowId, { amount: 10_000, intent: 'pi_ten', type });
    const types = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0 ? 'checkout.session.completed' : 'checkout.session.async_payment_succeeded',
    );
    const answers = await Promise.all(types.map((type) => untilTaken(() => deliverStripe(stripe, paid(type)))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
    expect(await deliverStripe(stripe, paid('checkout.session.completed'))).toMatchObject({ status: 200 });
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
  });

  test('a delivery before its purchase is visible is to be sent again, and settles then', async () => {
    const one = await world.ordered('STRIPE');
    const event = paidSession(one.rowId, { amount: 10_000, intent: 'pi_early', account: accountIn(stripe) });
    const [row] = await sql`DELETE FROM purchase WHERE id = ${one.rowId} RETURNING *`;
    expect(await deliverStripe(stripe, event)).toEqual({ status: 503, text: 'Not now.\n' });
    await sql`INSERT INTO purchase ${sql({ ...row })}`;
    expect(await deliverStripe(stripe, event)).toMatchObject({ status: 200 });
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 10 });
  });

  test('another amount, another currency and a second payment settle nothing, and are in the log once', async () => {
    const one = await world.ordered('STRIPE');
    const event = (intent: string, more: object) => paidSession(one.rowId, { amount: 10_000, intent, ...more });
    for (const wrong of [event('pi_less', { amount: 9_999 }), event('pi_dollar', { currency: 'usd' })]) {
      expect(await deliverStripe(stripe, wrong)).toMatchObject({ status: 200 });
      expect(await deliverStripe(stripe, wrong)).toMatchObject({ status: 200 });
    }
    expect(await statusOf(one)).toBe('PENDING');
    expect(await deliverStripe(stripe, event('pi_right', {}))).toMatchObject({ status: 200 });
    expect(await deliverStripe(stripe, event('pi_second', {}))).toMatchObject({ status: 200 });
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
    const entries =
      await sql`SELECT subject FROM audit_log WHERE action = 'PAYMENT_NOT_MATCHED' AND reseller_id = ${rowIdOf(one.buyer.id)} ORDER BY id`;
    expect(entries.map(({ subject }) => subject)).toEqual(['pi_less', 'pi_dollar', 'pi_second']);
    const log = await client.query(one.buyer, '{ auditLog { edges { node { action actor changes { field after } } } } }');
    expect(log.auditLog.edges[0]).toMatchObject({ node: { action: 'PAYMENT_NOT_MATCHED', actor: null } });
    // The second payment is refunded: what the first one settled stays.
    expect(await deliverStripe(stripe, refunded(one.rowId, 'pi_second'))).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PAID');
  });

  test('a dispute or a full refund charges back, even if it is reported before the payment (R29)', async () => {
    const lost = { type: 'funds_withdrawn', status: 'needs_response', movements: [-10_000] } as const;
    const one = await world.ordered('STRIPE');
    await deliverStripe(stripe, paidSession(one.rowId, { amount: 10_000, intent: 'pi_d' }));
    expect(await deliverStripe(stripe, refunded(one.rowId, 'pi_d', 1))).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PAID');
    expect(await deliverStripe(stripe, disputed('pi_d', lost))).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('CHARGED_BACK');
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 0, debt: 0, locked: true });

    const two = await world.ordered('STRIPE');
    providers.intents.set('pi_first', { purchase: two.rowId });
    expect(await deliverStripe(stripe, disputed('pi_first', lost))).toMatchObject({ status: 200 });
    expect(await deliverStripe(stripe, paidSession(two.rowId, { amount: 10_000, intent: 'pi_first' }))).toMatchObject({ status: 200 });
    expect(await statusOf(two)).toBe('CANCELED');
    expect(await accountOf(client, two.buyer)).toMatchObject({ balance: 0, version: 0 });
    expect(await deliverStripe(stripe, disputed('pi_of_something_else', lost))).toMatchObject({ status: 200 });

    const three = await world.ordered('STRIPE');
    await Promise.all([
      untilTaken(() => deliverStripe(stripe, paidSession(three.rowId, { amount: 10_000, intent: 'pi_race' }))),
      untilTaken(() => deliverStripe(stripe, refunded(three.rowId, 'pi_race'))),
    ]);
    expect(await statusOf(three)).toMatch(/^(CHARGED_BACK|CANCELED)$/);
    expect(await accountOf(client, three.buyer)).toMatchObject({ balance: 0 });
    await expectHealth();
  });

  test('money that arrives for a canceled purchase is kept, and settled by its seller (R28)', async () => {
    const one = await world.ordered('STRIPE');
    await client.mutate(one.buyer, 'cancelPurchase', { purchaseId: one.purchase.id });
    expect(await deliverStripe(stripe, paidSession(one.rowId, { amount: 10_000, intent: 'pi_late' }))).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PAID_UNFUNDED');
    const { viewer } = await client.query(demo.platform, '{ viewer { sales(status: PAID_UNFUNDED) { edges { node { id } } } } }');
    const sale = viewer.sales.edges[0]?.node.id;
    expect(await client.mutate(demo.platform, 'confirmPurchase', { purchaseId: sale ?? '' })).toMatchObject({
      purchase: { status: 'PAID', reference: 'pi_late' },
      account: { balance: 10 },
    });
  });

  test('an expired page is replaced by another when the buyer asks again', async () => {
    const { buyer, purchase, rowId } = await world.ordered('STRIPE');
    const lapsed = paidSession(rowId, { amount: 10_000, intent: 'pi_lapsed', type: 'checkout.session.expired', status: 'unpaid' });
    expect(await deliverStripe(stripe, lapsed)).toMatchObject({ status: 200 });
    const again = await seen(client, buyer.token, purchase.id);
    expect(again?.paymentInstructions).toMatch(/^https:\/\/pay\.stripe\.test\//);
    expect(again?.paymentInstructions).not.toBe(purchase.paymentInstructions);
  });

  test('that does not answer leaves the purchase PENDING, and the same key asks it again later', async () => {
    const buyer = await newBuyer();
    const { client } = hasty;
    providers.isSilent = true;
    const input = { quantity: 10, provider: 'STRIPE', idempotencyKey: 'silent' } as const;
    const bought = client.data(buyer.token, 'mutation ($input: BuyCreditsInput!) { buyCredits(input: $input) { __typename } }', { input });
    // While the server waits for the provider, the purchase exists and no transaction is open.
    const open = await until(async () => {
      const rows = await sql`SELECT payment_instructions, created_at FROM purchase WHERE buyer_id = ${rowIdOf(buyer.id)}`;
      return rows.length === 1 && rows;
    });
    expect(open[0]?.payment_instructions).toBeNull();
    // A transaction that began later is a background job's, and one of a job ends before the provider's time does.
    const ended = until(async () => {
      const idle = await sql`SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND state LIKE 'idle in transaction%' AND xact_start <= ${open[0]?.created_at}::timestamptz + interval '1 ms'`;
      return idle.length === 0 && 'ended';
    });
    expect(await Promise.race([ended, bought])).toBe('ended');
    await bought;
    const silent = await client.mutate(buyer, 'buyCredits', input).then(({ purchase }) => purchase);
    expect(silent).toMatchObject({ status: 'PENDING', paymentInstructions: null });
    providers.isSilent = false;
    // On a slow machine an answer may come after this server's short time-out, too.
    const again = () => client.mutate(buyer, 'buyCredits', input);
    await until(async () => (await again()).purchase?.paymentInstructions?.startsWith('https://'));
    expect(await again()).toMatchObject({ replayed: true, purchase: { id: silent?.id } });
  });
});

describe('Mercado Pago', () => {
  test('makes a Pix payment, whose state is read after a notification, and settles by it', async () => {
    const one = await world.ordered('MERCADO_PAGO', 100);
    expect(one.purchase.paymentInstructions).toMatch(/^000201dynamic/);
    const asked = providers.requests.at(-1);
    expect(asked).toMatchObject({ path: '/v1/payments', authorization: `Bearer ${ACCESS_TOKEN}`, idempotencyKey: one.rowId });
    expect(JSON.parse(asked?.body ?? '{}')).toMatchObject({
      transaction_amount: 800,
      payment_method_id: 'pix',
      external_reference: one.rowId,
      payer: { email: one.buyer.email },
      notification_url: expect.stringContaining('https://panel.test/webhooks/payments/mercado-pago?account='),
    });
    expect(await deliverMercadoPago(mercadoPago, '4040')).toMatchObject({ status: 200 });
    providers.payments.set('77', mercadoPagoPayment('77', one.rowId, { amountMinor: 80_000, status: 'pending' }));
    expect(await deliverMercadoPago(mercadoPago, '77')).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PENDING');
    providers.payments.set('77', mercadoPagoPayment('77', one.rowId, { amountMinor: 80_000 }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => untilTaken(() => deliverMercadoPago(mercadoPago, '77'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await seen(client, one.buyer.token, one.purchase.id)).toMatchObject({ status: 'PAID', reference: '77' });
    expect(await accountOf(client, one.buyer)).toMatchObject({ balance: 100, version: 1 });
    providers.payments.set('77', mercadoPagoPayment('77', one.rowId, { amountMinor: 80_000, status: 'charged_back', detail: 'settled' }));
    expect(await deliverMercadoPago(mercadoPago, '77')).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('CHARGED_BACK');
  });

  test('that does not answer is asked again: the notification is to be repeated', async () => {
    const one = await world.ordered('MERCADO_PAGO');
    providers.payments.set('88', mercadoPagoPayment('88', one.rowId, { amountMinor: 10_000 }));
    const here = mercadoPago.replace(client.origin, hasty.client.origin);
    providers.isSilent = true;
    expect(await deliverMercadoPago(here, '88')).toMatchObject({ status: 503 });
    providers.isSilent = false;
    expect(await untilTaken(() => deliverMercadoPago(here, '88'))).toMatchObject({ status: 200 });
    expect(await statusOf(one)).toBe('PAID');
  });

  test('without its API a seller is paid by a code to its Pix key, which names the purchase, and confirms by hand', async () => {
    const root = await plantTenant(client, demo.platform, 'pix@key.test', 100);
    await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = ${rowIdOf(root.id)}`;
    const child = await plantPanel(client, root, 'child@key.test', 10);
    await setPrices(client, root.token, [{ quantity: 10, unitPriceMinor: 1_234 }]);
    await setProvider(client, root.token, {
      mercadoPago: { pixKey: 'loja@pix.test', merchantName: 'Loja São João', merchantCity: 'São Paulo' },
    });
    const purchase = await order(client, child.token, { quantity: 11, idempotencyKey: 'static' });
    expect(purchase).toMatchObject({ provider: 'MERCADO_PAGO', totalMinor: 13_574 });
    expect(parsePix(purchase.paymentInstructions ?? '')).toMatchObject({
      pixKey: 'loja@pix.test',
      merchantName: 'LOJA SAO JOAO',
      merchantCity: 'SAO PAULO',
      transactionAmount: 135.74,
      txid: txidOf(rowIdOf(purchase.id)),
    });
    expect(await client.mutate(root, 'confirmPurchase', { purchaseId: purchase.id, reference: 'E123' })).toMatchObject({
      purchase: { status: 'PAID' },
    });
  });
});

describe('a seller’s own provider', () => {
  test('settles only the seller’s sales; money for a short, locked or suspended seller waits for it (R28)', async () => {
    const root = await plantTenant(client, demo.platform, 'own@seller.test', 1_000);
    await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = ${rowIdOf(root.id)}`;
    const seller = await plantPanel(client, root, 'seller@seller.test', 15);
    const buyer = await plantPanel(client, seller, 'sub@seller.test', 10);
    await setPrices(client, seller.token, PRICES);
    const secret = `whsec_${hash('sha256', 'the seller’s own')}`;
    const own = await address(seller.token, { stripe: { secretKey: SECRET_KEY, webhookSecret: secret } });
    const buy = async (key: string) => {
      const purchase = await order(client, buyer.token, { quantity: 10, idempotencyKey: key });
      expect(purchase).toMatchObject({ provider: 'STRIPE' });
      return purchase;
    };
    const pay = (purchase: Purchase, intent: string) =>
      deliverStripe(own, paidSession(rowIdOf(purchase.id), { amount: 10_000, intent }), { secret });
    const status = async ({ id }: Purchase) => (await seen(client, buyer.token, id))?.status;

    // Neither the platform's account nor the seller's can pay for the other's sales.
    const platforms = await world.ordered('STRIPE');
    expect(await pay(platforms.purchase, 'pi_not_mine')).toMatchObject({ status: 200 });
    const short = await buy('short');
    expect(await deliverStripe(stripe, paidSession(rowIdOf(short.id), { amount: 10_000, intent: 'pi_not_mine' }))).toMatchObject({
      status: 200,
    });
    expect([await statusOf(platforms), await status(short)]).toEqual(['PENDING', 'PENDING']);

    expect(await pay(short, 'pi_short')).toMatchObject({ status: 200 });
    expect(await status(short)).toBe('PAID_UNFUNDED');
    expect(await client.mutate(seller, 'confirmPurchase', { purchaseId: short.id })).toMatchObject({ code: 'INSUFFICIENT_CREDITS' });
    await client.transfer(seller.token, buyer.id, 5, 'to nothing');
    const locked = await buy('locked');
    expect(await pay(locked, 'pi_locked')).toMatchObject({ status: 200 });
    await client.transfer(root.token, seller.id, 100, 'refill');
    await sql`UPDATE reseller SET suspended_at = now(), suspended_by = parent_id, suspension_reason = 'r' WHERE name = 'seller'`;
    const suspended = await buy('suspended');
    expect(await pay(suspended, 'pi_suspended')).toMatchObject({ status: 200 });
    await sql`UPDATE reseller SET suspended_at = NULL, suspended_by = NULL, suspension_reason = NULL WHERE name = 'seller'`;
    for (const purchase of [locked, suspended]) expect(await status(purchase)).toBe('PAID_UNFUNDED');
    for (const purchase of [short, locked, suspended]) {
      expect(await pay(purchase, `pi_again_${purchase.id}`)).toMatchObject({ status: 200 });
      expect(await client.mutate(seller, 'confirmPurchase', { purchaseId: purchase.id })).toMatchObject({
        purchase: { status: 'PAID' },
      });
    }
    expect(await accountOf(client, buyer)).toMatchObject({ balance: 45 });
    expect(await accountOf(client, seller)).toMatchObject({ balance: 70 });
    await expectHealth();
  });
});
