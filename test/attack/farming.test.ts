import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CustomerSeen, CustomersWorld, customerOf, PERIOD_MS, uuidOf } from '../support/clients/customers-api.ts';
import { colleagueOf } from '../support/clients/people-api.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';
import { HEALTHY, healthOf, LedgerReader, SOUND } from './ledger-reader.ts';

let world: CustomersWorld;
let ledger: LedgerReader;
let panel: Member;
let panels = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  ledger = new LedgerReader(world.sql);
  const { code } = await world.client.mutate(world.demo.root, 'setTenantPolicy', { refundPolicy: 'UNUSED_PERIODS' });
  expect(code).toBeUndefined();
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  panels += 1;
  panel = await plantPanel(world.client, world.demo.root, `farm${panels}@demo.test`, 60);
});

/** The service still promised to this panel's customers, in credits: screens × remaining periods, to the millisecond. */
async function promised(): Promise<number> {
  const [row] = await ledger.sql<{ periods: number }[]>`
    SELECT coalesce(sum(screens * greatest(0, extract(epoch FROM expires_at - created_at) * 1000 / ${PERIOD_MS}::float8)), 0)::float8 AS periods
    FROM customer WHERE reseller_id = ${uuidOf(panel.id)} AND NOT is_trial`;
  return row?.periods ?? 0;
}

/** There is never more service than credits (R23), unspent credits are held, and the sums of all accounts are right. */
async function expectNothingMinted(): Promise<void> {
  const consumed = 60 - (await world.balance(panel));
  expect(consumed).toBeGreaterThanOrEqual(0);
  // The clock has moved on a little: a refund returns whole periods that have not begun.
  expect(await promised()).toBeLessThanOrEqual(consumed + 0.001);
  expect(await ledger.sums()).toEqual(SOUND);
}

describe('refunds', () => {
  test('in a loop of activating, adding, changing, canceling and beginning again never mint a credit or a day', async () => {
    let customer: CustomerSeen | null = null;
    for (let round = 0; round < 6; round += 1) {
      customer = await world.activated(panel, 3, 2, `Round ${round}`);
      await world.client.mutate(panel, 'addScreens', { customerId: customer.id, screens: 2 });
      if (round % 2 === 0) await world.client.mutate(panel, 'setNextScreens', { customerId: customer.id, screens: 1 });
      await world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id });
      await expectNothingMinted();
      // A canceled customer is renewed and canceled again: what was refunded before is not refunded again.
      await world.client.mutate(panel, 'renewCustomer', { customerId: customer.id, periods: 2 });
      await world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id });
      await world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id });
      await expectNothingMinted();
      await ledger.sql`UPDATE customer SET expires_at = now() WHERE reseller_id = ${uuidOf(panel.id)}`;
      const again = await world.client.mutate(panel, 'activateCustomer', { customerId: customer.id, periods: 1, screens: 1 });
      if (again.customer) await world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id });
      expect(await ledger.sums()).toEqual(SOUND);
      // At most six screens and three periods a round, of which whole periods are refunded.
      if ((await world.balance(panel)) < 20) break;
    }
    expect(await world.balance(panel)).toBeLessThan(60);
  });

  test('of a trial, of a term that has run out, and of a part of a period are nothing', async () => {
    const trial = await world.trial(panel, 'refund@farm.test');
    expect(await world.client.mutate(panel, 'cancelCustomer', { customerId: trial.id })).toMatchObject({ transfer: null });
    const short = await world.activated(panel);
    expect(await world.client.mutate(panel, 'cancelCustomer', { customerId: short.id })).toMatchObject({ transfer: null });
    const over = await world.activated(panel);
    await world.endsIn(over, -1);
    expect(await world.client.mutate(panel, 'cancelCustomer', { customerId: over.id })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await world.balance(panel)).toBe(58);
  });

  test('raced by two of each command happen once, and remove the service that they refund', async () => {
    for (let round = 0; round < 4; round += 1) {
      const customer = await world.activated(panel, 4, 2, `Race ${round}`);
      const customerId = customer.id;
      const calls = [
        ...[1, 2].map(() => world.client.mutate(panel, 'cancelCustomer', { customerId })),
        ...[1, 2].map(() => world.client.mutate(panel, 'renewCustomer', { customerId, periods: 1 })),
        ...[1, 2].map(() => world.client.mutate(panel, 'addScreens', { customerId, screens: 1 })),
        ...[1, 2].map(() => world.client.mutate(panel, 'activateCustomer', { customerId, periods: 1, screens: 1 })),
        ...[1, 2].map((screens) => world.client.mutate(panel, 'setNextScreens', { customerId, screens })),
      ];
      await Promise.all(calls);
      await world.client.mutate(panel, 'cancelCustomer', { customerId });
      await expectNothingMinted();
    }
    expect(await healthOf(world.client, world.demo.root.token)).toEqual(HEALTHY);
  });

  test('go to the panel that has the customer: one handed to the parent is refunded there, once', async () => {
    const child = await plantPanel(world.client, panel, `child${panels}@demo.test`, 20);
    const customer = await world.activated(child, 5, 2);
    const closing = { resellerId: child.id, idempotencyKey: `close ${panels}` };
    const race = await Promise.all([
      world.client.mutate(panel, 'closeReseller', closing),
      world.client.mutate(child, 'cancelCustomer', { customerId: customer.id }).catch(() => ({ code: 'UNAUTHENTICATED' })),
      world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id }),
    ]);
    expect(race[0].__typename).toBe('CloseResellerPayload');
    await world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id });
    // 60, less 20 for the child, plus 10 swept back, plus 8 of the 10 that were spent.
    expect(await world.balance(panel)).toBe(58);
    expect(await ledger.sums()).toEqual(SOUND);
    expect(await healthOf(world.client, world.demo.root.token)).toEqual(HEALTHY);
  });
});

