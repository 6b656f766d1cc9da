import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { sweepPayments } from '../../src/domain/customer-payment/sweep-payments.ts';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { startApi } from '../support/clients/api.ts';
import { CustomersWorld, PERIOD_MS, uuidOf } from '../support/clients/customers-api.ts';
import { LedgerWorld } from '../support/worlds/ledger-world.ts';
import { pageOf } from '../support/worlds/paid-panels.ts';
import { MONTH, PayingCustomers } from '../support/worlds/paying-customers.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { namesOf, PAYMENT_ANSWERS, selection } from './gate-witnesses.ts';

let world: CustomersWorld;
/** Posts for sweeps next to the server, as another process would. */
let ledger: LedgerWorld;
let paying: PayingCustomers;

beforeAll(async () => {
  world = await CustomersWorld.open();
  paying = new PayingCustomers(world);
  ledger = await LedgerWorld.open(world.databaseUrl);
});

afterAll(async () => {
  await ledger?.close();
  await world?.[Symbol.asyncDispose]();
});

async function expectWhole(): Promise<void> {
  expect(await ledgerHealth(world.sql, null, inject('topology'))).toMatchObject({ problems: [] });
}

async function sweep(): Promise<void> {
  await sweepPayments({ sql: ledger.sql, topology: inject('topology'), ledger: ledger.queue, customerPaymentsChanged: () => {} });
}

