import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Api, Client } from '../support/clients/api.ts';
import { openTestSql } from '../support/sql.ts';
import { accountOf, asPlatform, order, PRICES, seen, setPrices } from '../support/worlds/buying.ts';
import { type Demo, type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  sql = openTestSql(api.databaseUrl, { max: 2 });
  expect((await setPrices(client, demo.platform, PRICES)).packages).toHaveLength(3);
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

const buy = (token: string, quantity: number, key: string, more: object = {}) =>
  client.mutate(token, 'buyCredits', { quantity, idempotencyKey: key, ...more });
const cancel = (token: string, purchaseId: string) => client.mutate(token, 'cancelPurchase', { purchaseId });
const confirm = (token: string, purchaseId: string, reference?: string) =>
  client.mutate(token, 'confirmPurchase', { purchaseId, reference });
const chargeBack = (token: string, purchaseId: string) =>
  client.mutate(token, 'chargeBackPurchase', { purchaseId, reason: 'The bank took it back' });

/** Creates a tenant whose panels buy from their parents. */
async function tenantOfParents(name: string, credits: number): Promise<Member> {
  const root = await plantTenant(client, demo.platform, `root@${name}.test`, credits);
  await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE name = 'root' AND id = (SELECT tenant_id FROM app_user WHERE email = ${root.email})`;
  return root;
}

async function leaveWith(seller: Member, buyer: Member, amount: number, key: string): Promise<void> {
  expect(await client.transfer(seller.token, buyer.id, amount, key)).toMatchObject({ __typename: 'TransferCreditsPayload' });
}

describe('a price list', () => {
  test('is replaced as a whole, is what buyers see, and is refused by path where it is invalid (R26)', async () => {
    const { creditPackages } = await client.query(demo.zero, '{ creditPackages { id quantity unitPriceMinor totalMinor currency } }');
    expect(creditPackages.map(({ totalMinor }) => totalMinor)).toEqual([10_000, 45_000, 80_000]);
    const again = await client.query(demo.zero, 'query ($id: ID!) { node(id: $id) { __typename id } }', { id: creditPackages[1]?.id });
    expect(again).toEqual({ node: { __typename: 'CreditPackage', id: creditPackages[1]?.id } });
    const refused = await setPrices(
      client,
      demo.platform,
      [
        { quantity: 11, unitPriceMinor: 100 },
        { quantity: 11, unitPriceMinor: 101 },
      ],
      'brl',
    );
    expect(refused).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refused.fields?.map(({ path }) => path)).toEqual([
      'input.currency',
      'input.packages.0.quantity',
      'input.packages.1.quantity',
      'input.packages.1.unitPriceMinor',
    ]);
    expect((await setPrices(client, demo.root.token, PRICES.slice(0, 1), 'USD')).packages).toMatchObject([
      { totalMinor: 10_000, currency: 'USD' },
    ]);
    expect(await setPrices(client, demo.zero.token, PRICES)).toMatchObject({ code: 'PANEL_LOCKED' });
    const lists = '{ viewer { priceList { currency } } creditPackages { currency } }';
    expect(await client.query(demo.root, lists)).toEqual({
      viewer: { priceList: [{ currency: 'USD' }] },
      creditPackages: Array.from({ length: 3 }, () => ({ currency: 'BRL' })),
    });
    expect((await client.ask(demo.zero.token, '{ viewer { priceList { currency } } }')).errors).toMatchObject([
      { extensions: { code: 'PANEL_LOCKED' } },
    ]);
  });
});

describe('buying', () => {
  test('a locked panel buys, sees its purchase, and is unlocked by the commit that settles it (R8, R9)', async () => {
    const { zero, platform } = demo;
    const bought = await buy(zero.token, 45, 'zero buys');
    expect(bought).toMatchObject({ __typename: 'BuyCreditsPayload', replayed: false });
    const { purchase } = bought;
    expect(purchase).toMatchObject({
      status: 'PENDING',
      provider: 'MANUAL',
      totalMinor: 45_000,
      currency: 'BRL',
      seller: null,
      transfer: null,
    });
    expect(await accountOf(client, zero)).toMatchObject({ balance: 0, locked: true });
    expect(await buy(zero.token, 45, 'zero buys')).toMatchObject({ replayed: true, purchase: { id: purchase?.id } });
    expect(await buy(zero.token, 46, 'zero buys')).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const own = await client.query(
      zero,
      '{ viewer { reseller { purchases(status: PENDING) { totalCount edges { node { id status } } } } } }',
    );
    expect(own.viewer.reseller.purchases).toEqual({ totalCount: 1, edges: [{ node: { id: purchase?.id, status: 'PENDING' } }] });
    expect(await seen(client, zero.token, purchase?.id ?? '')).toMatchObject({ status: 'PENDING' });

    const sale = await asPlatform(client, platform, 'zero');
    const paid = await confirm(platform, sale.id, 'pix 1');
    expect(paid).toMatchObject({
      __typename: 'ConfirmPurchasePayload',
      purchase: { status: 'PAID', reference: 'pix 1' },
      account: { balance: 45, locked: false },
      transfer: { kind: 'PURCHASE', amount: 45 },
      replayed: false,
    });
    expect(await confirm(platform, sale.id)).toMatchObject({ replayed: true, transfer: paid.transfer, account: { balance: 45 } });
    expect(await seen(client, zero.token, purchase?.id ?? '')).toMatchObject({
      status: 'PAID',
      transfer: { kind: 'PURCHASE', amount: 45 },
    });
    expect(await cancel(zero.token, purchase?.id ?? '')).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('0 to 9 is below the minimum, above 10^9 and a bad key are named, and MANUAL needs no set-up (R30)', async () => {
    for (const quantity of [0, 9]) expect(await buy(demo.ana.token, quantity, 'few')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 10 });
    expect(await buy(demo.ana.token, 1_000_000_001, 'many')).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.quantity' }] });
    expect(await buy(demo.ana.token, 10, '')).toMatchObject({ fields: [{ path: 'input.idempotencyKey' }] });
    expect(await buy(demo.ana.token, 10, 'stripe', { provider: 'STRIPE' })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await client.query(demo.ana, '{ paymentMethods }')).toEqual({ paymentMethods: ['MANUAL'] });
    expect(await buy(demo.platform, 10, 'platform')).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a purchase is canceled once, only by its buyer; then only late money settles it', async () => {
    const { id } = await order(client, demo.ana.token, { quantity: 10, idempotencyKey: 'to cancel' });
    expect(await cancel(demo.bruno.token, id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await cancel(demo.root.token, id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await cancel(demo.ana.token, id)).toMatchObject({ purchase: { status: 'CANCELED' } });
    expect(await cancel(demo.ana.token, id)).toMatchObject({ purchase: { status: 'CANCELED' } });
    const sale = await asPlatform(client, demo.platform, 'ana');
    expect(await confirm(demo.platform, sale.id)).toMatchObject({ code: 'INVALID_STATE' });
    const [entry] = await sql`SELECT changes FROM audit_log WHERE action = 'PURCHASE_CANCELED'`;
    expect(entry?.changes).toEqual([{ field: 'status', before: 'PENDING', after: 'CANCELED' }]);
  });

  test('a purchase unpaid for 72 hours is EXPIRED, in lists too, and can be neither canceled nor confirmed', async () => {
    const { id } = await order(client, demo.bruno.token, { quantity: 10, idempotencyKey: 'to expire' });
    await sql`UPDATE purchase SET expires_at = now() WHERE buyer_id = (SELECT reseller_id FROM app_user WHERE email = ${demo.bruno.email})`;
    expect(await seen(client, demo.bruno.token, id)).toMatchObject({ status: 'EXPIRED' });
    const count = async (status: string) => {
      const query = 'query ($status: PurchaseStatus) { viewer { reseller { purchases(status: $status) { totalCount } } } }';
      return (await client.query(demo.bruno, query, { status })).viewer.reseller.purchases.totalCount;
    };
    expect([await count('EXPIRED'), await count('PENDING')]).toEqual([1, 0]);
    expect(await cancel(demo.bruno.token, id)).toMatchObject({ code: 'INVALID_STATE' });
    const sale = await asPlatform(client, demo.platform, 'bruno');
    expect(await confirm(demo.platform, sale.id)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('a purchase is found by its number among all that the panel bought, and by nobody else (R38, R18)', async () => {
    const wanted = await order(client, demo.bruno.token, { quantity: 20, idempotencyKey: 'wanted' });
    await order(client, demo.bruno.token, { quantity: 30, idempotencyKey: 'newer' });
    const query =
      'query ($number: Int!) { viewer { reseller { purchases(number: $number) { totalCount nodes: edges { node { quantity } } } } } }';
    const found = async (token: string) => (await client.query(token, query, { number: wanted.number })).viewer.reseller.purchases;
    expect(await found(demo.bruno.token)).toEqual({ totalCount: 1, nodes: [{ node: { quantity: 20 } }] });
    expect(await found(demo.ana.token)).toEqual({ totalCount: 0, nodes: [] });
  });

  test('a purchase is visible only to its buyer and its seller (R18)', async () => {
    const { id } = await order(client, demo.ana.token, { quantity: 10, idempotencyKey: 'private' });
    for (const { token } of [demo.root, demo.bruno, demo.other]) {
      expect(await seen(client, token, id)).toBeNull();
      expect(await confirm(token, id)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await confirm(token, 'nothing')).toMatchObject({ code: 'NOT_FOUND' });
      expect(await chargeBack(token, id)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await confirm(demo.ana.token, id)).toMatchObject({ code: 'NOT_FOUND' });
    const answer = await client.ask(demo.root.token, 'query ($id: ID!) { reseller(id: $id) { name purchases { totalCount } } }', {
      id: demo.ana.id,
    });
    expect(answer).toMatchObject({ data: { reseller: { name: 'ana', purchases: null } }, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});

describe('a parent that sells', () => {
  let root: Member;
  let child: Member;

  beforeAll(async () => {
    root = await tenantOfParents('parents', 1_000);
    child = await plantPanel(client, root, 'child@parents.test', 20);
  });

  test('without prices sells nothing; with prices sells its own credits at its prices', async () => {
    expect(await buy(child.token, 10, 'no list')).toMatchObject({ code: 'INVALID_STATE' });
    await setPrices(client, root.token, [{ quantity: 10, unitPriceMinor: 1_500 }]);
    const purchase = await order(client, child.token, { quantity: 30, idempotencyKey: 'of the parent' });
    expect(purchase).toMatchObject({ totalMinor: 45_000, seller: null });
    const { viewer } = await client.query(root, `{ viewer { sales(status: PENDING) { totalCount edges { node { ...Purchase } } } } }`);
    expect(viewer.sales).toMatchObject({
      totalCount: 1,
      edges: [{ node: { id: purchase.id, seller: { id: root.id }, buyer: { name: 'child' } } }],
    });
    expect(await confirm(child.token, purchase.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await confirm(demo.platform, (await seen(client, demo.platform, purchase.id))?.id ?? purchase.id)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await confirm(root.token, purchase.id)).toMatchObject({ account: { balance: 50 }, transfer: { kind: 'PURCHASE', amount: 30 } });
    expect(await accountOf(client, root)).toMatchObject({ balance: 950 });
  });

  test('a root always buys from the platform (R27)', async () => {
    expect(await buy(root.token, 10, 'root buys')).toMatchObject({ purchase: { totalMinor: 10_000 } });
  });

  test('that is short, locked or suspended is refused with a reason, and the purchase stays payable', async () => {
    const seller = await plantPanel(client, root, 'seller@parents.test', 15);
    const buyer = await plantPanel(client, seller, 'buyer@parents.test', 10);
    await setPrices(client, seller.token, [{ quantity: 10, unitPriceMinor: 1_500 }]);
    const { id } = await order(client, buyer.token, { quantity: 10, idempotencyKey: 'short' });
    expect(await confirm(seller.token, id)).toMatchObject({ code: 'INSUFFICIENT_CREDITS' });
    await leaveWith(seller, buyer, 5, 'all that is left');
    expect(await confirm(seller.token, id)).toMatchObject({ code: 'PANEL_LOCKED' });
    expect(await confirm(seller.token, 'nothing')).toMatchObject({ code: 'PANEL_LOCKED' });
    await leaveWith(root, seller, 20, 'refill');
    await sql`UPDATE reseller SET suspended_at = now(), suspended_by = parent_id, suspension_reason = 'r' WHERE name = 'seller'`;
    expect(await confirm(seller.token, id)).toMatchObject({ code: 'PANEL_SUSPENDED' });
    expect(await buy(buyer.token, 10, 'while suspended')).toMatchObject({ purchase: { status: 'PENDING' } });
    await sql`UPDATE reseller SET suspended_at = NULL, suspended_by = NULL WHERE name = 'seller'`;
    expect(await confirm(seller.token, id)).toMatchObject({ account: { balance: 25 }, purchase: { status: 'PAID' } });
  });

  test('keeps its sales when the buyer moves away: PENDING ones end, and it or the owner settles paid ones (R16, R27, R28)', async () => {
    const seller = await plantPanel(client, root, 'mover@parents.test', 15);
    const target = await plantPanel(client, root, 'target@parents.test', 10);
    const buyer = await plantPanel(client, seller, 'moved@parents.test', 10);
    await setPrices(client, seller.token, [{ quantity: 10, unitPriceMinor: 1_500 }]);
    const { id } = await order(client, buyer.token, { quantity: 10, idempotencyKey: 'before the move' });
    const { id: arrived } = await order(client, buyer.token, { quantity: 12, idempotencyKey: 'arrived' });
    await sql`UPDATE purchase SET status = 'PAID_UNFUNDED' WHERE quantity = 12`;
    const move = (dryRun = false) => client.mutate(root, 'moveReseller', { resellerId: buyer.id, newParentId: target.id, dryRun });
    const { id: refused } = await order(client, buyer.token, { quantity: 13, idempotencyKey: 'refused' });
    await sql`UPDATE purchase SET status = 'PAID_UNFUNDED' WHERE quantity = 13`;
    const { id: owners } = await order(client, buyer.token, { quantity: 14, idempotencyKey: 'for the owner' });
    await sql`UPDATE purchase SET status = 'PAID_UNFUNDED' WHERE quantity = 14`;
    expect(await confirm(root.token, owners)).toMatchObject({ code: 'NOT_FOUND' });
    for (const dryRun of [true, false]) expect(await move(dryRun)).toMatchObject({ canceledPurchases: 1 });
    expect(await seen(client, buyer.token, id)).toMatchObject({ status: 'CANCELED' });
    expect(await seen(client, seller.token, id)).toMatchObject({ status: 'CANCELED' });
    await leaveWith(root, seller, 20, 'for the arrived');
    expect(await confirm(seller.token, arrived)).toMatchObject({ purchase: { status: 'PAID' } });
    // Its buyer has left the branch, so the seller sees nothing of the buyer.
    const { viewer } = await client.query(
      seller,
      '{ viewer { sales(first: 10) { edges { node { id buyer { id name } sellerCanDeliver } } } } }',
    );
    expect(viewer.sales.edges.map(({ node }) => node)).toContainEqual({ id: arrived, buyer: null, sellerCanDeliver: false });
    const { refusing } = await client.data<{ refusing: unknown }>(
      seller.token,
      `mutation ($input: ChargeBackPurchaseInput!) { refusing: chargeBackPurchase(input: $input) {
        ... on ChargeBackPurchasePayload { purchase { status } transfer { id } account { id } } ... on Error { code } } }`,
      { input: { purchaseId: refused, reason: 'sent back' } },
    );
    expect(refusing).toEqual({ purchase: { status: 'CANCELED' }, transfer: null, account: null });
    expect(await confirm(root.token, owners)).toMatchObject({ purchase: { status: 'PAID' } });
  });
});

describe('a chargeback (R29)', () => {
  test('withdraws what is left; the rest is a debt that suspends, is repaid first by new credits, and ends at 0', async () => {
    const panel = await plantTenant(client, demo.platform, 'debtor@debt.test', 0);
    const child = async () => plantPanel(client, panel, 'sub@debt.test', 10);
    await order(client, panel.token, { quantity: 30, idempotencyKey: 'to be charged back' });
    const sale = await asPlatform(client, demo.platform, 'debtor');
    expect(await chargeBack(demo.platform, sale.id)).toMatchObject({ code: 'INVALID_STATE' });
    await confirm(demo.platform, sale.id);
    await child();
    const back = await chargeBack(demo.platform, sale.id);
    expect(back).toMatchObject({
      purchase: { status: 'CHARGED_BACK' },
      account: { balance: 0, debt: 10, locked: true },
      transfer: { kind: 'CHARGEBACK', amount: 20 },
      replayed: false,
    });
    expect(await chargeBack(demo.platform, sale.id)).toMatchObject({ replayed: true, transfer: back.transfer, account: { debt: 10 } });
    expect(await accountOf(client, panel)).toMatchObject({ balance: 0, debt: 10, status: 'SUSPENDED' });

    await order(client, panel.token, { quantity: 10, idempotencyKey: 'repays it all' });
    const repaying = await asPlatform(client, demo.platform, 'debtor');
    expect(await confirm(demo.platform, repaying.id)).toMatchObject({ account: { balance: 0, debt: 0 } });
    expect(await accountOf(client, panel)).toMatchObject({ balance: 0, debt: 0, status: 'ACTIVE' });
    const { viewer } = await client.query(
      panel,
      '{ viewer { reseller { account { statement(first: 2) { edges { node { delta transfer { kind } } } } } } } }',
    );
    expect(viewer.reseller.account.statement).toEqual({
      edges: [{ node: { delta: -10, transfer: { kind: 'CHARGEBACK' } } }, { node: { delta: 10, transfer: { kind: 'PURCHASE' } } }],
    });
    const { ledgerHealth } = await client.query(demo.platform, '{ ledgerHealth { ok problems } }');
    expect(ledgerHealth).toEqual({ ok: true, problems: [] });
  });
});
