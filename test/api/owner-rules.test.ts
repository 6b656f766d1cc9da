import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, PASSWORD } from '../support/clients/api.ts';
import { CustomersWorld, customerOf } from '../support/clients/customers-api.ts';
import type { Answered, Given } from '../support/clients/mutation.ts';
import { PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';

let world: CustomersWorld;
let client: Client;
let tenants = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  ({ client } = world);
  await setPrices(client, world.demo.platform, PRICES);
});

afterAll(() => world[Symbol.asyncDispose]());

/** Creates a tenant with this policy, and returns its root. */
async function tenant(policy: object, credits = 500): Promise<Member> {
  tenants += 1;
  const root = await plantTenant(client, world.demo.platform, `root${tenants}@rules.test`, credits);
  if (Object.keys(policy).length > 0) expect((await client.mutate(root, 'setTenantPolicy', policy)).code).toBeUndefined();
  return root;
}

function create(
  { token }: Member,
  email: string,
  initialCredits: number,
  more: Partial<Given<'createReseller'>> = {},
): Promise<Answered<'createReseller'>> {
  return client.mutate(token, 'createReseller', { name: 'n', email, password: PASSWORD, initialCredits, idempotencyKey: email, ...more });
}

async function quoted({ token }: Member, input: string): Promise<object> {
  const { quote } = await client.query(
    token,
    `{ quote(input: ${input}) { __typename ... on Error { code } ... on BelowMinimumError { minimum } ... on Quote { balanceAfter affordable wouldUseReserve willLock totalMinor } } }`,
  );
  return quote;
}

describe('minimums (R13, R26)', () => {
  test("a new panel begins with the tenant's minimum or more, and a quote knows it", async () => {
    const root = await tenant({ minimumInitialCredits: 3 });
    expect(await create(root, 'two@rules.test', 2)).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 3 });
    expect(await create(root, 'none@rules.test', 0)).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 3 });
    expect(await quoted(root, '{ createReseller: { amount: 2 } }')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 3 });
    expect(await create(root, 'three@rules.test', 3)).toMatchObject({ reseller: { name: 'n' } });
    await client.mutate(root, 'setTenantPolicy', { minimumInitialCredits: 20 });
    expect(await create(root, 'ten@rules.test', 10)).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 20 });
    // A panel created under another minimum stays as it is.
    expect(await create(root, 'three@rules.test', 3)).toMatchObject({ reseller: { name: 'n' } });
  });

  test("a purchase is at least the tenant's minimum and the smallest quantity in the platform’s list", async () => {
    const root = await tenant({ minimumPurchase: 25 });
    const buy = (quantity: number) => client.mutate(root, 'buyCredits', { quantity, idempotencyKey: `buy ${quantity}` });
    expect(await buy(24)).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 25 });
    expect(await quoted(root, '{ buy: { quantity: 24 } }')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 25 });
    expect(await buy(25)).toMatchObject({ purchase: { quantity: 25 } });
    await client.mutate(root, 'setTenantPolicy', { minimumPurchase: 2 });
    expect(await buy(9)).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 10 });
    expect(await buy(10)).toMatchObject({ purchase: { quantity: 10 } });
  });

  test('a panel’s list starts at the tenant’s minimum, and an older list sells from its own start', async () => {
    const root = await tenant({ minimumPurchase: 2, purchaseSource: 'PARENT' });
    const child = await plantPanel(client, root, 'child@rules.test', 10);
    const set = (quantity: number) =>
      client.data<{ set: { code?: string; fields?: { path: string }[] } }>(
        root.token,
        `mutation { set: setCreditPackages(input: { currency: "BRL", packages: [{ quantity: ${quantity}, unitPriceMinor: 100 }] }) {
          ... on Error { code } ... on InvalidInputError { fields { path } } } }`,
      );
    expect((await set(10)).set).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.packages.0.quantity' }] });
    expect((await set(2)).set).toEqual({});
    const buy = (quantity: number, key: string) => client.mutate(child, 'buyCredits', { quantity, idempotencyKey: key });
    expect(await buy(1, 'one')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 2 });
    expect(await buy(2, 'two')).toMatchObject({ purchase: { quantity: 2, totalMinor: 200 } });
    await client.mutate(root, 'setTenantPolicy', { minimumPurchase: 1 });
    expect(await buy(1, 'one')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 2 });
    await client.mutate(root, 'setTenantPolicy', { minimumPurchase: 5 });
    expect(await buy(4, 'four')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 5 });
    expect(await buy(2, 'two')).toMatchObject({ replayed: true, purchase: { quantity: 2 } });
  });
});