describe('what a customer pays from its page (R54)', () => {
  test('R54: choosing a plan opens one payment with its Pix code; confirming it renews in the same commit, and the page says so', async () => {
    const { member, plans } = await paying.panel(50);
    await world.client.mutate(member, 'setSellerCard', { name: 'Loja', pixKey: 'loja@pix.test' });
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    const at = await paying.choose(url, plans[1]);
    expect(await paying.choose(url, plans[1])).toBe(at);
    const page = await pageOf(at);
    expect([page.status, page.refresh]).toEqual([200, '15']);
    expect(page.text).toMatch(/br\.gov\.bcb\.pix.*loja@pix\.test.*5406500\.00/);
    expect(page.text).not.toMatch(/<script|http-equiv/);
    expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
    expect((await pageOf(url)).text).toContain('Not paid yet.');

    const [open] = await paying.paymentsOf(member, 'PENDING');
    expect(open).toMatchObject({
      planName: 'Anual',
      priceMinor: 50_000,
      currency: 'BRL',
      periods: 12,
      screens: 2,
      customer: { id: maria.id },
    });
    expect(open).toMatchObject({ paidAt: null, appliedBy: null });
    const done = await paying.confirm(member, open?.id ?? '', 'E123');
    expect(done).toMatchObject({ replayed: false, account: { balance: 50 - 1 - 24, locked: false } });
    expect(done.payment).toMatchObject({ status: 'APPLIED', reference: 'E123', appliedBy: { kind: 'RENEWAL', amount: 24 } });
    const renewed = await world.seen(member, maria.id);
    expect(Date.parse(renewed?.expiresAt ?? '') - Date.parse(maria.expiresAt)).toBe(12 * PERIOD_MS);
    expect(renewed).toMatchObject({ screens: 1, nextScreens: 2, creditsSpent: 25 });
    const green = await pageOf(at);
    expect([green.refresh, green.text.includes('Payment received'), green.text.includes('You have been renewed.')]).toEqual([
      null,
      true,
      true,
    ]);
    expect(await paying.confirm(member, open?.id ?? '', 'another')).toMatchObject({
      replayed: true,
      payment: { status: 'APPLIED', reference: 'E123' },
    });
    expect(await paying.paymentsOf(member, 'PENDING')).toEqual([]);
    await expectWhole();
  });

  test('R54: two devices that choose at once have one payment, and ten confirmations at once renew once', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    const at = await Promise.all(Array.from({ length: 8 }, () => paying.choose(url, plans[0])));
    expect(new Set(at).size).toBe(1);
    const [open, ...others] = await paying.paymentsOf(member);
    expect(others).toEqual([]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => paying.confirm(member, open?.id ?? '')));
    expect(answers.map(({ replayed }) => replayed).sort()).toEqual([false, ...Array.from({ length: 9 }, () => true)]);
    expect(await world.seen(member, maria.id)).toMatchObject({ creditsSpent: 2 });
    expect(await world.balance(member)).toBe(18);
    // After payment the same plan can be chosen again.
    expect(await paying.choose(url, plans[0])).not.toBe(at[0]);
    await expectWhole();
  });

  test('R54: with too few credits it waits; the commit that brings credits applies it, and the panel locks again', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member, 1, 1);
    const url = await paying.linked(member, maria);
    const at = await paying.choose(url, plans[1]);
    const [open] = await paying.paymentsOf(member);
    expect(await paying.confirm(member, open?.id ?? '')).toMatchObject({
      payment: { status: 'PAID_UNFUNDED', appliedBy: null },
      account: { balance: 19 },
    });
    const page = await pageOf(at);
    expect([page.refresh, page.text.includes('Payment received'), page.text.includes('You will be renewed soon')]).toEqual([
      '15',
      true,
      true,
    ]);
    await world.activated(member, 19);
    expect(await paying.paymentsOf(member).catch(String)).toContain('PANEL_LOCKED');
    expect((await paying.confirm(member, open?.id ?? '')).code ?? 'replayed').toMatch(/PANEL_LOCKED|replayed/);
    await world.client.mutate(world.demo.root, 'transferCredits', {
      toResellerId: member.id,
      amount: 24,
      idempotencyKey: world.key(),
    });
    const [state] = await world.sql`SELECT status, applied_at FROM customer_payment WHERE id = ${uuidOf(open?.id ?? '')}`;
    const rows =
      await world.sql`SELECT kind, balance_after FROM entry WHERE account_id = ${uuidOf(member.id)} ORDER BY version DESC LIMIT 2`;
    expect(state?.status).toBe('APPLIED');
    expect(rows.map(({ kind, balance_after }) => [kind, balance_after])).toEqual([
      ['RENEWAL', 0],
      ['TRANSFER', 24],
    ]);
    await expectWhole();
  });

  test("R54: a payment starts a trial's paid term and renews an expired or canceled customer", async () => {
    const { member, plans } = await paying.panel(20);
    const trial = await world.trial(member, `trial of ${member.email}`);
    const [over, canceled] = [await world.activated(member), await world.activated(member)];
    await world.endsIn(over, -10 * PERIOD_MS);
    await world.client.mutate(member, 'cancelCustomer', { customerId: canceled.id });
    for (const customer of [trial, over, canceled]) await paying.choose(await paying.linked(member, customer), plans[0]);
    for (const { id } of await paying.paymentsOf(member))
      expect(await paying.confirm(member, id)).toMatchObject({ payment: { status: 'APPLIED' } });
    for (const { id } of [trial, over, canceled]) expect(await world.seen(member, id)).toMatchObject({ status: 'ACTIVE' });
    const kinds = (await paying.paymentsOf(member)).map(({ appliedBy }) => appliedBy?.kind);
    expect(kinds).toEqual(['RENEWAL', 'RENEWAL', 'ACTIVATION']);
    const events = await world.sql`SELECT DISTINCT event FROM access_event WHERE customer_id = ${uuidOf(trial.id)}
      UNION SELECT DISTINCT event FROM access_waiting WHERE customer_id = ${uuidOf(trial.id)}
      UNION SELECT DISTINCT unnest(events) FROM access_posted WHERE ${uuidOf(trial.id)} = ANY (customers)`;
    expect(events.map(({ event }) => event).sort()).toEqual(['CUSTOMER_ACTIVATED', 'TRIAL_STARTED']);
    await expectWhole();
  });

  test('R54: changing or removing a plan changes no payment; choosing it again opens another at the current price', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    const first = await paying.choose(url, plans[0]);
    const [kept] = plans;
    await paying.setPlans(member, [{ ...MONTH, id: kept?.id ?? null, priceMinor: 3_000 }]);
    expect((await pageOf(first)).text).toContain('25.00');
    const second = await paying.choose(url, kept);
    expect(second).not.toBe(first);
    expect((await pageOf(second)).text).toContain('30.00');
    expect((await paying.paymentsOf(member)).map(({ priceMinor, status }) => [priceMinor, status])).toEqual([
      [3_000, 'PENDING'],
      [2_500, 'EXPIRED'],
    ]);
    await paying.setPlans(member, []);
    expect((await pageOf(url, { plan: uuidOf(kept?.id ?? '') })).location).toBe(new URL(url).pathname);
    for (const { id } of await paying.paymentsOf(member))
      expect(await paying.confirm(member, id)).toMatchObject({ payment: { status: 'APPLIED', periods: 1 } });
    expect(await world.seen(member, maria.id)).toMatchObject({ creditsSpent: 3 });
    await expectWhole();
  });

  test('R54: expires after 24 hours, by one of several sweeps; money that arrives later is accepted', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    const at = await paying.choose(url, plans[0]);
    const [open] = await paying.paymentsOf(member);
    const id = uuidOf(open?.id ?? '');
    await world.sql`UPDATE customer_payment SET expires_at = now() - interval '1 second' WHERE id = ${id}`;
    // Before any sweep has written it.
    expect(await paying.paymentsOf(member, 'EXPIRED')).toHaveLength(1);
    expect((await pageOf(at)).text).toContain('This payment has expired');
    await Promise.all([sweep(), sweep(), sweep()]);
    expect(await world.sql`SELECT status FROM customer_payment WHERE id = ${id}`).toMatchObject([{ status: 'EXPIRED' }]);
    expect(await paying.choose(url, plans[0])).not.toBe(at);
    expect(await paying.confirm(member, open?.id ?? '')).toMatchObject({ payment: { status: 'APPLIED' } });
    expect(await world.seen(member, maria.id)).toMatchObject({ creditsSpent: 2 });
    await expectWhole();
  });

  test('R54: a payment beyond 36 periods or a screen limit is refused before it is paid, or waits if that changed since', async () => {
    const { member, plans } = await paying.panel(100);
    const maria = await world.activated(member, 25);
    const url = await paying.linked(member, maria);
    const refused = await pageOf(url, { plan: uuidOf(plans[1]?.id ?? '') });
    expect([refused.status, refused.text.includes('You cannot renew for that long yet')]).toEqual([409, true]);
    expect(await paying.paymentsOf(member)).toEqual([]);
    await paying.choose(url, plans[0]);
    await world.client.mutate(member, 'renewCustomer', { customerId: maria.id, periods: 11 });
    const [open] = await paying.paymentsOf(member);
    expect(await paying.confirm(member, open?.id ?? '')).toMatchObject({ payment: { status: 'PAID_UNFUNDED' }, account: { balance: 64 } });
    // A waiting payment counts for the next choice.
    expect((await pageOf(url, { plan: uuidOf(plans[0]?.id ?? '') })).status).toBe(409);
    // As days pass it fits, and the sweep applies it.
    await world.endsIn(maria, 34 * PERIOD_MS);
    await sweep();
    expect(await paying.paymentsOf(member)).toMatchObject([{ status: 'APPLIED' }]);

    await world.client.mutate(world.demo.root, 'setResellerLimits', { resellerId: member.id, maxScreensPerCustomer: 1 });
    const other = await paying.linked(member, await world.activated(member));
    expect([
      (await pageOf(other, { plan: uuidOf(plans[1]?.id ?? '') })).status,
      (await pageOf(other, { plan: uuidOf(plans[0]?.id ?? '') })).status,
    ]).toEqual([409, 303]);
    await expectWhole();
  });

  test('R54: a suspended panel’s customer may pay, the panel may not confirm; a waiting payment is applied when it is resumed', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    await paying.choose(url, plans[1]);
    const [first] = await paying.paymentsOf(member);
    await paying.confirm(member, first?.id ?? '');
    await world.client.mutate(world.demo.root, 'suspendReseller', { resellerId: member.id, reason: 'r' });
    await paying.choose(url, plans[0]);
    const [second] = await paying.paymentsOf(member, 'PENDING');
    expect(await paying.confirm(member, second?.id ?? '')).toMatchObject({ code: 'PANEL_SUSPENDED' });
    await world.client.mutate(world.demo.root, 'transferCredits', {
      toResellerId: member.id,
      amount: 24,
      idempotencyKey: world.key(),
    });
    await sweep();
    expect(await paying.paymentsOf(member, 'PAID_UNFUNDED')).toHaveLength(1);
    await world.client.mutate(world.demo.root, 'resumeReseller', { resellerId: member.id });
    await sweep();
    expect(await paying.paymentsOf(member, 'APPLIED')).toHaveLength(1);
    expect(await paying.confirm(member, second?.id ?? '')).toMatchObject({ payment: { status: 'APPLIED' } });
    await expectWhole();
  });

  test("R54: a closed panel's payments are its parent’s: waiting ones are applied and late money is confirmed there", async () => {
    const { member: parent } = await paying.panel(200);
    const { member, plans } = await paying.panel(20, parent);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    const at = await paying.choose(url, plans[1]);
    await paying.choose(url, plans[0]);
    const all = await paying.paymentsOf(member);
    const waiting = all.find(({ periods }) => periods === 12);
    await paying.confirm(member, waiting?.id ?? '');
    // A move changes none of this.
    await world.client.mutate(world.demo.root, 'moveReseller', { resellerId: member.id, newParentId: parent.id });
    await world.client.mutate(parent, 'closeReseller', { resellerId: member.id, idempotencyKey: world.key() });
    await expect(paying.confirm(member, waiting?.id ?? '')).rejects.toThrow('UNAUTHENTICATED');
    await sweep();
    expect((await pageOf(at)).text).toContain('You have been renewed.');
    const [open] = await paying.paymentsOf(parent, 'PENDING');
    expect(open).toMatchObject({ periods: 1, customer: { id: maria.id } });
    expect(await paying.confirm(parent, open?.id ?? '')).toMatchObject({ payment: { status: 'APPLIED' } });
    expect(await world.seen(parent, maria.id)).toMatchObject({ creditsSpent: 1 + 24 + 1 });
    await expectWhole();
  });

  test('R54: a wrong or too long form, or another method, opens nothing, and wrong posts count as guesses', async () => {
    const { member, plans } = await paying.panel(20);
    const url = await paying.linked(member, await world.activated(member));
    for (const form of [{}, { plan: 'x' }, { plan: '"><script>' }, { plan: uuidOf(member.id) }])
      expect(await pageOf(url, form as Record<string, string>)).toMatchObject({ status: 303, location: new URL(url).pathname });
    expect((await pageOf(url, { plan: 'x'.repeat(5_000) })).status).toBe(413);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    expect(await paying.paymentsOf(member)).toEqual([]);

    await using api = await startApi({ databaseUrl: world.databaseUrl, settings: { TRUST_PROXY: '1' } });
    const from = { 'x-forwarded-for': '203.0.113.77' };
    const guess = (n: number) => `${api.client.origin}/r/${Buffer.alloc(16, n).toString('base64url')}`;
    const plan = uuidOf(plans[0]?.id ?? '');
    const wave = (first: number) =>
      Promise.all(Array.from({ length: 50 }, (_, n) => pageOf(guess(first + n), { plan }, from).then(({ status }) => status)));
    // Concurrent requests are looked up; their errors block those that come later.
    expect(new Set(await wave(0)).has(404)).toBe(true);
    expect(new Set(await wave(50))).toEqual(new Set([429]));
    const here = url.replace(world.client.origin, api.client.origin);
    expect((await pageOf(here, { plan }, from)).status).toBe(429);
    expect((await pageOf(here, { plan }, { 'x-forwarded-for': '203.0.113.78' })).status).toBe(303);
  });

  test('R54: a payment is visible only to its own panel, and every field of the answer is returned', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    await paying.choose(await paying.linked(member, maria), plans[0]);
    const [open] = await paying.paymentsOf(member);
    const id = open?.id ?? '';
    for (const stranger of [world.demo.root, world.demo.ana, world.demo.other]) {
      expect(await paying.confirm(stranger, id)).toMatchObject({ code: 'NOT_FOUND' });
      const { node } = await world.client.query(stranger, 'query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(node).toBeNull();
      expect((await paying.paymentsOf(stranger)).some((one) => one.id === id)).toBe(false);
    }
    const document = `query ($id: ID!, $of: ID!) { node(id: $id) { ... on CustomerPayment { id status } }
      viewer { customerPayments(customerId: $of) { edges { node { id } } } } }`;
    const seen = (of: string) => world.client.query(member, document, { id, of });
    const node = { id, status: 'PENDING' };
    expect(await seen(maria.id)).toEqual({ node, viewer: { customerPayments: { edges: [{ node: { id } }] } } });
    expect(await seen((await world.activated(member)).id)).toEqual({ node, viewer: { customerPayments: { edges: [] } } });
    expect(await paying.confirm(member, id, 'x'.repeat(256))).toMatchObject({ code: 'INVALID_INPUT' });
    for (const type of PAYMENT_ANSWERS) {
      const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
      const call = `confirmCustomerPayment(input: { paymentId: "${id}" })`;
      const { errors } = await world.client.ask(member.token, `mutation { answer: ${call} { __typename ... on ${type} ${all} } }`);
      expect(errors).toEqual([]);
    }
    const [log] = await world.sql`SELECT action, changes FROM audit_log WHERE reseller_id = ${uuidOf(member.id)} ORDER BY id DESC LIMIT 1`;
    expect(log).toMatchObject({
      action: 'CUSTOMER_PAYMENT_CONFIRMED',
      changes: [{ field: 'status', before: 'PENDING', after: 'APPLIED' }],
    });
  });

  test('R54: ledgerHealth names a payment applied without a renewal, confirmed with another, or waiting without a reason', async () => {
    const { member, plans } = await paying.panel(20);
    const maria = await world.activated(member);
    const url = await paying.linked(member, maria);
    await paying.choose(url, plans[0]);
    const [open] = await paying.paymentsOf(member);
    const id = uuidOf(open?.id ?? '');
    const problems = async () => (await ledgerHealth(world.sql, null, inject('topology'))).problems;
    const paid = world.sql`paid_at = now() - interval '1 hour', paid_by = id, settlement_id = id`;
    await world.sql`UPDATE customer_payment SET status = 'APPLIED', applied_at = now(), transfer_id = id, ${paid} WHERE id = ${id}`;
    expect(await problems()).toEqual([`R54: the renewal does not match payment ${id}`]);
    await world.sql`UPDATE customer_payment SET status = 'PAID_UNFUNDED', applied_at = NULL, transfer_id = NULL WHERE id = ${id}`;
    const since = async (hours: number) => {
      await world.sql`UPDATE account SET changed_at = now() - ${hours}::integer * interval '1 hour' WHERE id = ${uuidOf(member.id)}`;
    };
    await since(1);
    expect((await problems()).filter((one) => one.startsWith('R54'))).toEqual([
      `R54: the panel could renew by it, but did not apply payment ${id}`,
    ]);
    await since(0);
    await sweep();
    await expectWhole();
    await paying.choose(url, plans[0]);
    const [next] = await paying.paymentsOf(member, 'PENDING');
    await paying.confirm(member, next?.id ?? '');
    await world.sql`UPDATE customer_payment SET settlement_id = ${id} WHERE id = ${uuidOf(next?.id ?? '')}`;
    expect(await problems()).toEqual([`R54: one confirmation settled several payments: ${id}`]);
    await world.sql`UPDATE customer_payment SET settlement_id = id WHERE id = ${uuidOf(next?.id ?? '')}`;
    await expectWhole();
  });
});
