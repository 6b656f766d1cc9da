import { afterAll, beforeAll, expect, test } from 'vitest';
import { CustomersWorld, customerOf, DAY_MS, PERIOD_MS, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered, MutationName } from '../support/clients/mutation.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';
import { times } from '../support/worlds/ledger-world.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

let panels = 0;
function panel(credits: number, parent: Member = world.demo.root): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, parent, `p${panels}@races.test`, credits);
}

function tally(answers: readonly Answered<MutationName>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { __typename, code } of answers) counts[code ?? __typename] = (counts[code ?? __typename] ?? 0) + 1;
  return counts;
}

/** Checks the journal of the tenant, and that its customers cost what the journal says. */
async function expectWhole(): Promise<void> {
  const { ledgerHealth } = await world.client.query(world.demo.root, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
  const wrong = await world.sql`
    SELECT c.id FROM customer c LEFT JOIN transfer t ON t.tenant_id = c.tenant_id AND t.customer_id = c.id
    GROUP BY c.tenant_id, c.id HAVING c.credits_spent <> coalesce(sum(CASE WHEN t.kind IN ('REFUND', 'UNDO') THEN -t.amount ELSE t.amount END), 0)`;
  expect(wrong).toHaveLength(0);
}

test('concurrent renewals are all charged, and all extend the term (R20)', async () => {
  const member = await panel(50);
  const customer = await world.activated(member, 1, 2);
  const answers = await Promise.all(times(10, () => world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })));
  expect(tally(answers)).toEqual({ RenewCustomerPayload: 10 });
  expect(new Set(answers.map(({ account }) => account?.version)).size).toBe(10);
  const seen = await world.seen(member, customer.id);
  expect(seen).toMatchObject({ creditsSpent: 22 });
  expect(Date.parse(seen?.expiresAt ?? '')).toBe(Date.parse(customer.expiresAt) + 10 * PERIOD_MS);
  expect(await world.balance(member)).toBe(28);
  await expectWhole();
});

test('the same renewal sent twenty times at once is made once (R31)', async () => {
  const member = await panel(50);
  const customer = await world.activated(member);
  const renewal = { customerId: customer.id, periods: 1, idempotencyKey: 'once' };
  const answers = await Promise.all(times(20, () => world.client.mutate(member, 'renewCustomer', renewal)));
  expect(tally(answers)).toEqual({ RenewCustomerPayload: 20 });
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await world.balance(member)).toBe(48);
});

test('the same expired customer activated twice at once is activated once (R19)', async () => {
  const member = await panel(20);
  const customer = await world.activated(member);
  await world.endsIn(customer, 0);
  const answers = await Promise.all(
    times(5, () => world.client.mutate(member, 'activateCustomer', { customerId: customer.id, periods: 1 })),
  );
  expect(tally(answers)).toEqual({ ActivateCustomerPayload: 1, INVALID_STATE: 4 });
  expect(await world.balance(member)).toBe(18);
});

test('of concurrent spends on the last credits as many win as there are credits, and the others are told why', async () => {
  const member = await panel(10);
  const customer = await world.activated(member, 1);
  const answers = await Promise.all(
    times(30, (index) =>
      index % 2 === 0
        ? world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })
        : world.client.mutate(member, 'activateCustomer', { name: `n${index}`, periods: 1 }),
    ),
  );
  const counts = tally(answers);
  expect((counts.RenewCustomerPayload ?? 0) + (counts.ActivateCustomerPayload ?? 0)).toBe(9);
  expect(counts.PANEL_LOCKED).toBe(21);
  expect(await world.balance(member)).toBe(0);
  await expectWhole();
});

test('of 40 concurrent trials with a quota of 25, exactly 25 are started, whoever they are for (R24)', async () => {
  const member = await panel(10);
  const answers = await Promise.all(
    times(40, (index) => world.client.mutate(member, 'startTrial', { name: 'Try', contact: `edge ${index}` })),
  );
  expect(tally(answers)).toEqual({ StartTrialPayload: 25, TRIAL_QUOTA: 15 });
});

