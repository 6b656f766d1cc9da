import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, PASSWORD } from '../support/clients/api.ts';
import { CustomersWorld, customerOf } from '../support/clients/customers-api.ts';
import { type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';

const LIMITS = 'limits { mayCreateResellers maxResellers maxCustomers maxTrialsPerDay maxScreensPerCustomer }';
const REFUSED = '... on Error { code } ... on InvalidInputError { fields { path } }';
const NUMBERS = '... on Error { code } ... on LimitReachedError { limit allowed used }';

let world: CustomersWorld;
let client: Client;
let tenants = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  ({ client } = world);
});

afterAll(() => world[Symbol.asyncDispose]());

/** A root, a child, a grandchild and a great-grandchild, each with credits. */
async function line(): Promise<readonly [Member, Member, Member, Member]> {
  tenants += 1;
  const root = await plantTenant(client, world.demo.platform, `root${tenants}@limits.test`, 5_000);
  const top = await plantPanel(client, root, `top${tenants}@limits.test`, 2_000);
  const middle = await plantPanel(client, top, `middle${tenants}@limits.test`, 1_000);
  const leaf = await plantPanel(client, middle, `leaf${tenants}@limits.test`, 500);
  return [root, top, middle, leaf];
}

interface Answer {
  readonly code?: string;
  readonly limit?: string;
  readonly allowed?: number;
  readonly used?: number;
  readonly fields?: readonly { readonly path: string }[];
  readonly reseller?: { readonly limits: object | null };
}

async function limit({ token }: Member, { id }: Member, limits: object): Promise<Answer> {
  const { answer } = await client.data<{ answer: Answer }>(
    token,
    `mutation ($input: SetResellerLimitsInput!) { answer: setResellerLimits(input: $input) { ${REFUSED}
      ... on SetResellerLimitsPayload { reseller { ${LIMITS} } } } }`,
    { input: { resellerId: id, ...limits } },
  );
  return answer;
}

async function mutate({ token }: Member, mutation: string, input: object): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const { answer } = await client.data<{ answer: Answer }>(
    token,
    `mutation ($input: ${type}) { answer: ${mutation}(input: $input) { ${NUMBERS} } }`,
    { input },
  );
  return answer;
}

const activate = (member: Member, key: string, screens = 1) =>
  mutate(member, 'activateCustomer', { name: key, periods: 1, screens, idempotencyKey: key });

const create = (member: Member, email: string) =>
  mutate(member, 'createReseller', { name: 'n', email, password: PASSWORD, initialCredits: 10, idempotencyKey: email });

const move = (by: Member, panel: Member, to: Member, dryRun = false) =>
  mutate(by, 'moveReseller', { resellerId: panel.id, newParentId: to.id, dryRun });