describe('trials', () => {
  const ONE_EMAIL = [
    'maria.silva@farm.test',
    'MARIA.SILVA@FARM.TEST',
    '  maria.silva@farm.test\t',
    'maria.silva+1@farm.test',
    'maria.silva+a+b@farm.test',
    'maria.silva+@farm.test',
    'ｍaria.silva＠farm.test',
    '𝐦aria.silva@farm.test',
    'mari\u200Ba.silva@farm.test',
    'maria\u00AD.silva@farm.test',
    '\uFEFFmaria.silva@farm.test',
    'maria.silva\u2060@farm.test',
    'maria.silva@farm\u202E.test',
    'maria. silva @ farm.test',
    'maria.silva@farm.test\uFE0F',
    'maria.silva@farm.test\u{E0100}',
    'mar\u034Fia.silva@farm.test',
    'mar\u115Fia.silva@farm.test',
    'mar\u3164ia.silva@farm.test',
    'mar\u180Bia.silva@farm.test',
    'mar\u17B4ia.silva@farm.test',
    'mar\u2800ia.silva@farm.test',
    'maria.silva@farm.test\u0001',
    'maria.silva@farm.test.',
  ];
  const ONE_PHONE = [
    '+55 11 98888-7777',
    '+5511988887777',
    '005511988887777',
    '(11) 98888-7777',
    '11 98888 7777',
    '011 98888-7777',
    '11.98888.7777',
    '１１９８８８８７７７７',
    '+55\u200E11988887777',
    '11\u201198888\u20117777',
    '١١٩٨٨٨٨٧٧٧٧',
    '११९८८८८७७७७',
  ];

  test.each([
    ['e-mail', ONE_EMAIL],
    ['phone', ONE_PHONE],
  ])('of one %s in many spellings, all at once and then again, are one', async (_, contacts) => {
    const outcomes = await Promise.all(contacts.map((contact) => world.client.mutate(panel, 'startTrial', { name: 'Farmer', contact })));
    const started = outcomes.flatMap(({ customer }, index) => (customer ? [contacts[index]] : []));
    expect(started).toHaveLength(1);
    const other = await plantPanel(world.client, world.demo.root, `second${panels}@demo.test`, 10);
    for (const contact of contacts) {
      const { code } = await world.client.mutate(other, 'startTrial', { name: 'Farmer', contact });
      expect(code, JSON.stringify(contact)).toMatch(/^(TRIAL_ALREADY_USED|INVALID_INPUT)$/);
    }
  });

  test('by changing the contact, by canceling, and by every user of the panel at once stay within the quota', async () => {
    const operator = await colleagueOf(world.client, panel.token, `operator${panels}@demo.test`, 'OPERATOR');
    const first = customerOf(await world.client.mutate(panel, 'startTrial', { name: 'One', contact: `first ${panels}` }));
    await world.client.mutate(panel, 'updateCustomer', { customerId: first.id, contact: 'somebody else' });
    await world.client.mutate(panel, 'cancelCustomer', { customerId: first.id });
    expect(await world.client.mutate(panel, 'startTrial', { name: 'Two', contact: `FIRST ${panels}` })).toMatchObject({
      code: 'TRIAL_ALREADY_USED',
    });
    const codes = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const who = index % 2 === 0 ? panel : operator;
        return (await world.client.mutate(who, 'startTrial', { name: 'N', contact: `farm ${panels} ${index}` })).code ?? 'started';
      }),
    );
    expect(codes.filter((code) => code === 'started')).toHaveLength(24);
    expect(new Set(codes)).toEqual(new Set(['started', 'TRIAL_QUOTA']));
  });
});

describe('idempotency keys', () => {
  test('belong to the panel: of four users with one key one is charged, and a role without the right learns nothing', async () => {
    const made = await Promise.all(
      (['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'] as const).map((role) =>
        colleagueOf(world.client, panel.token, `${role.toLowerCase()}${panels}@demo.test`, role),
      ),
    );
    const [owner, operator, finance, viewer] = made;
    if (!owner || !operator || !finance || !viewer) throw new Error('not everyone was invited');
    const input = { name: 'Shared', periods: 2, screens: 3, idempotencyKey: 'shared' };
    const answers = await Promise.all(
      [owner, operator, panel, owner, operator, panel].map((who) => world.client.mutate(who, 'activateCustomer', input)),
    );
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(new Set(answers.map(({ customer }) => customer?.id)).size).toBe(1);
    expect(await world.balance(panel)).toBe(54);
    for (const who of [finance, viewer]) {
      await expect(world.client.mutate(who, 'activateCustomer', input)).resolves.toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const other of [
      { ...input, periods: 1 },
      { ...input, name: 'shared' },
      { ...input, contact: 'x' },
    ]) {
      expect(await world.client.mutate(operator, 'activateCustomer', other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    }
    // Another mutation with the same key; the same key of another panel, of the parent, of the child.
    const customerId = answers[0]?.customer?.id;
    expect(
      await world.client.mutate(owner, 'renewCustomer', { customerId: customerId ?? '', periods: 2, idempotencyKey: 'shared' }),
    ).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect(await world.client.mutate(world.demo.root, 'activateCustomer', input)).toMatchObject({ replayed: false });
    expect(await world.balance(panel)).toBe(54);
  });
});
