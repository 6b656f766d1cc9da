import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CustomersWorld, customerOf } from '../support/clients/customers-api.ts';
import type { Answered } from '../support/clients/mutation.ts';
import type { PlanInput } from '../support/gql/schema.ts';
import type { Member } from '../support/worlds/demo.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

const FIELDS = 'name periods screens priceMinor currency';
const MONTH = { name: 'Mensal', periods: 1, screens: 1, priceMinor: 3_500 };
const YEAR = { name: 'Anual', periods: 12, screens: 2, priceMinor: 39_900 };

function setPlans({ token }: Member, plans: readonly PlanInput[], currency = 'BRL'): Promise<Answered<'setPlans'>> {
  return world.client.mutate(token, 'setPlans', { currency, plans });
}

async function plansOf({ token }: Pick<Member, 'token'>, id: string) {
  const query = `query ($id: ID!) { reseller(id: $id) { plans { ${FIELDS} } suggestedPlans { ${FIELDS} } } }`;
  const { reseller } = await world.client.query(token, query, { id });
  return reseller;
}

async function planOf({ token }: Member, id: string): Promise<string | null> {
  const { customer } = await world.client.query(token, 'query ($id: ID!) { customer(id: $id) { plan { name } } }', { id });
  return customer.plan?.name ?? null;
}

describe('plans (R52)', () => {
  test("R52: a list is replaced as a whole, in order; a plan with a given id stays, and another panel's id is unknown", async () => {
    const { ana, root } = world.demo;
    const first = await setPlans(ana, [MONTH, YEAR]);
    expect((await plansOf(ana, ana.id)).plans).toEqual([MONTH, YEAR].map((plan) => ({ ...plan, currency: 'BRL' })));
    const [month, year] = first.plans ?? [];
    const second = await setPlans(ana, [{ ...YEAR, id: year?.id ?? '', priceMinor: 1 }, MONTH], 'EUR');
    expect(second.plans).toMatchObject([{ id: year?.id ?? '', priceMinor: 1, currency: 'EUR' }, MONTH]);
    expect(second.plans?.[1]?.id).not.toBe(month?.id);
    for (const id of [month?.id, ana.id, 'nothing']) expect(await setPlans(ana, [{ ...MONTH, id }])).toMatchObject({ code: 'NOT_FOUND' });
    expect(await setPlans(root, [{ ...MONTH, id: year?.id ?? '' }])).toMatchObject({ code: 'NOT_FOUND' });
    // One plan cannot be listed twice.
    expect(
      await setPlans(
        ana,
        [1, 2].map(() => ({ ...YEAR, id: year?.id ?? '' })),
      ),
    ).toMatchObject({ code: 'NOT_FOUND' });
    const node = await world.client.query(ana, 'query ($id: ID!) { node(id: $id) { ... on Plan { name } } }', { id: year?.id ?? '' });
    expect(node).toEqual({ node: { name: 'Anual' } });
    const [entry] = await world.sql`SELECT changes FROM audit_log WHERE action = 'PLANS_SET' ORDER BY id DESC LIMIT 1`;
    expect(entry?.changes[0].after).toContain('Anual (12 × 2) at 1');
  });

  test('R52: a price of 0, 37 periods, a blank name, an unknown currency and 21 plans are refused by name', async () => {
    const { ana } = world.demo;
    const before = await plansOf(ana, ana.id);
    const bad = [
      { ...MONTH, priceMinor: 0 },
      { ...MONTH, periods: 37 },
      { ...MONTH, periods: 0 },
      { ...MONTH, screens: 1_001 },
      { ...MONTH, name: ' ' },
    ];
    const { fields } = await setPlans(ana, bad, 'R$');
    expect(fields?.map(({ path }) => path)).toEqual([
      ...['input.currency', 'input.plans.0.priceMinor', 'input.plans.1.periods', 'input.plans.2.periods', 'input.plans.3.screens'],
      'input.plans.4.name',
    ]);
    expect(
      await setPlans(
        ana,
        Array.from({ length: 21 }, () => MONTH),
      ),
    ).toMatchObject({ fields: [{ path: 'input.plans' }] });
    expect(await plansOf(ana, ana.id)).toEqual(before);
  });

  test("R52: a panel without plans sees its parent's as a suggestion without effect; other panels see neither", async () => {
    const { ana, bruno, root } = world.demo;
    await setPlans(ana, [MONTH]);
    const suggested = { plans: [], suggestedPlans: [{ ...MONTH, currency: 'BRL' }] };
    expect(await plansOf(bruno, bruno.id)).toEqual(suggested);
    for (const above of [ana, root]) expect(await plansOf(above, bruno.id)).toEqual({ plans: null, suggestedPlans: null });
    await setPlans(bruno, [YEAR]);
    expect(await plansOf(bruno, bruno.id)).toEqual({ plans: [{ ...YEAR, currency: 'BRL' }], suggestedPlans: [] });
    await setPlans(bruno, []);
    expect(await plansOf(bruno, bruno.id)).toEqual(suggested);
  });

  test('R52: a customer keeps a plan of its own panel until it is cleared or removed or the customer changes hands', async () => {
    const { ana, bruno, root } = world.demo;
    const [month, year] = (await setPlans(ana, [MONTH, YEAR])).plans ?? [];
    const key = world.key();
    const activation = { name: 'Maria', periods: 1, planId: month?.id, idempotencyKey: key };
    const { id } = customerOf(await world.client.mutate(ana, 'activateCustomer', activation));
    expect(await planOf(ana, id)).toBe('Mensal');
    expect(await world.client.mutate(ana, 'updateCustomer', { customerId: id, planId: year?.id })).not.toHaveProperty('code');
    expect(await world.client.mutate(ana, 'renewCustomer', { customerId: id, periods: 1 })).not.toHaveProperty('code');
    expect(await world.client.mutate(ana, 'updateCustomer', { customerId: id, name: 'Mia' })).not.toHaveProperty('code');
    expect(await planOf(ana, id)).toBe('Anual');
    const [others] = (await setPlans(root, [MONTH])).plans ?? [];
    for (const planId of [others?.id, id, 'nothing']) {
      expect(await world.client.mutate(ana, 'updateCustomer', { customerId: id, planId })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await world.client.mutate(ana, 'activateCustomer', { name: 'No', periods: 1, planId })).toMatchObject({ code: 'NOT_FOUND' });
    }
    // An activation gives a trial its plan; without a plan it takes none away.
    const trial = await world.trial(ana, 'plan@trial.test');
    await world.client.mutate(ana, 'activateCustomer', { customerId: trial.id, periods: 1, planId: year?.id });
    expect(await planOf(ana, trial.id)).toBe('Anual');

    await setPlans(ana, [{ ...YEAR, id: year?.id ?? '' }]);
    // The plan is gone, and a replay of the first call still succeeds.
    expect(await world.client.mutate(ana, 'activateCustomer', activation)).toMatchObject({ replayed: true });
    await world.client.mutate(ana, 'updateCustomer', { customerId: id, planId: null });
    expect(await planOf(ana, id)).toBeNull();
    await setPlans(ana, []);
    expect(await planOf(ana, trial.id)).toBeNull();

    const [own] = (await setPlans(bruno, [MONTH])).plans ?? [];
    const swept = customerOf(await world.client.mutate(bruno, 'activateCustomer', { name: 'Swept', periods: 1, planId: own?.id }));
    await world.client.mutate(ana, 'closeReseller', { resellerId: bruno.id });
    expect(await planOf(ana, swept.id)).toBeNull();
  });
});