test('a contact that was activated gets a trial where the owner allows it, and still only one (R24)', async () => {
  const root = await tenant({});
  const start = () => world.client.mutate(root, 'startTrial', { name: 'Back', contact: '+5511999990001' });
  await world.client.mutate(root, 'activateCustomer', { name: 'Known', contact: '+5511999990001', periods: 1 });
  expect(await start()).toMatchObject({ code: 'TRIAL_ALREADY_USED' });
  await client.mutate(root, 'setTenantPolicy', { trialsForNewContactsOnly: false });
  expect(await start()).toMatchObject({ customer: { status: 'TRIAL' } });
  expect(await start()).toMatchObject({ code: 'TRIAL_ALREADY_USED' });
});

describe('the lock that only stops spending (R57)', () => {
  const READS = `{ viewer { policy { lockMode } reseller { account { locked } children(first: 5) { totalCount } customers(first: 5) { totalCount }
    branch { resellers } report(from: "2030-01-01T00:00:00Z", to: "2030-01-03T00:00:00Z") { timeZone } } } auditLog(first: 1) { edges { cursor } } }`;

  test('a locked panel reads everything, spends and changes nothing, and FULL closes it again', async () => {
    const root = await tenant({ lockMode: 'SPENDING' });
    const member = await plantPanel(client, root, 'reads@rules.test', 20);
    const child = await plantPanel(client, member, 'below@rules.test', 10);
    const customer = await world.activated(member, 10);
    expect(await world.seen(member, customer.id)).toMatchObject({ status: 'ACTIVE' });
    expect((await client.ask(member.token, READS)).errors).toEqual([]);
    const { data } = await client.ask(member.token, READS);
    expect(data).toMatchObject({
      viewer: { policy: { lockMode: 'SPENDING' }, reseller: { account: { locked: true }, customers: { totalCount: 1 } } },
    });
    const address = `${client.origin}/export`;
    const headers = { authorization: `Bearer ${member.token}` };
    for (const name of ['statement.csv', 'customers.csv']) expect((await fetch(`${address}/${name}`, { headers })).status).toBe(200);
    const refused = await Promise.all([
      world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 }),
      world.client.mutate(member, 'startTrial', { name: 'Try', contact: 'nobody' }),
      world.client.mutate(member, 'cancelCustomer', { customerId: customer.id }),
      world.client.mutate(member, 'updateCustomer', { customerId: customer.id, name: 'x' }),
      client.mutate(member, 'updateReseller', { resellerId: member.id, name: 'x' }),
      client.mutate(member, 'suspendReseller', { resellerId: child.id, reason: 'r' }),
      client.mutate(member, 'transferCredits', { toResellerId: child.id, amount: 1, idempotencyKey: 'k' }),
    ]);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['PANEL_LOCKED']));
    await client.mutate(root, 'setTenantPolicy', { lockMode: 'FULL' });
    const { errors } = await client.ask(member.token, READS);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['PANEL_LOCKED']));
    for (const name of ['statement.csv', 'customers.csv']) expect((await fetch(`${address}/${name}`, { headers })).status).toBe(403);
  });

  test('subscriptions to its branch continue when a panel locks, and end when its owner chooses FULL again', async () => {
    const root = await tenant({ lockMode: 'SPENDING' });
    const member = await plantPanel(client, root, 'watches@rules.test', 20);
    const watcher = await client.data<{ key: { secret: string } }>(
      member.token,
      `mutation { key: createApiKey(input: { name: "k", scope: READ }) { ... on CreateApiKeyPayload { secret } } }`,
    );
    await world.activated(member, 20);
    const sockets = [member.token, watcher.key.secret].map((token) => client.socket(token));
    try {
      const query = `subscription { branchChanged(resellerId: "${member.id}") { account { reseller { id } } } }`;
      const streams = sockets.map((socket) => socket.iterate({ query }));
      const first = streams.map((stream) => stream.next());
      let heard = 0;
      for (const one of first) void one.then(() => (heard += 1));
      for (let turn = 0; heard < first.length; turn += 1)
        await client.transfer(root.token, member.id, 1, `${turn}`).then(() => lockAgain(member, turn));
      expect((await Promise.all(first)).map(({ value }) => value?.errors)).toEqual([undefined, undefined]);
      await client.mutate(root, 'setTenantPolicy', { lockMode: 'FULL' });
      expect(await Promise.all(streams.map(codeAtEnd))).toEqual(['PANEL_LOCKED', 'PANEL_LOCKED']);
    } finally {
      for (const socket of sockets) await socket.dispose();
    }
  });

  /** Spends its last credit. */
  function lockAgain(member: Member, turn: number): Promise<unknown> {
    return world.client.mutate(member, 'activateCustomer', { name: `n${turn}`, periods: 1 });
  }

  /** The code with which a subscription ends, after the events that were already on their way. */
  async function codeAtEnd(
    stream: AsyncIterableIterator<{ readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[] }>,
  ) {
    try {
      for await (const { errors } of stream) if (errors) return errors[0]?.extensions?.code;
    } catch (error) {
      return JSON.stringify(error).includes('PANEL_LOCKED') ? 'PANEL_LOCKED' : error;
    }
    return 'completed';
  }
});

