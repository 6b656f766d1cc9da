import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/clients/api.ts';
import { CustomersWorld, DAY_MS, PERIOD_MS, uuidOf } from '../support/clients/customers-api.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';
import { addColleague, colleague } from './gate-world.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
  await world.sql`
    INSERT INTO credit_package (tenant_id, seller_id, id, quantity, unit_price_minor, currency)
    SELECT ${NIL}, ${NIL}, gen_random_uuid(), quantity, price, 'BRL' FROM (VALUES (10, 1000), (100, 800)) AS list (quantity, price)`;
});

afterAll(() => world[Symbol.asyncDispose]());

const NIL = '00000000-0000-0000-0000-000000000000';

interface Quoted {
  readonly __typename: string;
  readonly code?: string;
  readonly fields?: readonly { readonly path: string }[];
  readonly minimum?: number;
  readonly cost?: number;
  readonly balanceAfter?: number;
  readonly expiresAt?: string | null;
}

function ask(token: string, input: object): Promise<Answer<{ quote: Quoted }>> {
  return world.client.ask<{ quote: Quoted }>(
    token,
    `query ($input: QuoteInput!) { quote(input: $input) {
      __typename ... on Error { code } ... on InvalidInputError { fields { path } } ... on BelowMinimumError { minimum }
      ... on Quote { cost balanceAfter affordable willLock expiresAt screens screensChangeAt spans { screens endsAt } sameContact { id name } totalMinor currency }
    } }`,
    { input },
  );
}

async function quote({ token }: Pick<Member, 'token'>, input: object): Promise<Quoted> {
  const { data, text } = await ask(token, input);
  return data?.quote ?? Promise.reject(new Error(text));
}

let panels = 0;
function panel(credits: number): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `p${panels}@quote.test`, credits);
}

const MONEYLESS = { totalMinor: null, currency: null };

