/** Customers pay through their panel's payment provider, whose messages confirm the payments (R54). */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { uuidOf } from '../support/clients/customers-api.ts';
import { until } from '../support/until.ts';
import { setProvider } from '../support/worlds/buying.ts';
import { plantPanel } from '../support/worlds/demo.ts';
import { choose, deliver, type PaidByCustomer, PaidPanels, PRICE_MINOR, pageOf, planIn, session } from '../support/worlds/paid-panels.ts';
import { accountIn } from '../support/worlds/paid-platform.ts';
import { deliverStripe, failedIntent, paidSession, refunded } from '../support/worlds/payment-providers.ts';

let panels: PaidPanels;

beforeAll(async () => {
  panels = await PaidPanels.open();
});

afterEach(() => {
  panels.providers.isSilent = false;
  panels.providers.failure = null;
});

afterAll(() => panels[Symbol.asyncDispose]());

async function expectWhole(): Promise<void> {
  expect(await ledgerHealth(panels.world.sql, null, inject('topology'))).toMatchObject({ problems: [] });
}

async function tenantOf({ rowId }: PaidByCustomer): Promise<{ tenantId: string }> {
  const [row] = await panels.world.sql<{ tenantId: string }[]>`SELECT tenant_id AS "tenantId" FROM customer_payment WHERE id = ${rowId}`;
  if (!row) throw new Error('the payment is gone');
  return row;
}