describe('the reserve (R57)', () => {
  const KEPT = { reserveThreshold: 5, keepReserve: true };

  test('a spend that would leave less than the reserve is refused with the numbers, unless the input allows it', async () => {
    const root = await tenant({ minimumInitialCredits: 1 });
    const member = await plantPanel(client, root, 'keeps@rules.test', 20);
    const child = await plantPanel(client, member, 'kept@rules.test', 5);
    expect((await client.mutate(member, 'updateReseller', { resellerId: member.id, ...KEPT })).code).toBeUndefined();
    const customer = await world.activated(member, 10);
    const kept = { code: 'WOULD_USE_RESERVE', reserve: 5, balanceAfter: 4 };
    expect(await world.client.mutate(member, 'activateCustomer', { name: 'n', periods: 1 })).toMatchObject(kept);
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 })).toMatchObject(kept);
    expect(await client.mutate(member, 'transferCredits', { toResellerId: child.id, amount: 1, idempotencyKey: 't' })).toMatchObject(kept);
    expect(await create(member, 'grand@rules.test', 1)).toMatchObject(kept);
    const batch = [{ customerId: customer.id, periods: 1, idempotencyKey: 'b' }];
    expect(await world.client.mutate(member, 'renewCustomers', { renewals: batch })).toMatchObject({
      code: 'BATCH_REFUSED',
      cause: { code: 'WOULD_USE_RESERVE' },
    });
    // A cost above the balance is refused as before.
    expect(await world.client.mutate(member, 'activateCustomer', { name: 'n', periods: 6 })).toMatchObject({
      code: 'INSUFFICIENT_CREDITS',
    });
    expect(await world.balance(member)).toBe(5);
    const used = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1, useReserve: true });
    expect(used).toMatchObject({ account: { balance: 4 } });
    expect(await create(member, 'grand@rules.test', 1, { useReserve: true })).toMatchObject({ reseller: { name: 'n' } });
    expect(
      await client.mutate(member, 'transferCredits', { toResellerId: child.id, amount: 3, useReserve: true, idempotencyKey: 't' }),
    ).toMatchObject({ from: { balance: 0 } });
    expect(customerOf(used).creditsSpent).toBe(11);
  });

  test('a quote announces it, and the last credit may still be spent', async () => {
    const root = await tenant({});
    await client.mutate(root, 'updateReseller', { resellerId: root.id, reserveThreshold: 5, keepReserve: true });
    await world.client.mutate(root, 'activateCustomer', { name: 'n', periods: 1, screens: 490 });
    expect(await quoted(root, '{ activate: { periods: 5 } }')).toMatchObject({ balanceAfter: 5, affordable: true, wouldUseReserve: false });
    expect(await quoted(root, '{ activate: { periods: 6 } }')).toMatchObject({ balanceAfter: 4, affordable: true, wouldUseReserve: true });
    expect(await quoted(root, '{ transfer: { amount: 10 } }')).toMatchObject({ willLock: true, wouldUseReserve: true });
    expect(await quoted(root, '{ activate: { periods: 11 } }')).toMatchObject({ affordable: false, wouldUseReserve: false });
  });

  test('is set by the panel or one above, shown on the account, and recorded in the audit log', async () => {
    const root = await tenant({});
    const member = await plantPanel(client, root, 'audited@rules.test', 10);
    await client.mutate(root, 'updateReseller', { resellerId: member.id, keepReserve: true });
    await client.mutate(root, 'updateReseller', { resellerId: member.id, keepReserve: true });
    const { viewer, auditLog } = await client.query(
      member,
      '{ viewer { reseller { account { keepReserve reserveThreshold } } } auditLog(first: 9) { edges { node { action changes { field before after } } } } }',
    );
    expect(viewer).toEqual({ reseller: { account: { keepReserve: true, reserveThreshold: 1 } } });
    expect(auditLog.edges.filter(({ node }) => 'action' in node && node.action === 'RESELLER_UPDATED')).toEqual([
      { node: { action: 'RESELLER_UPDATED', changes: [{ field: 'keepReserve', before: 'false', after: 'true' }] } },
    ]);
    expect(await client.mutate(member, 'updateReseller', { resellerId: member.id })).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('one key belongs to one input: the same input with and without useReserve are two (R31)', async () => {
    const root = await tenant({});
    const first = await world.client.mutate(root, 'activateCustomer', { name: 'n', periods: 1, idempotencyKey: 'k' });
    expect(
      await world.client.mutate(root, 'activateCustomer', { name: 'n', periods: 1, useReserve: false, idempotencyKey: 'k' }),
    ).toMatchObject({
      replayed: true,
      transfer: first.transfer,
    });
    expect(
      await world.client.mutate(root, 'activateCustomer', { name: 'n', periods: 1, useReserve: true, idempotencyKey: 'k' }),
    ).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });
});
