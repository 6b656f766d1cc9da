import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { accountOf, order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';
import { HEALTHY, healthOf, LedgerReader, SOUND } from './ledger-reader.ts';

/**
 * A tenant where parents sell, refunds are paid and credits may be reclaimed: everything that could be used against
 * each other.
 */
let world: CustomersWorld;
let ledger: LedgerReader;
let root: Member;
let panels = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  ledger = new LedgerReader(world.sql);
  root = world.demo.root;
  const policy = { refundPolicy: 'UNUSED_PERIODS', purchaseSource: 'PARENT', reclaimAllowed: true } as const;
  expect((await world.client.mutate(root, 'setTenantPolicy', policy)).code).toBeUndefined();
  await setPrices(world.client, root.token, PRICES);
});

afterAll(() => world[Symbol.asyncDispose]());

function plant(parent: Member, credits: number): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, parent, `flight${panels}@demo.test`, credits);
}

function key(): string {
  return world.key();
}

async function held(): Promise<number> {
  const [row] = await ledger.sql<{ held: number }[]>`
    SELECT sum(balance + consumed + withdrawn)::bigint AS held FROM account WHERE tenant_id = (SELECT id FROM tenant WHERE name = 'root')`;
  return row?.held ?? 0;
}

async function expectSound(): Promise<void> {
  expect(await ledger.sums()).toEqual(SOUND);
  expect(await healthOf(world.client, root.token)).toEqual(HEALTHY);
}

/** The result of each call: a payload, a refusal's code, or the code that ended the session. No masked errors. */
async function settled(calls: readonly Promise<{ code?: string; __typename?: string }>[]): Promise<string[]> {
  const results = await Promise.allSettled(calls);
  const outcomes = results.map((result) =>
    result.status === 'fulfilled'
      ? (result.value.code ?? result.value.__typename ?? '')
      : (/"code":"(\w+)"/.exec(String(result.reason))?.[1] ?? String(result.reason)),
  );
  expect(outcomes.filter((outcome) => !/^([A-Z_]+|\w+Payload)$/.test(outcome) || outcome === 'INTERNAL_SERVER_ERROR')).toEqual([]);
  return outcomes;
}