describe('the page', () => {
  test('R54: shows Mercado Pago’s code for exactly this payment, without a script, and turns green when it reports and renews', async () => {
    const panel = await panels.panel('MERCADO_PAGO', 20);
    await panels.world.client.mutate(panel.member, 'setSellerCard', {
      name: 'Loja',
      pixKey: 'loja@pix.test',
      whatsapp: '+5511912345678',
    });
    const one = await panels.opened(panel, 'Mensal', { contact: 'maria@customers.test', notes: 'secret' });
    const asked = panels.providers.requests.filter(({ body }) => body.includes(one.rowId));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/v1/payments', idempotencyKey: one.rowId });
    const body = JSON.parse(asked[0]?.body ?? '{}');
    expect(body).toMatchObject({
      ...{ transaction_amount: 100, external_reference: one.rowId, description: 'Mensal', payment_method_id: 'pix' },
      ...{ metadata: { account: accountIn(panel.events), attempt: 0 }, payer: { email: `${one.rowId}@panel.test` } },
    });
    expect(asked[0]?.body).not.toMatch(/maria@|secret/i);
    const page = await pageOf(one.page);
    expect(page.text).toMatch(/<svg.*000201dynamic/s);
    expect(page.text).toContain('wa.me/5511912345678');
    expect(page.text).not.toMatch(/<script|http-equiv|br\.gov\.bcb\.pix|loja@pix/);
    expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'/,
    );
    expect([page.headers.get('cache-control'), page.headers.get('referrer-policy'), page.headers.get('refresh')]).toEqual([
      'no-store',
      'no-referrer',
      '15',
    ]);
    expect(await panels.paymentState(one)).toMatchObject({ status: 'PENDING', provider: null, paidAt: null });

    await panels.notify(one, '7001');
    expect((await pageOf(one.page)).text).toContain('You have been renewed.');
    expect(await panels.paymentState(one)).toMatchObject({
      ...{ status: 'APPLIED', provider: 'MERCADO_PAGO', reference: '7001', returnedMinor: 0, spent: 2 },
      appliedBy: { kind: 'RENEWAL', amount: 1 },
    });
    const [log] = await panels.world.sql`
      SELECT actor_id, changes FROM audit_log WHERE action = 'CUSTOMER_PAYMENT_CONFIRMED' AND reseller_id = ${uuidOf(panel.member.id)}`;
    expect(log).toMatchObject({ actor_id: '00000000-0000-0000-0000-000000000001', changes: [{ field: 'status', after: 'APPLIED' }] });
    await expectWhole();
  });

  test('R54: leads to Stripe’s page and back; Stripe gets neither contact nor name', async () => {
    const panel = await panels.panel('STRIPE', 20);
    const one = await panels.opened(panel, 'Mensal', { contact: 'maria@customers.test' });
    const sent = new URLSearchParams(panels.providers.requests.at(-1)?.body);
    expect(Object.fromEntries(sent)).toMatchObject({
      ...{ client_reference_id: one.rowId, 'metadata[purchase]': one.rowId, 'metadata[account]': accountIn(panel.events) },
      ...{ 'line_items[0][price_data][unit_amount]': '10000', 'line_items[0][price_data][product_data][name]': 'Mensal' },
      success_url: `https://panel.test${new URL(one.link).pathname}?payment=${one.rowId}`,
    });
    expect(sent.has('customer_email')).toBe(false);
    expect((await pageOf(one.page)).text).toMatch(/<a class="go" href="https:\/\/pay\.stripe\.test\/\d+" rel="noopener noreferrer">/);
    await deliver(one, session(one, 'pi_page'));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', provider: 'STRIPE', reference: 'pi_page', spent: 2 });
    expect((await pageOf(one.page)).text).toContain('✓ Payment received');
  });

  test('R54: says that the provider does not answer, and shows the card’s Pix; later it shows the provider’s', async () => {
    await using hasty = await PaidPanels.open({ providerTimeoutMs: 1_000 });
    const panel = await hasty.panel('MERCADO_PAGO', 20);
    await hasty.world.client.mutate(panel.member, 'setSellerCard', { name: 'Loja', pixKey: 'loja@pix.test' });
    hasty.providers.isSilent = true;
    const beganMs = performance.now();
    const one = await hasty.opened(panel);
    const asked = () => hasty.providers.requests.filter(({ body }) => body.includes(one.rowId)).length;
    const page = await pageOf(one.page);
    expect(page.text).toMatch(/does not answer at the moment.*br\.gov\.bcb\.pix.*loja@pix\.test/s);
    // A visit that only reads calls a silent provider again after ten seconds at the earliest.
    expect(asked()).toBeGreaterThan(0);
    expect(asked()).toBeLessThanOrEqual(1 + Math.floor((performance.now() - beganMs) / 10_000));
    hasty.providers.isSilent = false;
    // When the customer chooses again, the provider is called again; it is the same payment.
    expect(await choose(one.link, planIn(panel, 'Mensal'))).toMatchObject({ rowId: one.rowId });
    // On a slow machine an answer may come after the short time-out, too.
    await until(async () => {
      await choose(one.link, planIn(panel, 'Mensal'));
      return (await pageOf(one.page)).text.includes('000201dynamic');
    });
    const bare = await hasty.panel('STRIPE', 20);
    hasty.providers.failure = { status: 400, body: { error: { type: 'invalid_request_error', message: 'no' } } };
    expect((await pageOf((await hasty.opened(bare)).page)).text).toMatch(/does not answer.*Arrange the payment/s);
  });

  test('R54: two devices at once get one payment and one code; a failed code is replaced, and one of them pays', async () => {
    const panel = await panels.panel('STRIPE', 20);
    const one = await panels.opened(panel, 'Anual');
    const both = await Promise.all(Array.from({ length: 8 }, () => choose(one.link, planIn(panel, 'Mensal'))));
    const [{ page, rowId } = one] = both;
    expect(new Set(both.map((each) => each.rowId)).size).toBe(1);
    const pages = await Promise.all(both.map((each) => pageOf(each.page)));
    const links = pages.map(({ text }) => /https:\/\/pay\.stripe\.test\/\d+/.exec(text)?.[0]);
    expect(new Set(links).size).toBe(1);
    const paid = { ...one, rowId };
    await deliver(paid, failedIntent('pi_failed', { purchase: rowId, account: accountIn(panel.events), attempt: '0' }));
    const second = /https:\/\/pay\.stripe\.test\/\d+/.exec((await pageOf(page)).text)?.[0];
    expect(second).toBeDefined();
    expect(second).not.toBe(links[0]);
    // Both devices pay: one payment settles, the other is refunded.
    const attempts = ['0', '1'].map((attempt) => session(paid, `pi_${attempt}_${rowId}`, { attempt }));
    await Promise.all(attempts.map((event) => deliver(paid, event)));
    expect(await panels.paymentState(paid)).toMatchObject({ status: 'APPLIED', spent: 2 });
    const unmatched = [...(await panels.unmatched(`pi_0_${rowId}`)), ...(await panels.unmatched(`pi_1_${rowId}`))];
    expect(unmatched).toEqual([{ panelId: uuidOf(panel.member.id), reason: 'it was paid before, by another payment or by the seller' }]);
    await expectWhole();
  });

  test('R54: without a provider, or with one switched off, the payment is confirmed by hand as before', async () => {
    const panel = await panels.panel('MERCADO_PAGO', 20);
    const one = await panels.opened(panel);
    await setProvider(panels.world.client, panel.member.token, { mercadoPago: { enabled: false } });
    expect((await pageOf(one.page)).text).toMatch(/Arrange the payment/);
    expect((await pageOf(one.page)).text).not.toMatch(/000201|does not answer/);
    const other = await panels.opened(panel, 'Anual');
    const rows = await panels.world.sql`SELECT account_id FROM customer_payment WHERE id = ${other.rowId}`;
    expect(rows).toEqual([{ account_id: null }]);
    const done = await panels.world.client.mutate(panel.member, 'confirmCustomerPayment', {
      paymentId: (await panels.paymentState(one)).id,
    });
    expect(done.code).toBeUndefined();
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', provider: 'MANUAL' });
    // The provider's message arrives after all: it settles nothing, and the panel finds the money in its log, once.
    for (const _ of [1, 2]) await panels.notify(one, '7050');
    expect(await panels.unmatched('7050')).toHaveLength(1);
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', provider: 'MANUAL', spent: 2 });
  });
});