describe('limits of a child (R56)', () => {
  test('are set by its parent as a whole, seen only by both, and recorded in the child’s audit log', async () => {
    const [root, top, middle] = await line();
    const limits = {
      mayCreateResellers: false,
      maxResellers: 3,
      maxCustomers: 0,
      maxTrialsPerDay: 2_147_483_647,
      maxScreensPerCustomer: 2,
    };
    expect(await limit(root, top, limits)).toEqual({ reseller: { limits } });
    const own = await client.query(top, `{ viewer { reseller { ${LIMITS} } } }`);
    expect(own).toEqual({ viewer: { reseller: { limits } } });
    // A limit that is not given is removed.
    const one = {
      ...limits,
      mayCreateResellers: true,
      maxResellers: null,
      maxCustomers: 7,
      maxTrialsPerDay: null,
      maxScreensPerCustomer: null,
    };
    expect(await limit(root, top, { maxCustomers: 7 })).toEqual({ reseller: { limits: one } });
    expect(await limit(root, top, {})).toEqual({ reseller: { limits: null } });
    expect(await limit(root, top, {})).toEqual({ reseller: { limits: null } });
    const seen = await client.ask(middle.token, `{ reseller(id: "${top.id}") { ${LIMITS} } }`);
    expect(seen.data ?? null).toEqual({ reseller: null });
    const { auditLog } = await client.query(top, '{ auditLog(first: 9) { edges { node { action changes { field before after } } } } }');
    const told = auditLog.edges.map(({ node }) => node).filter(({ action }) => action === 'RESELLER_LIMITS_SET');
    expect(told).toHaveLength(3);
    expect(told[0]?.changes).toEqual([{ field: 'maxCustomers', before: '7', after: null }]);
  });

  test('are reported by a quote as by the operation; for panels above without the current count', async () => {
    const [root, top, middle] = await line();
    const { id: customerId } = await world.activated(middle, 1);
    const gone = await world.activated(middle, 1);
    await world.endsIn(gone, -1_000);
    const quoted = async (input: object) =>
      (await client.query(middle, `query ($input: QuoteInput!) { quote(input: $input) { __typename ${NUMBERS} } }`, { input })).quote;
    const all = async () => [
      [await quoted({ activate: { periods: 1, screens: 3 } }), await activate(middle, 'wide', 3)],
      [await quoted({ activate: { periods: 1 } }), await activate(middle, 'one')],
      [
        await quoted({ renew: { customerId: gone.id, periods: 1 } }),
        await mutate(middle, 'renewCustomer', { customerId: gone.id, periods: 1, idempotencyKey: 'r' }),
      ],
      [
        await quoted({ addScreens: { customerId, screens: 2 } }),
        await mutate(middle, 'addScreens', { customerId, screens: 2, idempotencyKey: 's' }),
      ],
      [await quoted({ createReseller: { amount: 10 } }), await create(middle, `quoted${customerId}@limits.test`)],
    ];
    await limit(root, top, { maxCustomers: 1, maxResellers: 2 });
    await limit(top, middle, { maxScreensPerCustomer: 2, maxCustomers: 1 });
    const said = await all();
    expect(said.map(([quote]) => quote)).toMatchObject([
      { __typename: 'LimitReachedError', code: 'LIMIT_REACHED', limit: 'maxScreensPerCustomer', allowed: 2, used: 3 },
      { limit: 'maxCustomers', allowed: 1, used: 1 },
      { limit: 'maxCustomers', allowed: 1, used: 1 },
      { limit: 'maxScreensPerCustomer', allowed: 2, used: 3 },
      { limit: 'maxResellers', allowed: 2, used: 2 },
    ]);
    for (const [quote, done] of said) expect(quote).toMatchObject({ ...done });
    // An operation that adds nothing to a limit is quoted, and so are the others once nothing is limited.
    expect(await quoted({ renew: { customerId, periods: 1 } })).toEqual({ __typename: 'Quote' });
    expect(await quoted({ transfer: { amount: 1 } })).toEqual({ __typename: 'Quote' });
    await limit(top, middle, { mayCreateResellers: false });
    expect(await quoted({ createReseller: { amount: 10 } })).toMatchObject({ limit: 'mayCreateResellers', allowed: 0, used: 0 });
    await limit(root, top, {});
    await limit(top, middle, {});
    for (const [quote, done] of await all()) expect([quote, done]).toEqual([{ __typename: 'Quote' }, {}]);
  });

  test('that are invalid, or not of an open direct child, are refused by name', async () => {
    const [root, top, middle, leaf] = await line();
    for (const [field, value] of [
      ...['maxResellers', 'maxCustomers', 'maxTrialsPerDay'].map((name) => [name, -1]),
      ['maxScreensPerCustomer', 0],
    ] as const) {
      expect(await limit(root, top, { [field as string]: value })).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: `input.${field}` }],
      });
    }
    const over = await client.ask(
      root.token,
      `mutation { setResellerLimits(input: { resellerId: "${top.id}", maxCustomers: 2147483648 }) { __typename } }`,
    );
    expect(over.errors[0]?.extensions.code).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    expect(await limit(root, middle, { maxCustomers: 1 })).toEqual({ code: 'NOT_DIRECT_CHILD' });
    expect(await limit(root, root, { maxCustomers: 1 })).toEqual({ code: 'NOT_DIRECT_CHILD' });
    for (const stranger of [middle, world.demo.other])
      expect(await limit(stranger, top, { maxCustomers: 1 })).toEqual({ code: 'NOT_FOUND' });
    await client.mutate(middle, 'closeReseller', { resellerId: leaf.id, idempotencyKey: 'close' });
    expect(await limit(middle, leaf, { maxCustomers: 1 })).toEqual({ code: 'INVALID_STATE' });
  });

  test('bound the branch by the lowest on the path; one above what a panel may see shows only its number', async () => {
    const [root, top, middle, leaf] = await line();
    for (const key of ['1', '2', '3']) await activate(leaf, key);
    await limit(root, top, { maxCustomers: 2, maxScreensPerCustomer: 4 });
    await limit(top, middle, { maxCustomers: 30, maxScreensPerCustomer: 3 });
    // A limit below the current count removes nothing, and only refuses more.
    expect(await activate(leaf, '4')).toEqual({ code: 'LIMIT_REACHED', limit: 'maxCustomers', allowed: 2, used: 2 });
    expect(await activate(top, '4')).toEqual({ code: 'LIMIT_REACHED', limit: 'maxCustomers', allowed: 2, used: 3 });
    await limit(root, top, { maxCustomers: 9, maxScreensPerCustomer: 4 });
    expect(await activate(leaf, '4', 4)).toEqual({ code: 'LIMIT_REACHED', limit: 'maxScreensPerCustomer', allowed: 3, used: 4 });
    expect(await activate(top, '4', 4)).toEqual({});
    const two = customerOf(await world.client.mutate(leaf, 'activateCustomer', { name: 'two', periods: 2, screens: 3 }));
    await limit(top, middle, { maxScreensPerCustomer: 2 });
    expect(await mutate(leaf, 'addScreens', { customerId: two.id, screens: 1, idempotencyKey: 's' })).toMatchObject({
      limit: 'maxScreensPerCustomer',
      allowed: 2,
      used: 4,
    });
    expect(await mutate(leaf, 'renewCustomer', { customerId: two.id, periods: 1, idempotencyKey: 'r' })).toEqual({});
    expect(await mutate(leaf, 'setNextScreens', { customerId: two.id, screens: 1 })).toEqual({});
    expect(await mutate(leaf, 'setNextScreens', { customerId: two.id, screens: 3 })).toMatchObject({
      limit: 'maxScreensPerCustomer',
      allowed: 2,
      used: 3,
    });
    expect(await mutate(leaf, 'setNextScreens', { customerId: two.id, screens: 2 })).toEqual({});
    // A panel without permission is refused whatever its counts are.
    await limit(root, top, { mayCreateResellers: false });
    expect(await create(leaf, `deep${tenants}@limits.test`)).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: 'mayCreateResellers',
      allowed: 0,
    });
    await limit(root, top, { maxTrialsPerDay: 1 });
    const start = (contact: string) => mutate(leaf, 'startTrial', { name: 'T', contact, idempotencyKey: contact });
    expect(await start('one@trial.test')).toEqual({});
    expect(await start('two@trial.test')).toEqual({ code: 'LIMIT_REACHED', limit: 'maxTrialsPerDay', allowed: 1, used: 1 });
  });

  test('refuse a move with the resulting count, even a dry run, but no move within them and no closing', async () => {
    const [root, top, middle, leaf] = await line();
    const other = await plantPanel(client, root, `other${tenants}@limits.test`, 500);
    const below = await plantPanel(client, other, `below${tenants}@limits.test`, 100);
    for (const key of ['a', 'b']) await activate(below, key, 3);
    await activate(top, 'c');
    for (const [limits, expected] of [
      [{ mayCreateResellers: false }, { limit: 'mayCreateResellers', allowed: 0, used: 2 }],
      [{ maxResellers: 3 }, { limit: 'maxResellers', allowed: 3, used: 4 }],
      [{ maxCustomers: 2 }, { limit: 'maxCustomers', allowed: 2, used: 3 }],
      [{ maxScreensPerCustomer: 2 }, { limit: 'maxScreensPerCustomer', allowed: 2, used: 3 }],
    ] as const) {
      await limit(root, top, limits);
      for (const dryRun of [true, false]) expect(await move(root, other, middle, dryRun)).toEqual({ code: 'LIMIT_REACHED', ...expected });
      // A move within the limited branch adds nothing.
      expect(await move(root, leaf, top)).toEqual({});
      expect(await move(root, leaf, middle)).toEqual({});
    }
    await limit(root, top, { maxResellers: 4, maxCustomers: 3, maxScreensPerCustomer: 3 });
    expect(await move(root, other, middle, true)).toEqual({});
    expect(await move(root, other, middle)).toEqual({});
    await limit(middle, other, { maxCustomers: 0 });
    const closed = await client.mutate(root, 'closeReseller', { resellerId: below.id, idempotencyKey: 'close' });
    expect(closed.code).toBeUndefined();
    expect(await activate(other, 'd')).toEqual({ code: 'LIMIT_REACHED', limit: 'maxCustomers', allowed: 0, used: 2 });
  });
});