test('one contact gets one trial, even if many panels start it at once in many spellings (R24)', async () => {
  const members = await Promise.all(times(4, () => panel(10)));
  const spellings = ['+55 (11) 96666-0001', '11966660001', '011 96666 0001', '55 11 96666-0001', '+5511966660001'];
  const answers = await Promise.all(
    members.flatMap((member) => spellings.map((contact) => world.client.mutate(member, 'startTrial', { name: 'Try', contact }))),
  );
  expect(tally(answers)).toEqual({ StartTrialPayload: 1, TRIAL_ALREADY_USED: 19 });
});

test('credits and days agree after a refund concurrent with renewals, whichever comes first (R22, R23)', async () => {
  const { other } = world.demo;
  await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS' WHERE id = ${uuidOf(other.id)}`;
  const before = await world.balance(other);
  const customer = await world.activated(other, 2);
  const answers = await Promise.all([
    ...times(3, () => world.client.mutate(other, 'renewCustomer', { customerId: customer.id, periods: 2 })),
    world.client.mutate(other, 'cancelCustomer', { customerId: customer.id }),
  ]);
  expect(tally(answers)).toEqual({ RenewCustomerPayload: 3, CancelCustomerPayload: 1 });
  const seen = await world.seen(other, customer.id);
  if (!seen) throw new Error('no customer');
  expect(await world.balance(other)).toBe(before - seen.creditsSpent);
  const granted = Date.parse(seen.expiresAt) - Date.parse(seen.createdAt);
  expect(granted).toBeLessThanOrEqual(seen.creditsSpent * PERIOD_MS + DAY_MS);
  expect(granted).toBe(seen.creditsSpent * PERIOD_MS);
  await expectWhole();
});

test('a lower next number of screens, concurrent with renewals and more screens, loses no change (R21, R22)', async () => {
  const member = await panel(300);
  const { id: customerId } = await world.activated(member, 1, 3);
  await Promise.all([
    ...times(10, () => world.client.mutate(member, 'renewCustomer', { customerId, periods: 1 })),
    ...times(10, (index) => world.client.mutate(member, 'setNextScreens', { customerId, screens: 1 + (index % 3) })),
    ...times(10, (index) => world.client.mutate(member, 'updateCustomer', { customerId, notes: `note ${index}` })),
    ...times(3, () => world.client.mutate(member, 'addScreens', { customerId, screens: 1 })),
  ]);
  const seen = await world.seen(member, customerId);
  expect(seen?.notes).toMatch(/^note \d$/);
  expect(seen?.nextScreens).toBeLessThanOrEqual(seen?.screens ?? 0);
  expect(await world.balance(member)).toBe(300 - (seen?.creditsSpent ?? 0));
  await expectWhole();
});

test("a close concurrent with changes of the panel's customers hands over every customer in its latest state (R17)", async () => {
  const parent = await panel(200);
  const child = await panel(60, parent);
  const customers = await Promise.all(times(5, (index) => world.activated(child, 1, 1, `c${index}`)));
  const close = `mutation { closeReseller(input: { resellerId: "${child.id}", idempotencyKey: "close" }) { __typename } }`;
  const settled = await Promise.allSettled([
    ...customers.map(({ id }) => world.client.mutate(child, 'renewCustomer', { customerId: id, periods: 1 })),
    world.client.data(parent.token, close),
    ...customers.map(({ id }) => world.client.mutate(child, 'updateCustomer', { customerId: id, notes: 'child' })),
    ...customers.map(({ id }) => world.client.mutate(child, 'renewCustomer', { customerId: id, periods: 1 })),
  ]);
  for (const one of settled) if (one.status === 'rejected') expect(String(one.reason)).toContain('UNAUTHENTICATED');
  for (const { id } of customers) {
    expect(await world.seen(parent, id)).toMatchObject({ id });
    expect(customerOf(await world.client.mutate(parent, 'renewCustomer', { customerId: id, periods: 1 })).id).toBe(id);
  }
  await expectWhole();
});