describe('the provider’s message', () => {
  test('R54: is applied once, from ten deliveries at once, before the payment is visible and after', async () => {
    const one = await panels.opened(await panels.panel('STRIPE', 20));
    const event = session(one, 'pi_ten');
    const [row] = await panels.world.sql`DELETE FROM customer_payment WHERE id = ${one.rowId} RETURNING *`;
    const early = await Promise.all(Array.from({ length: 10 }, () => deliverStripe(one.panel.events, event)));
    expect(new Set(early.map(({ status }) => status))).toEqual(new Set([503]));
    await panels.world.sql`INSERT INTO customer_payment ${panels.world.sql({ ...row })}`;
    await Promise.all(Array.from({ length: 10 }, () => deliver(one, event)));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', spent: 2 });
    // If the payment never appears, the event is accepted after a while, so that it is not sent for ever.
    const late = { createdMs: Date.now() - 3_600_000 };
    await deliver(
      one,
      paidSession(randomUUID(), { amount: PRICE_MINOR, intent: 'pi_lost', account: accountIn(one.panel.events), ...late }),
    );
    expect(await panels.unmatched('pi_lost')).toHaveLength(1);
    await expectWhole();
  });

  test('R54: that was interrupted between any two of its commits is completed once by the next delivery', async () => {
    const one = await panels.opened(await panels.panel('STRIPE', 20));
    const { sql } = panels.world;
    const account = accountIn(one.panel.events);
    const { tenantId } = await tenantOf(one);
    // The facts were written, and nothing after them.
    await sql`INSERT INTO payment (tenant_id, account_id, reference, purchase_tenant_id, purchase_id, paid_at)
      VALUES (${tenantId}, ${account}, 'pi_cut', ${tenantId}, ${one.rowId}, clock_timestamp())`;
    await deliver(one, session(one, 'pi_cut'));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', spent: 2 });
    // It was applied, but the event was not recorded.
    await sql`DELETE FROM payment_event WHERE account_id = ${account}`;
    await deliver(one, session(one, 'pi_cut'));
    // The same for a refund: its facts, and nothing after them.
    await sql`INSERT INTO payment_return (tenant_id, account_id, reference, cause, version, returned_minor)
      VALUES (${tenantId}, ${account}, 'pi_cut', 'refunds', 1, ${PRICE_MINOR})`;
    await sql`UPDATE payment SET reversed_at = now() WHERE account_id = ${account}`;
    for (const id of ['evt_a', 'evt_b']) await deliver(one, { ...refunded(one.rowId, 'pi_cut'), id });
    expect(await panels.paymentState(one)).toMatchObject({ status: 'REFUNDED', spent: 2, returnedMinor: PRICE_MINOR });
    expect(await panels.unmatched('pi_cut')).toEqual([]);
    await expectWhole();
  });

  test('R54: is kept for a locked or suspended panel, which may not confirm by hand, and applied once it can spend', async () => {
    const panel = await panels.panel('STRIPE', 10);
    const one = await panels.opened(panel);
    await panels.world.activated(panel.member, 9);
    await deliver(one, session(one, 'pi_locked'));
    expect(await panels.now(one, panel.member).catch(() => undefined)).toBeUndefined();
    expect((await pageOf(one.page)).text).toContain('You will be renewed soon');
    const status = async () => (await panels.world.sql`SELECT status FROM customer_payment WHERE id = ${one.rowId}`)[0]?.status;
    expect(await status()).toBe('PAID_UNFUNDED');
    await panels.topUp(one, 1);
    expect(await status()).toBe('APPLIED');

    await panels.topUp(one, 5);
    const { client, demo } = panels.world;
    const other = await choose(one.link, planIn(panel, 'Mensal'));
    await client.mutate(demo.root, 'suspendReseller', { resellerId: panel.member.id, reason: 'r' });
    await deliver(one, session({ ...one, ...other }, 'pi_suspended'));
    const [suspended] = await panels.world.sql`SELECT status FROM customer_payment WHERE id = ${other.rowId}`;
    expect(suspended?.status).toBe('PAID_UNFUNDED');
    await client.mutate(demo.root, 'resumeReseller', { resellerId: panel.member.id });
    await panels.topUp(one, 1);
    expect(await panels.paymentState({ ...one, ...other })).toMatchObject({ status: 'APPLIED', spent: 3 });
    await expectWhole();
  });

  test('R54: is accepted after 24 hours; another amount or currency settles nothing and is in the log once', async () => {
    const one = await panels.opened(await panels.panel('STRIPE', 20));
    for (const [intent, more] of [
      ['pi_less', { amount: 9_999 }],
      ['pi_usd', { currency: 'usd' }],
    ] as const) {
      for (const id of ['a', 'b']) await deliver(one, { ...session(one, intent, more), id: `evt_${intent}_${id}` });
      expect(await panels.unmatched(intent)).toEqual([
        { panelId: uuidOf(one.panel.member.id), reason: 'the amount or the currency is different' },
      ]);
    }
    expect(await panels.paymentState(one)).toMatchObject({ status: 'PENDING', spent: 1 });
    await panels.world.sql`UPDATE customer_payment SET expires_at = now() - interval '1 hour', status = 'EXPIRED' WHERE id = ${one.rowId}`;
    await deliver(one, session(one, 'pi_late'));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', reference: 'pi_late', spent: 2 });
    await expectWhole();
  });

  test("R54: a closed panel's account gets no new payment, and its messages spend nothing of the parent’s", async () => {
    const { client, demo } = panels.world;
    const parent = await plantPanel(client, demo.root, 'parent@provided.test', 20);
    const panel = await panels.panel('STRIPE', 10, parent);
    const one = await panels.opened(panel);
    const settled = { ...one, ...(await choose(one.link, planIn(panel, 'Anual'))) };
    await deliver(settled, session(settled, 'pi_before', { amount: 90_000 }));
    await client.mutate(parent, 'closeReseller', { resellerId: panel.member.id, idempotencyKey: panels.world.key() });
    expect((await pageOf(one.page)).text).not.toContain('pay.stripe.test');
    await deliver(one, session(one, 'pi_after'));
    expect(await panels.now(one, parent)).toMatchObject({ status: 'PENDING' });
    expect(await panels.unmatched('pi_after')).toEqual([{ panelId: uuidOf(parent.id), reason: 'the panel that was paid is closed' }]);
    // A refund of money that the closed panel's account never received concerns nobody. A refund of money it did
    // receive ends the waiting payment.
    await deliver(one, refunded(one.rowId, 'pi_after'));
    expect(await panels.now(one, parent)).toMatchObject({ status: 'PENDING' });
    expect(await panels.now(settled, parent)).toMatchObject({ status: 'PAID_UNFUNDED', reference: 'pi_before' });
    await deliver(settled, refunded(settled.rowId, 'pi_before', 90_000, { amount: 90_000 }));
    const [row] = await panels.world.sql`SELECT status, transfer_id FROM customer_payment WHERE id = ${settled.rowId}`;
    expect(row).toEqual({ status: 'REFUNDED', transfer_id: null });
    await expectWhole();
  });

  test("R54: concurrent with the panel's close it renews there, or is the parent’s to confirm and in its log; never both", async () => {
    const { client, demo, sql } = panels.world;
    const parent = await plantPanel(client, demo.root, 'closing@provided.test', 100);
    for (let round = 0; round < 4; round += 1) {
      const panel = await panels.panel('STRIPE', 10, parent);
      const one = await panels.opened(panel);
      const intent = `pi_closing_${round}`;
      const close = { resellerId: panel.member.id, idempotencyKey: panels.world.key() };
      const words = Array.from({ length: 4 }, () => deliverStripe(panel.events, session(one, intent)));
      await Promise.all([...words, client.mutate(parent, 'closeReseller', close)]);
      // A delivery answered with 503 is repeated.
      await deliver(one, session(one, intent));
      const [row] = await sql<{ status: string; panelId: string; spent: number }[]>`
        SELECT p.status, p.reseller_id AS "panelId", c.credits_spent AS spent FROM customer_payment p
        JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id WHERE p.id = ${one.rowId}`;
      const log = await panels.unmatched(intent);
      if (row?.status === 'APPLIED') expect([row.panelId, row.spent, log]).toEqual([uuidOf(panel.member.id), 2, []]);
      else expect([row?.status, row?.panelId, row?.spent, log.length]).toEqual(['PENDING', uuidOf(parent.id), 1, 1]);
    }
    await expectWhole();
  });
});
