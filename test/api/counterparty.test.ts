import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/clients/api.ts';
import type { Given, MutationName } from '../support/clients/mutation.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;
let elsewhere: Member;
let seller: Member;
let scenes = 0;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  await issue(api.client, demo.platform, await platformIdOf(api.client, demo.platform, 'root'), 10_000, 'for the sides');
  await setPrices(api.client, demo.platform, PRICES);
  await api.client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT', reclaimAllowed: true });
  elsewhere = await plantPanel(api.client, demo.root, 'elsewhere@sides.test', 500);
  seller = await plantPanel(api.client, demo.root, 'seller@sides.test', 500);
  for (const { token } of [elsewhere, seller, demo.root]) await setPrices(api.client, token, PRICES);
});

afterAll(() => api[Symbol.asyncDispose]());

/**
 * Kind, credits and counterparty of a panel's newest entry: from `Entry.counterparty`, from its transfer's deprecated
 * field, and from the CSV.
 */
async function newest({ token }: Member): Promise<{ entry: string; side: string | null }> {
  const { viewer } = await api.client.query(
    token,
    '{ viewer { reseller { account { statement(first: 1) { edges { node { delta counterparty transfer { kind counterparty } } } } } } } }',
  );
  const node = viewer.reseller.account.statement.edges[0]?.node;
  if (!node) throw new Error('an empty statement');
  expect(node.transfer.counterparty).toBe(node.counterparty);
  const csv = await fetch(`${api.client.origin}/export/statement.csv`, { headers: { authorization: `Bearer ${token}` } });
  const [head, first] = (await csv.text()).split('\r\n');
  expect(first?.split(',')[head?.split(',').indexOf('counterparty') ?? -1]).toBe(node.counterparty ?? '');
  return { entry: `${node.transfer.kind} ${node.delta}`, side: node.counterparty };
}

async function plantBuyer(): Promise<Member> {
  scenes += 1;
  return plantPanel(api.client, seller, `buyer${scenes}@sides.test`, 20);
}

async function bought(buyer: Member, confirmedBy: Member): Promise<string> {
  const { id } = await order(api.client, buyer.token, { quantity: 10, idempotencyKey: `bought ${scenes}` });
  expect((await api.client.mutate(confirmedBy, 'confirmPurchase', { purchaseId: id })).code).toBeUndefined();
  return id;
}

async function chargeBack(purchaseId: string, quantity: number): Promise<void> {
  const input = { purchaseId, reason: 'r', quantity, idempotencyKey: `back ${purchaseId} ${quantity}` };
  expect((await api.client.mutate(seller, 'chargeBackPurchase', input)).code).toBeUndefined();
}

async function done(by: Member, mutation: MutationName, input: Given<MutationName>): Promise<void> {
  expect(outcomeOf(await api.client.mutate(by, mutation, input))).toMatch(/Payload$/);
}

test('in a transfer of credits down or up between a panel and its parent each sees the other', async () => {
  const child = await plantBuyer();
  expect(await newest(child)).toEqual({ entry: 'GRANT 20', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'GRANT -20', side: 'CHILD' });
  await done(seller, 'transferCredits', { toResellerId: child.id, amount: 3, idempotencyKey: 'down' });
  expect(await newest(child)).toEqual({ entry: 'TRANSFER 3', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'TRANSFER -3', side: 'CHILD' });
  await done(seller, 'reclaimCredits', { fromResellerId: child.id, amount: 4, reason: 'r', idempotencyKey: 'up' });
  expect(await newest(child)).toEqual({ entry: 'RECLAIM -4', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'RECLAIM 4', side: 'CHILD' });
  await done(seller, 'closeReseller', { resellerId: child.id, idempotencyKey: 'all' });
  expect(await newest(seller)).toEqual({ entry: 'SWEEP 19', side: 'CHILD' });
});

test('in a sale and its charge-back buyer and seller see each other, even if the buyer was moved away meanwhile', async () => {
  const buyer = await plantBuyer();
  const purchaseId = await bought(buyer, seller);
  expect(await newest(buyer)).toEqual({ entry: 'PURCHASE 10', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'PURCHASE -10', side: 'CHILD' });
  await chargeBack(purchaseId, 4);
  expect(await newest(buyer)).toEqual({ entry: 'CHARGEBACK -4', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'CHARGEBACK 4', side: 'CHILD' });
  await done(demo.root, 'moveReseller', { resellerId: buyer.id, newParentId: elsewhere.id });
  await chargeBack(purchaseId, 6);
  expect(await newest(buyer)).toEqual({ entry: 'CHARGEBACK -6', side: 'PARENT' });
  expect(await newest(seller)).toEqual({ entry: 'CHARGEBACK 6', side: 'CHILD' });
});

test('R18: the seller and the panel that pays a closed buyer’s charge-back see nothing of each other', async () => {
  const buyer = await plantBuyer();
  const purchaseId = await bought(buyer, seller);
  await done(demo.root, 'moveReseller', { resellerId: buyer.id, newParentId: elsewhere.id });
  await done(elsewhere, 'closeReseller', { resellerId: buyer.id, idempotencyKey: 'close' });
  await chargeBack(purchaseId, 10);
  expect(await newest(elsewhere)).toEqual({ entry: 'CHARGEBACK -10', side: null });
  expect(await newest(seller)).toEqual({ entry: 'CHARGEBACK 10', side: null });
});

test("R28: a sale that the tenant's owner settles for a suspended seller shows no seller", async () => {
  const buyer = await plantBuyer();
  const { id } = await order(api.client, buyer.token, { quantity: 10, idempotencyKey: 'stranded' });
  await done(demo.root, 'suspendReseller', { resellerId: seller.id, reason: 'r' });
  expect((await api.client.mutate(demo.root, 'confirmPurchase', { purchaseId: id })).code).toBeUndefined();
  expect(await newest(buyer)).toEqual({ entry: 'PURCHASE 10', side: null });
  expect(await newest(demo.root)).toEqual({ entry: 'PURCHASE -10', side: null });
  await done(demo.root, 'resumeReseller', { resellerId: seller.id });
});

test('credits that the platform issues or sells, and those spent on customers, name the platform and the customer', async () => {
  const root = await platformIdOf(api.client, demo.platform, 'root');
  await issue(api.client, demo.platform, root, 5, 'five more');
  expect(await newest(demo.root)).toEqual({ entry: 'ISSUE 5', side: 'PLATFORM' });
  await api.client.data(
    demo.root.token,
    'mutation { activateCustomer(input: { name: "Maria", periods: 1, idempotencyKey: "m" }) { __typename } }',
  );
  expect(await newest(demo.root)).toEqual({ entry: 'ACTIVATION -1', side: 'CUSTOMER' });
});