describe('a quote', () => {
  test('of an activation has cost, balance, lock and end, and writes nothing', async () => {
    const member = await panel(12);
    const before = Date.now();
    const whole = await quote(member, { activate: { periods: 4, screens: 3 } });
    expect(whole).toMatchObject({ __typename: 'Quote', cost: 12, balanceAfter: 0, affordable: true, willLock: true, ...MONEYLESS });
    expect(Date.parse(whole.expiresAt ?? '')).toBeGreaterThanOrEqual(before + 4 * PERIOD_MS);
    expect(Date.parse(whole.expiresAt ?? '')).toBeLessThanOrEqual(Date.now() + 4 * PERIOD_MS);
    expect(await quote(member, { activate: { periods: 5 } })).toMatchObject({
      cost: 5,
      balanceAfter: 7,
      affordable: true,
      willLock: false,
    });
    expect(await quote(member, { activate: { periods: 13 } })).toMatchObject({
      cost: 13,
      balanceAfter: -1,
      affordable: false,
      willLock: false,
    });
    expect(await world.balance(member)).toBe(12);
  });

  test('of a renewal and of screens equals their later cost and the balance they leave', async () => {
    const member = await panel(50);
    const { id: customerId } = await world.activated(member, 2, 3);
    await world.client.mutate(member, 'setNextScreens', { customerId, screens: 2 });
    const renewal = await quote(member, { renew: { customerId, periods: 5 } });
    expect(renewal).toMatchObject({ cost: 10, balanceAfter: 34, ...MONEYLESS });
    const renewed = await world.client.mutate(member, 'renewCustomer', { customerId, periods: 5 });
    expect(renewed).toMatchObject({ transfer: { amount: 10 }, account: { balance: 34 }, customer: { expiresAt: renewal.expiresAt } });
    await world.endsIn({ id: customerId }, 45 * DAY_MS);
    const screens = await quote(member, { addScreens: { customerId, screens: 3 } });
    expect(screens).toMatchObject({ cost: 6, balanceAfter: 28 });
    const added = await world.client.mutate(member, 'addScreens', { customerId, screens: 3 });
    expect(added).toMatchObject({ transfer: { amount: 6 }, account: { balance: 28 }, customer: { expiresAt: screens.expiresAt } });
  });

  test('of a renewal and of screens lists how many screens work until when, as happens later (R22)', async () => {
    const member = await panel(50);
    const { expiresAt, id: customerId } = await world.activated(member, 4, 3);
    const asSeen = async () => {
      const seen = await world.seen(member, customerId);
      return { expiresAt: seen?.expiresAt, screens: seen?.screens, screensChangeAt: seen?.screensChangeAt, spans: seen?.spans };
    };
    await world.client.mutate(member, 'setNextScreens', { customerId, screens: 1 });
    const renewal = await quote(member, { renew: { customerId, periods: 1 } });
    expect(renewal).toMatchObject({ cost: 1, screens: 3, screensChangeAt: expiresAt, sameContact: null });
    await world.client.mutate(member, 'renewCustomer', { customerId, periods: 1 });
    expect(renewal).toMatchObject(await asSeen());
    const screens = await quote(member, { addScreens: { customerId, screens: 2 } });
    expect(screens).toMatchObject({ cost: 10, screens: 5, screensChangeAt: expiresAt });
    await world.client.mutate(member, 'addScreens', { customerId, screens: 2 });
    expect(screens).toMatchObject(await asSeen());
    expect(await quote(member, { activate: { periods: 1, screens: 2 } })).toMatchObject({ screens: 2, screensChangeAt: null });
    expect(await quote(member, { buy: { quantity: 10 } })).toMatchObject({ screens: null, screensChangeAt: null, spans: null });
    await world.endsIn({ id: customerId }, -DAY_MS);
    expect(await quote(member, { renew: { customerId, periods: 1 } })).toMatchObject({ cost: 3, screens: 3, screensChangeAt: null });
  });

  test("for a canceled customer and beyond 36 periods is the same as the renewal's answer (R20)", async () => {
    const member = await panel(50);
    const { id: customerId } = await world.activated(member, 10, 1);
    await world.client.mutate(member, 'cancelCustomer', { customerId });
    expect(await quote(member, { addScreens: { customerId, screens: 1 } })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await quote(member, { renew: { customerId, periods: 27 } })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await quote(member, { renew: { customerId, periods: 26 } })).toMatchObject({ cost: 26 });
    expect(await quote(member, { renew: { customerId, periods: 37 } })).toMatchObject({ code: 'INVALID_INPUT' });
    await world.endsIn({ id: customerId }, -DAY_MS);
    expect(await quote(member, { renew: { customerId, periods: 36 } })).toMatchObject({ cost: 36 });
  });

  test("of an activation names the panel's own customers with the same contact, in any spelling, and refuses nothing", async () => {
    const [member, other] = [await panel(50), await panel(50)];
    const contact = '+55 (11) 98888-7777';
    const activate = (of: Member, name: string, whose: string) =>
      world.client.mutate(of, 'activateCustomer', { name, contact: whose, periods: 1 });
    await activate(member, 'First', contact);
    await activate(member, 'Second', '11988887777');
    await activate(member, 'Somebody else', 'ana@x.test');
    await activate(other, 'Of another panel', contact);
    const asked = (whose: string | null) => quote(member, { activate: { periods: 1, contact: whose } });
    expect(await asked('11 98888 7777')).toMatchObject({ cost: 1, sameContact: [{ name: 'Second' }, { name: 'First' }] });
    expect(await asked('nobody@x.test')).toMatchObject({ cost: 1, sameContact: [] });
    expect(await asked(null)).toMatchObject({ cost: 1, sameContact: null });
    expect(await asked('  ')).toMatchObject({ cost: 1, sameContact: null });
    expect(await asked('x'.repeat(201))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.activate.contact' }] });
  });

  test('of a new panel and of a transfer is their amount', async () => {
    const member = await panel(20);
    expect(await quote(member, { createReseller: { amount: 20 } })).toMatchObject({
      cost: 20,
      balanceAfter: 0,
      willLock: true,
      expiresAt: null,
    });
    expect(await quote(member, { createReseller: { amount: 9 } })).toMatchObject({ __typename: 'BelowMinimumError', minimum: 10 });
    expect(await quote(member, { createReseller: { amount: 0 } })).toMatchObject({ __typename: 'BelowMinimumError', minimum: 10 });
    expect(await quote(member, { transfer: { amount: 1 } })).toMatchObject({ cost: 1, balanceAfter: 19, willLock: false });
    expect(await quote(member, { transfer: { amount: 0 } })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.transfer.amount' }],
    });
    await world.sql`UPDATE tenant SET minimum_transfer = 5 WHERE id = ${uuidOf(world.demo.other.id)}`;
    expect(await quote(world.demo.other, { transfer: { amount: 4 } })).toMatchObject({ __typename: 'BelowMinimumError', minimum: 5 });
    expect(await quote(world.demo.other, { transfer: { amount: 5 } })).toMatchObject({ cost: 5, balanceAfter: 45 });
  });

  test('of buying costs no credits, and has the price (R26)', async () => {
    const member = await panel(20);
    const bought = { cost: 0, affordable: true, willLock: false, expiresAt: null, currency: 'BRL' };
    expect(await quote(member, { buy: { quantity: 10 } })).toMatchObject({ ...bought, balanceAfter: 30, totalMinor: 10_000 });
    // 90 cost as much as 100 at their lower price.
    expect(await quote(member, { buy: { quantity: 90 } })).toMatchObject({ ...bought, balanceAfter: 110, totalMinor: 80_000 });
    expect(await quote(member, { buy: { quantity: 9 } })).toMatchObject({ __typename: 'BelowMinimumError', minimum: 10 });
    expect(await quote(member, { buy: { quantity: 1_000_000_001 } })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.buy.quantity' }],
    });
    await world.sql`UPDATE account SET debt = 25 WHERE id = ${uuidOf(member.id)}`;
    expect(await quote(member, { buy: { quantity: 10 } })).toMatchObject({ balanceAfter: 5 });
    await world.sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = ${uuidOf(world.demo.other.id)}`;
    expect(await quote(world.demo.other, { buy: { quantity: 10 } })).toMatchObject({ totalMinor: 10_000 });
  });

  test.each([
    [{ activate: { periods: 0 } }, 'input.activate.periods'],
    [{ activate: { periods: 37 } }, 'input.activate.periods'],
    [{ activate: { periods: 1, screens: 1001 } }, 'input.activate.screens'],
    [{ renew: { customerId: 'x', periods: 0 } }, 'input.renew.periods'],
    [{ addScreens: { customerId: 'x', screens: 0 } }, 'input.addScreens.screens'],
  ])('of %j is refused with the name of its field', async (input, path) => {
    expect(await quote(world.demo.ana, input)).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path }] });
  });

  test.each([{}, { activate: null }, { activate: { periods: 1 }, buy: { quantity: 10 } }, { buy: { quantity: 1.5 } }])(
    'of %j is BAD_USER_INPUT',
    async (input) => {
      expect((await ask(world.demo.ana.token, input)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  test('is refused as the operation would be', async () => {
    const member = await panel(10);
    const trial = await world.trial(member, 'quote@trial.test');
    const elsewhere = await world.activated(world.demo.bruno);
    expect(await quote(member, { renew: { customerId: trial.id, periods: 1 } })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await quote(member, { addScreens: { customerId: trial.id, screens: 1 } })).toMatchObject({ code: 'INVALID_STATE' });
    for (const customerId of [elsewhere.id, 'nothing', member.id]) {
      expect(await quote(member, { renew: { customerId, periods: 1 } })).toMatchObject({ __typename: 'NotFoundError' });
      expect(await quote(member, { addScreens: { customerId, screens: 1 } })).toMatchObject({ __typename: 'NotFoundError' });
    }
    const { id: customerId } = await world.activated(member);
    expect(await quote(member, { renew: { customerId, periods: 36 } })).toMatchObject({ code: 'INVALID_STATE' });
    await world.sql`DELETE FROM credit_package`;
    expect(await quote(member, { buy: { quantity: 10 } })).toMatchObject({ code: 'INVALID_STATE' });
    await world.sql`
      INSERT INTO credit_package (tenant_id, seller_id, id, quantity, unit_price_minor, currency) VALUES (${NIL}, ${NIL}, ${NIL}, 10, 1000, 'BRL')`;
  });
});

describe('who may ask', () => {
  const inputs = [{ activate: { periods: 1 } }, { createReseller: { amount: 10 } }, { transfer: { amount: 1 } }, { buy: { quantity: 10 } }];

  test('OWNER, OPERATOR and FINANCE may; VIEWER and the platform may not', async () => {
    const member = await panel(10);
    for (const role of ['OPERATOR', 'FINANCE', 'VIEWER'] as const) {
      await addColleague(world.sql, member, role);
      const token = await world.client.signIn(colleague(member, role));
      for (const input of inputs) {
        const { data, errors } = await ask(token, input);
        if (role === 'VIEWER') expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' }, path: ['quote'] }]);
        else expect(data, role).toMatchObject({ quote: { __typename: 'Quote' } });
      }
    }
    for (const input of inputs)
      expect((await ask(world.demo.platform, input)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('a locked panel gets a quote for buying, and PANEL_LOCKED for all else (R8)', async () => {
    const { zero } = world.demo;
    expect(await quote(zero, { buy: { quantity: 10 } })).toMatchObject({ cost: 0, balanceAfter: 10, willLock: false, totalMinor: 10_000 });
    for (const input of [
      ...inputs.slice(0, 3),
      { renew: { customerId: 'x', periods: 1 } },
      { addScreens: { customerId: 'x', screens: 1 } },
    ]) {
      const { errors } = await ask(zero.token, input);
      expect(errors).toMatchObject([{ extensions: { code: 'PANEL_LOCKED' }, path: ['quote'] }]);
    }
    // Bad input is reported first (R35).
    expect(await quote(zero, { activate: { periods: 0 } })).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('a suspended panel gets every quote', async () => {
    const member = await panel(10);
    await world.sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'late' WHERE id = ${uuidOf(member.id)}`;
    for (const input of inputs) expect(await quote(member, input)).toMatchObject({ __typename: 'Quote' });
  });
});
