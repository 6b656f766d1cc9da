import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CustomerSeen, CustomersWorld, PERIOD_MS } from '../support/clients/customers-api.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

interface Renewal {
  readonly customerId: string;
  readonly periods: number;
  readonly idempotencyKey: string;
}

function renewal({ id }: Pick<CustomerSeen, 'id'>, periods = 1, idempotencyKey = world.key()): Renewal {
  return { customerId: id, periods, idempotencyKey };
}

async function served(email: string, credits: number, customers: number): Promise<{ member: Member; customers: CustomerSeen[] }> {
  const member = await plantPanel(world.client, world.demo.root, email, credits);
  const made: CustomerSeen[] = [];
  for (let index = 0; index < customers; index += 1) made.push(await world.activated(member, 1, index + 1, `c${index}`));
  return { member, customers: made };
}

const renew = (member: Member, renewals: readonly Renewal[], mode?: 'ATOMIC' | 'BEST_EFFORT') =>
  world.client.mutate(member, 'renewCustomers', { renewals, ...(mode === undefined ? {} : { mode }) });

describe('renewCustomers', () => {
  test('renews all, each at its own price, in one commit and in the order of the input', async () => {
    const { member, customers } = await served('all@batch.test', 30, 3);
    const done = await renew(
      member,
      [...customers].reverse().map((customer) => renewal(customer, 2)),
    );
    expect(done.account).toMatchObject({ balance: 30 - 6 - 12, locked: false });
    expect(done.results?.map(({ transfer }) => transfer?.amount)).toEqual([6, 4, 2]);
    expect(done.results?.map(({ customer }) => customer?.name)).toEqual(['c2', 'c1', 'c0']);
    for (const [index, { customer }] of (done.results ?? []).entries()) {
      expect(Date.parse(customer?.expiresAt ?? '')).toBe(Date.parse(customers[2 - index]?.expiresAt ?? '') + 2 * PERIOD_MS);
    }
    const [xids] = await world.sql<{ count: number }[]>`
      SELECT count(DISTINCT t.xmin::text)::int AS count FROM transfer t JOIN app_user u ON u.tenant_id = t.tenant_id AND u.id = t.actor_id
      WHERE u.email = ${member.email} AND t.kind = 'RENEWAL'`;
    expect(xids?.count).toBe(1);
  });

  test('accepts 250 items, even for one customer, and refuses 251', async () => {
    const { member, customers } = await served('many@batch.test', 300, 10);
    const all = Array.from({ length: 250 }, (_, index) => customers[index % 10]).flatMap((one) => (one ? [renewal(one)] : []));
    const over = await renew(member, [...all, ...all.slice(0, 1)], 'BEST_EFFORT');
    expect(over).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'input.renewals' }] });
    // 245 credits are left: enough for the cheap ones only.
    const done = await renew(member, all, 'BEST_EFFORT');
    expect(done.results).toHaveLength(250);
    expect(done.account?.balance).toBe(0);
    const spent = (done.results ?? []).reduce((sum, { transfer }) => sum + (transfer?.amount ?? 0), 0);
    expect(spent).toBe(245);
  });

  test('ATOMIC writes nothing when credits run out in the middle, and names the first refused item', async () => {
    const { member, customers } = await served('atomic@batch.test', 14, 3);
    const [one, two, three] = customers;
    if (!one || !two || !three) throw new Error('no customers');
    const refused = await renew(member, [renewal(two), renewal(three), renewal(three, 2), renewal(one)]);
    expect(refused).toMatchObject({ __typename: 'BatchRefusedError', index: 2, cause: { code: 'INSUFFICIENT_CREDITS' } });
    expect(refused.message).toBe('Item 2 was refused (INSUFFICIENT_CREDITS), so nothing was written.');
    expect(await world.balance(member)).toBe(8);
    expect(await world.seen(member, two.id)).toEqual(two);
    const unknown = await renew(member, [renewal(one), renewal({ id: 'nothing' })]);
    expect(unknown).toMatchObject({ index: 1, cause: { __typename: 'NotFoundError' } });
    const bad = await renew(member, [renewal(one), renewal(one, 0)]);
    expect(bad).toMatchObject({ index: 1, cause: { __typename: 'InvalidInputError' } });
    const later = await renew(member, [renewal({ id: 'nothing' }), renewal(one), renewal(one, 0)]);
    expect(later).toMatchObject({ index: 2, cause: { __typename: 'InvalidInputError' } });
    expect(await world.balance(member)).toBe(8);
  });

  test('BEST_EFFORT handles each item alone, and items after the last credit are PANEL_LOCKED', async () => {
    const { member, customers } = await served('effort@batch.test', 12, 3);
    const [one, two, three] = customers;
    if (!one || !two || !three) throw new Error('no customers');
    const list = [renewal(one, 37), renewal(three), renewal({ id: 'nothing' }), renewal(three, 2), renewal(one, 3), renewal(two)];
    const done = await renew(member, list, 'BEST_EFFORT');
    expect(done.results?.map(({ __typename, code }) => code ?? __typename)).toEqual([
      'INVALID_INPUT',
      'RenewCustomerPayload',
      'NOT_FOUND',
      'INSUFFICIENT_CREDITS',
      'RenewCustomerPayload',
      'PANEL_LOCKED',
    ]);
    expect(done.results?.[0]?.fields).toEqual([{ path: 'input.renewals.0.periods', message: expect.any(String) }]);
    expect(done.account).toMatchObject({ balance: 0, locked: true });
    const again = await renew(member, list, 'BEST_EFFORT');
    expect(again.results?.map(({ replayed }) => replayed)).toEqual([undefined, true, undefined, undefined, true, undefined]);
    expect(again.account).toEqual(done.account);
  });

  test('a renewal in a batch is the same command as a single one, and shares its keys (R31)', async () => {
    const { member, customers } = await served('shared@batch.test', 10, 1);
    const [one] = customers;
    if (!one) throw new Error('no customer');
    const same = renewal(one);
    const alone = await world.client.mutate(member, 'renewCustomer', same);
    const batch = await renew(member, [same, renewal(one)]);
    expect(batch.results).toMatchObject([{ replayed: true, transfer: { id: alone.transfer?.id } }, { replayed: false }]);
    expect(batch.account?.balance).toBe(7);
  });

  test('refuses an empty list, and a key used twice, by name', async () => {
    const { member, customers } = await served('list@batch.test', 10, 1);
    const [one] = customers;
    if (!one) throw new Error('no customer');
    expect(await renew(member, [])).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.renewals' }] });
    const twice = [renewal(one, 1, 'twice'), renewal(one, 2, 'twice')];
    expect(await renew(member, twice, 'BEST_EFFORT')).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.renewals.1.idempotencyKey' }],
    });
    expect(await renew({ ...member, token: world.demo.platform }, [renewal(one)])).toMatchObject({ code: 'FORBIDDEN' });
  });
});
