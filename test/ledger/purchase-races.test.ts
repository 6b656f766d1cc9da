import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import type { Answered, MutationName } from '../support/clients/mutation.ts';
import { openTestSql } from '../support/sql.ts';
import { accountOf, asPlatform, order, PRICES, rowIdOf, seen, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database, each with a queue of its own. */
let apis: readonly Api[];
let clients: readonly Client[];
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  // Both servers share the test's event loop, so its delay is no sign of their load.
  const patient = { limits: { eventLoopDelayMs: 60_000 }, settings: { POSTING_MAX_WAIT_MS: '60000' } };
  const { api: first, demo: planted } = await startDemo(patient);
  demo = planted;
  apis = [first, await startApi({ ...patient, databaseUrl: first.databaseUrl })];
  clients = apis.map((api) => api.client);
  ({ client } = first);
  sql = openTestSql(first.databaseUrl);
  await setPrices(client, demo.platform, PRICES);
  // In the demo's tenant parents sell; every racer is a root, and buys from the platform.
  await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = ${rowIdOf(demo.root.id)}`;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'for races');
});

afterAll(async () => {
  await sql.end();
  for (const api of [...apis].reverse()) await api[Symbol.asyncDispose]();
});

/** The server for request number `index`: the servers take turns. */
function server(index: number): Client {
  return clients[index % clients.length] ?? client;
}

function race<Result>(count: number, run: (at: Client, index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(server(index), index)));
}

function tally(answers: readonly Answered<MutationName>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { __typename, code } of answers) counts[code ?? __typename] = (counts[code ?? __typename] ?? 0) + 1;
  return counts;
}

let named = 0;

async function newBuyer(): Promise<Member> {
  named += 1;
  return plantTenant(client, demo.platform, `racer${named}@race.test`, 0);
}

async function buyOf(buyer: Member, key: string): Promise<{ readonly own: string; readonly sale: string }> {
  const { id: own } = await order(client, buyer.token, { quantity: 10, idempotencyKey: key });
  const { id: sale } = await asPlatform(client, demo.platform, buyer.email.replace(/@.*/, ''));
  return { own, sale };
}

async function expectHealth(): Promise<void> {
  const { ledgerHealth } = await client.query(demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
}

test('of twenty concurrent confirmations one posts the credits, and the others return the same result', async () => {
  const buyer = await newBuyer();
  const { sale } = await buyOf(buyer, 'twenty');
  const answers = await race(20, (at) => at.mutate(demo.platform, 'confirmPurchase', { purchaseId: sale }));
  expect(tally(answers)).toEqual({ ConfirmPurchasePayload: 20 });
  expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
  expect(new Set(answers.map(({ transfer }) => transfer?.id)).size).toBe(1);
  expect(await accountOf(client, buyer)).toMatchObject({ balance: 10, version: 1, locked: false });
});

test('of a concurrent confirmation and cancel one wins, and credits exist only if the confirmation won', async () => {
  for (let round = 0; round < 8; round += 1) {
    const buyer = await newBuyer();
    const { own, sale } = await buyOf(buyer, `against ${round}`);
    const [confirmed, canceled] = await Promise.all([
      server(round).mutate(demo.platform, 'confirmPurchase', { purchaseId: sale }),
      server(round + 1).mutate(buyer, 'cancelPurchase', { purchaseId: own }),
    ]);
    const isPaid = confirmed?.code === undefined;
    expect([confirmed?.code, canceled?.code]).toEqual(isPaid ? [undefined, 'INVALID_STATE'] : ['INVALID_STATE', undefined]);
    expect(await seen(client, buyer.token, own)).toMatchObject({ status: isPaid ? 'PAID' : 'CANCELED' });
    expect(await accountOf(client, buyer)).toMatchObject({ balance: isPaid ? 10 : 0 });
  }
});

test('a charge-back concurrent with a hundred spends takes only what they leave, and the rest becomes a debt', async () => {
  const buyer = await newBuyer();
  const { id: own } = await order(client, buyer.token, { quantity: 60, idempotencyKey: 'spent' });
  const sale = await asPlatform(client, demo.platform, buyer.email.replace(/@.*/, ''));
  await client.mutate(demo.platform, 'confirmPurchase', { purchaseId: sale.id });
  const child = await plantPanel(client, buyer, 'heir@race.test', 10);
  const spends = race(100, (at, index) => at.transfer(buyer.token, child.id, 1, `spend ${index}`));
  const back = server(1).mutate(demo.platform, 'chargeBackPurchase', { purchaseId: sale.id, reason: 'disputed' });
  const spent = (await spends).filter(({ code }) => code === undefined).length;
  const { account, transfer } = await back;
  expect((transfer?.amount ?? 0) + (account?.debt ?? 0)).toBe(60);
  expect(transfer?.amount ?? 0).toBe(50 - spent);
  expect(await accountOf(client, buyer)).toMatchObject({ balance: 0, debt: 10 + spent, status: 'SUSPENDED' });
  expect(await accountOf(client, child)).toMatchObject({ balance: 10 + spent });
  expect(await seen(client, buyer.token, own)).toMatchObject({ status: 'CHARGED_BACK' });
  await expectHealth();
});

test('one key raced twenty times makes one purchase', async () => {
  const buyer = await newBuyer();
  const answers = await race(20, (at) => at.mutate(buyer, 'buyCredits', { quantity: 10, idempotencyKey: 'once' }));
  expect(tally(answers)).toEqual({ BuyCreditsPayload: 20 });
  expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
  expect(new Set(answers.map(({ purchase }) => purchase?.id)).size).toBe(1);
});

test('a purchase concurrent with a move leaves no order from a parent that is no longer the parent', async () => {
  const parents = [await plantPanel(client, demo.root, 'left@demo.test', 50), await plantPanel(client, demo.root, 'right@demo.test', 50)];
  for (const { token } of parents) await setPrices(client, token, PRICES);
  const [left, right] = parents;
  if (!left || !right) throw new Error('there are two');
  const buyer = await plantPanel(client, left, 'between@demo.test', 10);
  const move = (at: Client, to: Member) => at.mutate(demo.root, 'moveReseller', { resellerId: buyer.id, newParentId: to.id });
  const answers = await race<Answered<'moveReseller' | 'buyCredits'>>(24, (at, index) =>
    index % 4 === 0
      ? move(at, index % 8 === 0 ? right : left)
      : at.mutate(buyer, 'buyCredits', { quantity: 10, idempotencyKey: `moved ${index}` }),
  );
  for (const { code } of answers) expect([undefined, 'INVALID_STATE']).toContain(code);
  const strayed = await sql`
    SELECT p.id FROM purchase p JOIN reseller r ON r.tenant_id = p.tenant_id AND r.id = p.buyer_id
    WHERE p.status = 'PENDING' AND p.seller_id IS NOT NULL AND p.seller_id <> r.parent_id`;
  expect(strayed).toEqual([]);
});

test('of three concurrent sales by a parent with the credits for one, one is settled and the others wait for credits', async () => {
  const parent = await plantPanel(client, demo.root, 'scarce@demo.test', 15);
  await setPrices(client, parent.token, PRICES);
  const buyers = await Promise.all([0, 1, 2].map((index) => plantChild(parent, index)));
  const ids = await Promise.all(
    buyers.map(async ({ token }) => (await order(client, token, { quantity: 10, idempotencyKey: 'scarce' })).id),
  );
  const answers = await race(9, (at, index) => at.mutate(parent, 'confirmPurchase', { purchaseId: ids[index % 3] ?? '' }));
  const { balance } = await accountOf(client, parent);
  expect(balance).toBe(5);
  const codes = new Set(answers.map(({ code }) => code ?? 'PAID'));
  expect([...codes].sort()).toEqual(['INSUFFICIENT_CREDITS', 'PAID']);
  await expectHealth();
});

async function plantChild(parent: Member, index: number): Promise<Member> {
  await client.transfer(demo.root.token, parent.id, 10, `for child ${index}`);
  return plantPanel(client, parent, `scarce${index}@demo.test`, 10);
}
