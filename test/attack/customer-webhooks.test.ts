/** Forged messages about customers' payments, and hostile answers of a provider (R30, R54). */
import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { uuidOf } from '../support/clients/customers-api.ts';
import { setProvider } from '../support/worlds/buying.ts';
import { choose, type PaidByCustomer, type PaidPanel, PaidPanels, PRICE_MINOR, pageOf, planIn } from '../support/worlds/paid-panels.ts';
import { accountIn } from '../support/worlds/paid-platform.ts';
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

let panels: PaidPanels;
let panel: PaidPanel;
let paidFor: PaidByCustomer;

beforeAll(async () => {
  panels = await PaidPanels.open();
  panel = await panels.panel('STRIPE', 50);
  paidFor = await panels.opened(panel);
  expect(await deliverStripe(panel.events, session(paidFor, 'pi_good'))).toMatchObject({ status: 200 });
});

afterEach(() => {
  panels.providers.failure = null;
});

afterAll(() => panels[Symbol.asyncDispose]());

function session({ rowId }: Pick<PaidByCustomer, 'rowId'>, intent: string, account = accountIn(panel.events)): object {
  return paidSession(rowId, { amount: PRICE_MINOR, intent, account });
}

test('R54: a repeated event, even under another id, moves nothing', async () => {
  for (const id of ['evt_again', 'evt_and_again'])
    expect(await deliverStripe(panel.events, { ...session(paidFor, 'pi_good'), id })).toMatchObject({ status: 200 });
  expect(await panels.paymentState(paidFor)).toMatchObject({ status: 'APPLIED', spent: 2 });
});

test('R30: a signature over other bytes, with another secret, of another account or provider, or an old one is refused', async () => {
  const one = await panels.opened(panel);
  const payload = JSON.stringify(session(one, 'pi_forged'));
  const signed = (timestamp = Math.floor(Date.now() / 1000)) => ({
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET, timestamp }),
  });
  const pix = await panels.panel('MERCADO_PAGO', 10);
  const post = (url: string, body: string, headers: Record<string, string>) => fetch(url, { method: 'POST', body, headers });
  const answers = await Promise.all([
    post(panel.events, `${payload} `, signed()),
    post(panel.events, payload.replace('10000', '10001'), signed()),
    post(panel.events, payload, {}),
    post(panel.events, payload, signed(Math.floor(Date.now() / 1000) - 3_600)),
    post(pix.events, payload, signed()),
    post(`${panels.world.client.origin}/webhooks/payments/stripe?account=${accountIn(pix.events)}`, payload, signed()),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  expect((await deliverStripe(panel.events, session(one, 'pi_forged'), { secret: 'whsec_of_a_stranger' })).status).toBe(400);
  expect(await panels.paymentState(one)).toMatchObject({ status: 'PENDING', spent: 1 });
});

test('R54: the account of another panel, above or on another branch, neither pays, expires, refunds nor disputes it', async () => {
  const pending = await panels.opened(panel);
  const { page } = pending;
  const before = (await pageOf(page)).text;
  const { client, demo } = panels.world;
  const secret = 'whsec_of_the_rogue';
  for (const rogue of [demo.root, demo.ana, demo.other]) {
    const { settings } = await setProvider(client, rogue.token, { stripe: { secretKey: 'sk_test_rogue', webhookSecret: secret } });
    const url = `${client.origin}${settings?.webhookPath}`;
    panels.providers.intents.set('pi_rogue', { purchase: paidFor.rowId, account: accountIn(url) });
    for (const account of [accountIn(url), accountIn(panel.events)]) {
      const events = [
        session(pending, `pi_rogue_${rogue.id}_${account}`, account),
        failedIntent('pi_x', { purchase: pending.rowId, account, attempt: '0' }),
        refunded(paidFor.rowId, 'pi_good'),
        disputed('pi_rogue', { type: 'funds_withdrawn', status: 'lost', movements: [-PRICE_MINOR] }),
        disputed('pi_good', { type: 'funds_withdrawn', status: 'lost', movements: [-PRICE_MINOR] }),
      ];
      for (const event of events) expect((await deliverStripe(url, event, { secret })).status).not.toBe(400);
    }
  }
  expect(await panels.paymentState(pending)).toMatchObject({ status: 'PENDING', spent: 1 });
  expect((await pageOf(page)).text).toBe(before);
  expect(await panels.paymentState(paidFor)).toMatchObject({ status: 'APPLIED', returnedMinor: 0 });
});

test('R54: one payment pays for one thing: the one it was first reported for', async () => {
  const [one, other] = [await panels.opened(panel), await panels.opened(panel)];
  expect(await deliverStripe(panel.events, session(one, 'pi_twice'))).toMatchObject({ status: 200 });
  expect(await deliverStripe(panel.events, { ...session(other, 'pi_twice'), id: 'evt_twice' })).toMatchObject({ status: 200 });
  expect(await panels.paymentState(other)).toMatchObject({ status: 'PENDING', spent: 1 });
  expect(await panels.unmatched('pi_twice')).toEqual([
    { panelId: uuidOf(panel.member.id), reason: 'the payment was made for another purchase' },
  ]);
});

test('R54: a provider that was not asked for a payment does not pay for it, even the panel’s own', async () => {
  const one = await panels.opened(panel);
  const secret = 'another secret of the tests';
  const { settings } = await setProvider(panels.world.client, panel.member.token, {
    mercadoPago: { accessToken: 'TEST-token-of-a-panel', webhookSecret: secret },
  });
  const url = `${panels.world.client.origin}${settings?.webhookPath}`;
  const metadata = { account: accountIn(url), attempt: 0 };
  panels.providers.payments.set('8001', mercadoPagoPayment('8001', one.rowId, { amountMinor: PRICE_MINOR, metadata }));
  expect((await deliverMercadoPago(url, '8001', { secret })).status).toBe(503);
  expect(await panels.paymentState(one)).toMatchObject({ status: 'PENDING' });
  await setProvider(panels.world.client, panel.member.token, { mercadoPago: { enabled: false } });
});

test("R53: a provider's answer adds no HTML to the page, links only to a page, and never makes it large", async () => {
  const pix = await panels.panel('MERCADO_PAGO', 10);
  const answered = (code: string) => ({ status: 200, body: { id: 1, point_of_interaction: { transaction_data: { qr_code: code } } } });
  panels.providers.failure = answered(`"><script>alert(1)</script>${'x'.repeat(1_900)}`);
  const page = await pageOf((await panels.opened(pix)).page);
  expect(page.text).toContain('&quot;&gt;&lt;script&gt;');
  expect(page.text).not.toContain('<script');
  expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
  panels.providers.failure = answered('7'.repeat(512));
  const { page: address } = await choose((await panels.opened(pix)).link, planIn(pix, 'Anual'));
  const drawn = await pageOf(address);
  expect(drawn.text).toContain('<svg');
  expect(Buffer.byteLength(drawn.text)).toBeLessThan(30_000);
  for (const url of ['javascript:alert(1)', 'http://pay.test/1', '//pay.test']) {
    panels.providers.failure = { status: 200, body: { id: 'cs', object: 'checkout.session', url } };
    const { text } = await pageOf((await panels.opened(panel)).page);
    expect(text).not.toContain(url);
    expect(text).toContain('does not answer at the moment');
  }
});

test('R54: after all of this the ledger is sound', async () => {
  expect(await ledgerHealth(panels.world.sql, null, inject('topology'))).toMatchObject({ problems: [] });
});
