import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERIOD_MS } from '../../src/ledger/rules/spans.ts';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, termOf, uuidOf } from '../support/clients/customers-api.ts';
import { plantPanel } from '../support/worlds/demo.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

let panels = 0;
/** A new panel below the root, so that tests do not affect each other. */
function panel(credits: number) {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `p${panels}@renewals.test`, credits);
}

describe('renewing', () => {
  test('adds to the rest of the term, and begins now if there is none (R20)', async () => {
    const member = await panel(20);
    const customer = await world.activated(member, 1, 2);
    const first = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
    const second = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 3 });
    expect(second).toMatchObject({ transfer: { kind: 'RENEWAL', amount: 6 }, customer: { creditsSpent: 10 }, account: { balance: 10 } });
    expect(termOf(first)).toBeGreaterThan(PERIOD_MS);
    expect(Date.parse(customerOf(second).expiresAt)).toBe(Date.parse(customer.expiresAt) + 4 * PERIOD_MS);
    await world.endsIn(customer, -100 * DAY_MS);
    expect(termOf(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 }))).toBe(PERIOD_MS);
  });

  test('goes at most 36 periods ahead, and not a millisecond beyond (R20)', async () => {
    const member = await panel(100);
    const customer = await world.activated(member, 1);
    await world.endsIn(customer, 0);
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 36 })).toMatchObject({
      account: { balance: 63 },
    });
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })).toMatchObject({
      code: 'INVALID_STATE',
    });
    await world.endsIn(customer, 35 * PERIOD_MS + DAY_MS);
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })).toMatchObject({
      code: 'INVALID_STATE',
    });
    await world.endsIn(customer, 35 * PERIOD_MS);
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })).toMatchObject({
      account: { balance: 62 },
    });
  });

  test('uses the next number of screens, which may only be lowered, and refunds nothing (R22)', async () => {
    const member = await panel(30);
    const customer = await world.activated(member, 1, 3);
    const set = (screens: number) => world.client.mutate(member, 'setNextScreens', { customerId: customer.id, screens });
    expect(await set(1)).toMatchObject({ customer: { screens: 3, nextScreens: 1 } });
    expect(await set(3)).toMatchObject({ customer: { screens: 3, nextScreens: 3 } });
    expect(await set(4)).toMatchObject({ code: 'INVALID_STATE' });
    expect(await set(0)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.screens' }] });
    expect(await set(2)).toMatchObject({ customer: { nextScreens: 2 } });
    const renewed = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 2 });
    expect(renewed).toMatchObject({ transfer: { amount: 4 }, customer: { screens: 3, nextScreens: 2 }, account: { balance: 23 } });
    expect(await set(3)).toMatchObject({ customer: { screens: 3, nextScreens: 3 } });
    await world.endsIn(customer, 2 * PERIOD_MS);
    expect(await world.seen(member, customer.id)).toMatchObject({ screens: 2, nextScreens: 3 });
    expect(await set(2)).toMatchObject({ customer: { screens: 2, nextScreens: 2, screensChangeAt: null } });
    expect(await set(3)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('loses nothing that is paid for: the paid screens work until their end, and the renewed days come after it (R22)', async () => {
    const member = await panel(30);
    const customer = await world.activated(member, 4, 3);
    const ends = (periods: number) => new Date(Date.parse(customer.expiresAt) + periods * PERIOD_MS).toISOString();
    expect(await world.client.mutate(member, 'setNextScreens', { customerId: customer.id, screens: 1 })).toMatchObject({
      customer: { screens: 3, nextScreens: 1, screensChangeAt: ends(0), spans: [{ screens: 3, endsAt: ends(0) }] },
    });
    const input = { customerId: customer.id, periods: 1, idempotencyKey: world.key() };
    const renewed = await world.client.mutate(member, 'renewCustomer', input);
    const spans = [
      { screens: 3, endsAt: ends(0) },
      { screens: 1, endsAt: ends(1) },
    ];
    const after = { screens: 3, nextScreens: 1, screensChangeAt: ends(0), expiresAt: ends(1), creditsSpent: 13, spans };
    expect(renewed).toMatchObject({ transfer: { amount: 1 }, customer: after, account: { balance: 17 } });
    expect(await world.client.mutate(member, 'renewCustomer', input)).toMatchObject({ replayed: true, customer: after });
    expect(await world.seen(member, customer.id)).toMatchObject(after);
    const batch = { renewals: [{ customerId: customer.id, periods: 2, idempotencyKey: world.key() }] };
    expect((await world.client.mutate(member, 'renewCustomers', batch)).results).toMatchObject([
      { customer: { screens: 3, screensChangeAt: ends(0), spans: [spans[0], { screens: 1, endsAt: ends(3) }] } },
    ]);
    // The last day of the paid screens, and the first day after it.
    await world.endsIn(customer, 3 * PERIOD_MS + DAY_MS);
    expect(await world.seen(member, customer.id)).toMatchObject({ screens: 3, status: 'ACTIVE' });
    const end = (await world.endsIn(customer, 3 * PERIOD_MS - 1)).toISOString();
    const single = { screens: 1, nextScreens: 1, screensChangeAt: null, spans: [{ screens: 1, endsAt: end }] };
    expect(await world.seen(member, customer.id)).toMatchObject(single);
    await world.endsIn(customer, -1);
    expect(await world.seen(member, customer.id)).toMatchObject({ status: 'EXPIRED', screens: 1, screensChangeAt: null, spans: [] });
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })).toMatchObject({
      transfer: { amount: 1 },
    });
  });

  test('at several screen numbers before the first end adds span after span, each kept, widened and refunded as paid (R21, R22)', async () => {
    const root = world.demo.other;
    await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS' WHERE id = ${uuidOf(root.id)}`;
    const customer = await world.activated(root, 1, 3);
    const customerId = customer.id;
    for (const screens of [2, 3, 1]) {
      await world.client.mutate(root, 'setNextScreens', { customerId, screens });
      await world.client.mutate(root, 'renewCustomer', { customerId, periods: 1 });
    }
    const screensOf = (seen: CustomerSeen | null) => seen?.spans.map(({ screens }) => screens);
    const seen = await world.seen(root, customerId);
    expect(screensOf(seen)).toEqual([3, 2, 3, 1]);
    expect(seen).toMatchObject({ creditsSpent: 9, nextScreens: 1, screensChangeAt: seen?.spans[2]?.endsAt });
    const added = await world.client.mutate(root, 'addScreens', { customerId, screens: 1 });
    expect(added).toMatchObject({ transfer: { amount: 4 }, customer: { screens: 4, nextScreens: 2 } });
    expect(screensOf(customerOf(added))).toEqual([4, 3, 4, 2]);
    const canceled = await world.client.mutate(root, 'cancelCustomer', { customerId });
    expect(canceled).toMatchObject({ transfer: { kind: 'REFUND', amount: 3 + 4 + 2 }, customer: { creditsSpent: 4, screens: 4 } });
    expect(screensOf(customerOf(canceled))).toEqual([4]);
    expect(customerOf(canceled).expiresAt).toBe(customer.expiresAt);
  });

  test('of an expired or canceled customer is allowed, and begins with the next number of screens (R20)', async () => {
    const member = await panel(30);
    const customer = await world.activated(member, 2, 3);
    await world.client.mutate(member, 'setNextScreens', { customerId: customer.id, screens: 2 });
    await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
    const again = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
    expect(again).toMatchObject({ transfer: { amount: 2 }, customer: { status: 'ACTIVE', screens: 3, nextScreens: 2 } });
    await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
    await world.endsIn(customer, -DAY_MS);
    const revived = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 2 });
    expect(revived).toMatchObject({ transfer: { amount: 4 }, customer: { status: 'ACTIVE', screens: 2, screensChangeAt: null } });
    expect(termOf(revived)).toBe(2 * PERIOD_MS);
  });

  test('is not for a trial, nor are screens and their next number (R24)', async () => {
    const member = await panel(10);
    const { id: customerId } = await world.trial(member, 'a trial not to renew');
    for (const [mutation, rest] of [
      ['renewCustomer', { periods: 1 }],
      ['addScreens', { screens: 1 }],
      ['setNextScreens', { screens: 1 }],
    ] as const) {
      expect(await world.client.mutate(member, mutation, { customerId, ...rest }), mutation).toMatchObject({ code: 'INVALID_STATE' });
    }
    expect(await world.balance(member)).toBe(10);
  });
});