describe('orders', () => {
  test('of a buyer that moves away stay with the seller, and never belong to the new parent or others (R27)', async () => {
    const { client } = world;
    const [seller, rival] = [await plant(root, 50), await plant(root, 50)];
    await setPrices(client, seller.token, PRICES);
    const buyer = await plant(seller, 10);
    const paid = await order(client, buyer.token, { quantity: 20, idempotencyKey: key() });
    expect(await client.mutate(seller, 'confirmPurchase', { purchaseId: paid.id })).toMatchObject({ account: { balance: 30 } });
    const open = await order(client, buyer.token, { quantity: 20, idempotencyKey: key() });
    for (const who of [rival, root, buyer, world.demo.other]) {
      for (const name of ['confirmPurchase', 'chargeBackPurchase'] as const) {
        const input = { purchaseId: paid.id, ...(name === 'chargeBackPurchase' ? { reason: 'mine' } : {}) };
        expect(await client.mutate(who, name, input), name).toMatchObject({ code: 'NOT_FOUND' });
      }
    }
    expect((await client.mutate(root, 'moveReseller', { resellerId: buyer.id, newParentId: rival.id })).code).toBeUndefined();
    const given = await accountOf(client, buyer);
    expect(await client.mutate(rival, 'chargeBackPurchase', { purchaseId: paid.id, reason: 'mine' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    // The sale belongs to its seller wherever the buyer is, and the answer shows nothing of an invisible buyer (R18).
    expect(await client.mutate(seller, 'chargeBackPurchase', { purchaseId: paid.id, reason: 'gone' })).toMatchObject({
      account: null,
      purchase: { status: 'CHARGED_BACK', buyer: null },
      transfer: { amount: 20 },
    });
    const before = await accountOf(client, buyer);
    expect(before.balance).toBe(given.balance - 20);
    for (const who of [seller, rival]) {
      expect((await client.mutate(who, 'confirmPurchase', { purchaseId: open.id })).code).toMatch(/NOT_FOUND|INVALID_STATE/);
    }
    expect(await accountOf(client, buyer)).toEqual(before);
    await expectSound();
  });

  test('confirmed, charged back, canceled, spent and moved at once, each twice, are settled once and lose nothing', async () => {
    const { client } = world;
    for (let round = 0; round < 4; round += 1) {
      const seller = await plant(root, 60);
      await setPrices(client, seller.token, PRICES);
      const buyer = await plant(seller, 10);
      const below = await plant(buyer, 10);
      const purchases = await Promise.all([1, 2].map(() => order(client, buyer.token, { quantity: 20, idempotencyKey: key() })));
      const total = await held();
      const calls = purchases.flatMap(({ id: purchaseId }) => [
        client.mutate(seller, 'confirmPurchase', { purchaseId }),
        client.mutate(seller, 'confirmPurchase', { purchaseId, reference: 'twice' }),
        client.mutate(seller, 'chargeBackPurchase', { purchaseId, reason: 'r' }),
        client.mutate(seller, 'chargeBackPurchase', { purchaseId, reason: 'again' }),
        client.mutate(buyer, 'cancelPurchase', { purchaseId }),
        client.mutate(buyer, 'transferCredits', { toResellerId: below.id, amount: 7, idempotencyKey: key() }),
        client.mutate(seller, 'reclaimCredits', { fromResellerId: buyer.id, amount: 5, reason: 'r', idempotencyKey: key() }),
        client.mutate(seller, 'transferCredits', { toResellerId: buyer.id, amount: 3, idempotencyKey: key() }),
        world.client.mutate(buyer, 'activateCustomer', { name: 'n', periods: 2, screens: 1 }),
        client.mutate(root, 'moveReseller', { resellerId: buyer.id, newParentId: round % 2 === 0 ? root.id : seller.id }),
      ]);
      await settled(calls);
      // Between panels and customers credits only move; charged-back credits left the tenant, and count as withdrawn.
      expect(await held()).toBe(total);
      await expectSound();
    }
  });
});

describe('a debt', () => {
  test('cannot be escaped by spends, refunds, transfers, trials, panels, reclaims, moves or closes; only credits repay it', async () => {
    const { client } = world;
    const seller = await plant(root, 60);
    await setPrices(client, seller.token, PRICES);
    const buyer = await plant(seller, 10);
    const below = await plant(buyer, 10);
    const { id: purchaseId } = await order(client, buyer.token, { quantity: 30, idempotencyKey: key() });
    await client.mutate(seller, 'confirmPurchase', { purchaseId });
    const customer = await world.activated(buyer, 12, 2);
    expect(await client.mutate(seller, 'chargeBackPurchase', { purchaseId, reason: 'stolen card' })).toMatchObject({
      account: { balance: 0, debt: 24, locked: true },
    });
    await client.mutate(seller, 'transferCredits', { toResellerId: buyer.id, amount: 4, idempotencyKey: key() });
    expect(await accountOf(client, buyer)).toMatchObject({ balance: 0, debt: 20, status: 'SUSPENDED' });
    const outcomes = await settled([
      world.client.mutate(buyer, 'cancelCustomer', { customerId: customer.id }),
      world.client.mutate(buyer, 'renewCustomer', { customerId: customer.id, periods: 1 }),
      world.client.mutate(buyer, 'startTrial', { name: 'n', contact: 'debtor' }),
      client.mutate(buyer, 'transferCredits', { toResellerId: below.id, amount: 1, idempotencyKey: key() }),
      client.mutate(buyer, 'reclaimCredits', { fromResellerId: below.id, amount: 10, reason: 'r', idempotencyKey: key() }),
      client.mutate(buyer, 'closeReseller', { resellerId: below.id, idempotencyKey: key() }),
      client.mutate(buyer, 'moveReseller', { resellerId: below.id, newParentId: buyer.id }),
      world.client.mutate(below, 'activateCustomer', { name: 'n', periods: 1, screens: 1 }),
    ]);
    expect(new Set(outcomes)).toEqual(new Set(['PANEL_SUSPENDED']));
    expect(await client.mutate(seller, 'resumeReseller', { resellerId: buyer.id })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await client.mutate(seller, 'suspendReseller', { resellerId: buyer.id, reason: 'by hand' })).toMatchObject({
      __typename: 'SuspendResellerPayload',
    });
    expect((await client.mutate(seller, 'resumeReseller', { resellerId: buyer.id })).__typename).toBe('ResumeResellerPayload');
    expect(await accountOf(client, buyer)).toMatchObject({ debt: 20, status: 'SUSPENDED' });
    // After a move it still owes; and it cannot be closed with its debt.
    await client.mutate(root, 'moveReseller', { resellerId: buyer.id, newParentId: root.id });
    await client.mutate(root, 'moveReseller', { resellerId: below.id, newParentId: root.id });
    expect(await client.mutate(root, 'closeReseller', { resellerId: buyer.id, idempotencyKey: key() })).toMatchObject({
      code: 'INVALID_STATE',
    });
    expect(await accountOf(client, buyer)).toMatchObject({ balance: 0, debt: 20, status: 'SUSPENDED' });
    expect(await client.mutate(root, 'transferCredits', { toResellerId: buyer.id, amount: 21, idempotencyKey: key() })).toMatchObject({
      __typename: 'TransferCreditsPayload',
    });
    expect(await accountOf(client, buyer)).toMatchObject({ balance: 1, debt: 0, status: 'ACTIVE' });
    await expectSound();
  });
});

describe('closing', () => {
  test('with everything in flight leaves nothing in a closed panel, and gives nothing twice', async () => {
    const { client } = world;
    for (let round = 0; round < 5; round += 1) {
      const parent = await plant(root, 60);
      await setPrices(client, parent.token, PRICES);
      const panel = await plant(parent, 30);
      const customer = await world.activated(panel, 3, 2);
      const { id: purchaseId } = await order(client, panel.token, { quantity: 10, idempotencyKey: key() });
      const total = await held();
      const outcomes = await settled([
        client.mutate(parent, 'closeReseller', { resellerId: panel.id, idempotencyKey: key() }),
        client.mutate(root, 'closeReseller', { resellerId: panel.id, idempotencyKey: key() }),
        client.mutate(parent, 'transferCredits', { toResellerId: panel.id, amount: 5, idempotencyKey: key() }),
        client.mutate(parent, 'reclaimCredits', { fromResellerId: panel.id, amount: 5, reason: 'r', idempotencyKey: key() }),
        client.mutate(parent, 'confirmPurchase', { purchaseId }),
        world.client.mutate(panel, 'cancelCustomer', { customerId: customer.id }),
        world.client.mutate(parent, 'cancelCustomer', { customerId: customer.id }),
        world.client.mutate(panel, 'renewCustomer', { customerId: customer.id, periods: 1 }),
        world.client.mutate(panel, 'activateCustomer', { name: 'late', periods: 1, screens: 1 }),
        world.client.mutate(panel, 'startTrial', { name: 'late', contact: `late ${panels}` }),
        client.mutate(panel, 'createReseller', {
          ...{ name: 'late', email: `late${panels}@demo.test`, password: '1234567890', initialCredits: 10, idempotencyKey: key() },
        }),
        client.mutate(root, 'moveReseller', { resellerId: panel.id, newParentId: root.id }),
      ]);
      expect(await held(), outcomes.join()).toBe(total);
      const sumOf = async (what: string, from: string) =>
        Number((await ledger.sql.unsafe(`SELECT ${what} AS sum FROM ${from} AND r.closed_at IS NOT NULL`))[0]?.sum ?? 0);
      const ofPanel = (alias: string, id: string) => `JOIN reseller r ON r.tenant_id = ${alias}.tenant_id AND r.id = ${id}`;
      const left = {
        credits: await sumOf('sum(a.balance)', `account a ${ofPanel('a', 'a.id')} WHERE true`),
        customers: await sumOf('count(*)', `customer c ${ofPanel('c', 'c.reseller_id')} WHERE true`),
        pending: await sumOf('count(*)', `purchase p ${ofPanel('p', 'p.buyer_id')} WHERE p.status = 'PENDING'`),
        sessions: await sumOf(
          'count(*)',
          `session s JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id ${ofPanel('u', 'u.reseller_id')} WHERE true`,
        ),
        children: await sumOf('count(*)', `reseller c ${ofPanel('c', 'c.parent_id')} WHERE c.closed_at IS NULL`),
      };
      expect(left, outcomes.join()).toEqual({ credits: 0, customers: 0, pending: 0, sessions: 0, children: 0 });
      await expectSound();
    }
  });
});

test('a batch of all kinds of commands, with one key twice and one customer ten times, is charged exactly', async () => {
  const { client } = world;
  const panel = await plant(root, 40);
  const child = await plant(panel, 10);
  const customer = await world.activated(panel, 1, 1);
  const renewals = Array.from({ length: 10 }, () => ({ customerId: customer.id, periods: 1, idempotencyKey: key() }));
  const transfers = Array.from({ length: 10 }, () => ({ toResellerId: child.id, amount: 1, idempotencyKey: key() }));
  const batches = await Promise.all([
    ...[1, 2, 3].map(() => world.client.mutate(panel, 'renewCustomers', { mode: 'ATOMIC', renewals })),
    ...[1, 2, 3].map(() =>
      client.data<{ done: { __typename: string } }>(
        panel.token,
        'mutation ($input: TransferCreditsBatchInput!) { done: transferCreditsBatch(input: $input) { __typename } }',
        { input: { mode: 'BEST_EFFORT', transfers } },
      ),
    ),
  ]);
  expect(batches).toHaveLength(6);
  // 30 were left after the child's first credits, one was spent on the customer, and each list counts once.
  expect(await world.balance(panel)).toBe(9);
  const [first] = renewals;
  if (!first) throw new Error('nothing was renewed');
  const twice = { mode: 'BEST_EFFORT', renewals: [first, first] } as const;
  expect(await world.client.mutate(panel, 'renewCustomers', twice)).toMatchObject({ code: 'INVALID_INPUT' });
  // Sent alone it is the same command (R31); with another field it is a different one.
  expect(await world.client.mutate(panel, 'renewCustomer', first)).toMatchObject({ replayed: true });
  expect(await world.client.mutate(panel, 'renewCustomer', { ...first, periods: 2 })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  expect(await world.balance(panel)).toBe(9);
  await expectSound();
});
