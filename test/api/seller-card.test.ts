import { parsePix } from 'pix-utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import type { Api, Client } from '../support/clients/api.ts';
import { openTestSql } from '../support/sql.ts';
import { asPlatform, order, PRICES, rowIdOf, seen, setPrices } from '../support/worlds/buying.ts';
import { type Demo, type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';
import { shiftTime } from '../support/worlds/local-time.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  sql = openTestSql(api.databaseUrl, { max: 2 });
  await setPrices(client, demo.platform, PRICES);
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

interface Card {
  readonly name: string;
  readonly whatsapp: string | null;
  readonly pixKey: string | null;
  readonly instructions: string | null;
}

interface CardSet {
  readonly code?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  readonly sellerCard?: Card;
}

const CARD = 'name whatsapp pixKey instructions';

async function setCard(token: string, input: object): Promise<CardSet> {
  const query = `mutation ($input: SetSellerCardInput!) { done: setSellerCard(input: $input) {
    ... on Error { code } ... on InvalidInputError { fields { path message } } ... on SetSellerCardPayload { sellerCard { ${CARD} } }
  } }`;
  return (await client.data<{ done: CardSet }>(token, query, { input })).done;
}

async function sellerOf(token: string): Promise<Card | null> {
  return (await client.query(token, `{ viewer { seller { ${CARD} } } }`)).viewer.seller;
}

async function ownCard(token: string): Promise<Card | null> {
  return (await client.query(token, `{ viewer { sellerCard { ${CARD} } } }`)).viewer.sellerCard;
}

/** Creates a tenant whose panels buy from their parents. */
async function tenantOfParents(name: string): Promise<Member> {
  const root = await plantTenant(client, demo.platform, `root@${name}.test`, 1_000);
  await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = (SELECT tenant_id FROM app_user WHERE email = ${root.email})`;
  return root;
}

async function move(by: Member, panel: Member, parent: Member): Promise<void> {
  const query = 'mutation ($input: MoveResellerInput!) { moveReseller(input: $input) { ... on Error { code } } }';
  expect(await client.data(by.token, query, { input: { resellerId: panel.id, newParentId: parent.id } })).toEqual({ moveReseller: {} });
}

/** Locks the panel by moving its credits to a child. */
async function empty(panel: Member): Promise<void> {
  const { viewer } = await client.query(panel, '{ viewer { reseller { account { balance } } } }');
  await plantPanel(client, panel, `below.${panel.email}`, viewer.reseller.account.balance);
}

describe('a card', () => {
  test('is set as a whole, stored in the form of banks and telephones, only by an OWNER or the platform (R37, R39)', async () => {
    expect(await ownCard(demo.ana.token)).toBeNull();
    const set = await setCard(demo.ana.token, {
      name: '  Ana Créditos ',
      whatsapp: '(11) 98765-4321',
      pixKey: '529.982.247-25',
      instructions: 'Pay before noon.\nThank you.',
    });
    const card = {
      name: 'Ana Créditos',
      whatsapp: '+5511987654321',
      pixKey: '52998224725',
      instructions: 'Pay before noon.\nThank you.',
    };
    expect(set).toEqual({ sellerCard: card });
    expect(await ownCard(demo.ana.token)).toEqual(card);
    // A form sends the stored values again; an absent or empty field is removed from the card.
    expect(await setCard(demo.ana.token, { name: 'Ana', pixKey: card.pixKey, instructions: '' })).toEqual({
      sellerCard: { name: 'Ana', whatsapp: null, pixKey: card.pixKey, instructions: null },
    });
    expect(await setCard(demo.zero.token, { name: 'Zero' })).toEqual({ code: 'PANEL_LOCKED' });
    const [entry] = await sql`SELECT subject, changes FROM audit_log WHERE action = 'SELLER_CARD_SET' ORDER BY id LIMIT 1`;
    expect(entry).toMatchObject({ subject: 'Ana Créditos' });
    expect(JSON.stringify(entry?.changes)).not.toContain('52998224725');
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: 'A\u202eB' }],
    ['name', { name: '\u200b' }],
    ['name', { name: 'n'.repeat(101) }],
    ['whatsapp', { whatsapp: '12345' }],
    ['whatsapp', { whatsapp: 'call me' }],
    ['whatsapp', { whatsapp: '+1' }],
    ['whatsapp', { whatsapp: '11 98765-4321, or my brother 11 98765-4322' }],
    ['pixKey', { pixKey: '529.982.247-26' }],
    ['pixKey', { pixKey: 'no key of any kind' }],
    ['pixKey', { pixKey: '11222333000182' }],
    ['instructions', { instructions: 'i'.repeat(501) }],
    ['instructions', { instructions: 'turned \u202e around' }],
  ])('with an invalid %s is refused with its path (%j), and stays unchanged (R37, R39, R44)', async (field, wrong) => {
    const before = await ownCard(demo.ana.token);
    const { code, fields } = await setCard(demo.ana.token, { name: 'Ana', ...wrong });
    expect({ code, paths: fields?.map(({ path }) => path) }).toEqual({ code: 'INVALID_INPUT', paths: [`input.${field}`] });
    // The message says what is wrong.
    expect(fields?.[0]?.message).toMatch(/must|is no/);
    expect(await ownCard(demo.ana.token)).toEqual(before);
  });

  test.each([
    ['+55 11 3456-7890', '+551134567890'],
    ['https://wa.me/5511987654321', '+5511987654321'],
    ['+351 912 345 678', '+351912345678'],
    ['5521987654321', '+5521987654321'],
    ['', null],
  ])('takes the WhatsApp number %s as %s (R37)', async (written, stored) => {
    expect((await setCard(demo.root.token, { name: 'Root', whatsapp: written })).sellerCard?.whatsapp).toBe(stored);
  });

  test('has up to 500 characters of instructions, counted as people count them (R37)', async () => {
    const instructions = '🙂'.repeat(500);
    expect((await setCard(demo.root.token, { name: 'Root', instructions })).sellerCard?.instructions).toBe(instructions);
  });
});

describe('who sells', () => {
  test('is the platform by default, whose card every panel reads, even a locked one (R37)', async () => {
    expect(await sellerOf(demo.zero.token)).toBeNull();
    await setCard(demo.platform, { name: 'The platform', whatsapp: '+5511900000000' });
    const card = { name: 'The platform', whatsapp: '+5511900000000', pixKey: null, instructions: null };
    for (const { token } of [demo.zero, demo.root, demo.bruno, demo.other]) expect(await sellerOf(token)).toEqual(card);
    expect(await ownCard(demo.platform)).toEqual(card);
    // The platform buys from nobody.
    expect(await sellerOf(demo.platform)).toBeNull();
  });

  test('is the parent by policy: a locked child sees only its card, and after a move the new seller’s (R8, R18, R37)', async () => {
    const root = await tenantOfParents('cards');
    const [left, right] = [await plantPanel(client, root, 'left@cards.test', 300), await plantPanel(client, root, 'right@cards.test', 300)];
    const child = await plantPanel(client, left, 'child@cards.test', 20);
    await setCard(root.token, { name: 'Root of cards' });
    await setCard(left.token, { name: 'Left', whatsapp: '+5511911111111', pixKey: 'left@pix.test', instructions: 'left only' });
    await setCard(right.token, { name: 'Right' });
    await setPrices(client, left.token, PRICES);
    await empty(child);
    const answer = await client.ask<{ viewer: object }>(
      child.token,
      `query ($left: ID!) { viewer { seller { ${CARD} } reseller { parent { id } } } reseller(id: $left) { name } node(id: $left) { id } }`,
      { left: left.id },
    );
    expect(answer.data).toEqual({
      viewer: {
        seller: { name: 'Left', whatsapp: '+5511911111111', pixKey: 'left@pix.test', instructions: 'left only' },
        reseller: { parent: null },
      },
      reseller: null,
      node: null,
    });
    // A root buys from the platform, whatever the policy says.
    expect(await sellerOf(root.token)).toMatchObject({ name: 'The platform' });
    expect(await sellerOf(left.token)).toMatchObject({ name: 'Root of cards' });

    const pending = await order(client, child.token, { quantity: 10, idempotencyKey: 'before the move' });
    await move(root, child, right);
    expect(await sellerOf(child.token)).toEqual({ name: 'Right', whatsapp: null, pixKey: null, instructions: null });
    // R27: an order from the old seller remains its sale, and the move cancels it.
    expect(await seen(client, child.token, pending.id)).toMatchObject({ number: pending.number, status: 'CANCELED', seller: null });
    const sales = await salesOf(left.token, `${pending.number}`);
    expect(sales).toEqual([{ number: pending.number, buyer: null }]);
    // Its buyer has left the branch. A search for the name finds nothing, because otherwise the name could be guessed.
    expect(await salesOf(left.token, 'child')).toEqual([]);
  });
});

interface Sale {
  readonly number: number;
  readonly buyer: { readonly name: string } | null;
}

async function salesOf(token: string, search: string | null): Promise<readonly Sale[]> {
  const { viewer } = await client.query(
    token,
    'query ($search: String) { viewer { sales(first: 100, search: $search) { totalCount edges { node { number buyer { name } } } } } }',
    { search },
  );
  const sales = viewer.sales.edges.map(({ node }) => node);
  expect(viewer.sales.totalCount).toBe(sales.length);
  return sales;
}

describe('the number of a purchase', () => {
  test('rises within the tenant, is the same for buyer and seller, and does not count other tenants’ (R38)', async () => {
    const one = await order(client, demo.ana.token, { quantity: 10, idempotencyKey: 'one' });
    const elsewhere = await order(client, demo.other.token, { quantity: 10, idempotencyKey: 'elsewhere' });
    const two = await order(client, demo.zero.token, { quantity: 10, idempotencyKey: 'two' });
    expect(elsewhere.number).toBe(1);
    expect(two.number).toBeGreaterThan(one.number);
    expect(await order(client, demo.zero.token, { quantity: 10, idempotencyKey: 'two' })).toMatchObject({ number: two.number });
    expect((await salesOf(demo.platform, null)).filter(({ buyer }) => buyer?.name === 'zero').map(({ number }) => number)).toEqual([
      two.number,
    ]);
  });

  test("finds a sale in a search, with # or without, and so does the buyer's name in any case (R38)", async () => {
    const { number } = await order(client, demo.bruno.token, { quantity: 10, idempotencyKey: 'to be found' });
    for (const search of [`${number}`, `#${number}`, ` # ${number} `]) {
      expect((await salesOf(demo.platform, search)).filter(({ buyer }) => buyer?.name === 'bruno')).toEqual([
        { number, buyer: { name: 'bruno' } },
      ]);
    }
    expect((await salesOf(demo.platform, 'BRUN')).map(({ buyer }) => buyer?.name)).toEqual(['bruno']);
    for (const search of ['999999', '9999999999', '0', '#', '%', '12 34']) expect(await salesOf(demo.platform, search)).toEqual([]);
    expect(await salesOf(demo.root.token, `${number}`)).toEqual([]);
    expect((await salesOf(demo.platform, '')).length).toBe((await salesOf(demo.platform, null)).length);
  });
});

describe('a purchase by MANUAL', () => {
  test('has a Pix code to the key on its seller’s card, with its amount and number, while it waits for money (R39)', async () => {
    const root = await tenantOfParents('static');
    const child = await plantPanel(client, root, 'child@static.test', 20);
    await setPrices(client, root.token, PRICES);
    const purchase = await order(client, child.token, { quantity: 50, idempotencyKey: 'static' });
    expect(purchase.paymentInstructions).toBeNull();
    const codeFor = async (token: string, id = purchase.id) => parsePix((await seen(client, token, id))?.paymentInstructions ?? '');
    await setCard(root.token, { name: 'Raiz São João', pixKey: 'loja@pix.test' });
    const code = { pixKey: 'loja@pix.test', merchantName: 'RAIZ SAO JOAO', transactionAmount: 450, txid: `${purchase.number}` };
    for (const { token } of [child, root]) expect(await codeFor(token)).toMatchObject(code);
    await empty(child);
    // Even for a locked buyer, and to the current key, where the seller wants the money.
    await setCard(root.token, { name: 'Raiz', pixKey: '+55 11 98765-4321' });
    expect(await codeFor(child.token)).toMatchObject({ pixKey: '+5511987654321', txid: `${purchase.number}` });

    await setPrices(client, root.token, PRICES, 'USD');
    const dollars = await order(client, child.token, { quantity: 10, idempotencyKey: 'dollars' });
    expect(dollars).toMatchObject({ currency: 'USD', paymentInstructions: null });
    await client.mutate(child, 'cancelPurchase', { purchaseId: dollars.id });
    await client.mutate(root, 'confirmPurchase', { purchaseId: purchase.id });
    expect(await seen(client, child.token, purchase.id)).toMatchObject({ status: 'PAID', paymentInstructions: null });
  });
});

interface Reported {
  readonly code?: string;
  readonly fields?: readonly { readonly path: string }[];
  readonly retryAfterSeconds?: number;
  readonly purchase?: { readonly status: string; readonly reportedAt: string; readonly reportNote: string | null };
}

async function report(token: string, purchaseId: string, note?: string | null): Promise<Reported> {
  const query = `mutation ($input: ReportPaymentInput!) { done: reportPayment(input: $input) {
    ... on Error { code } ... on InvalidInputError { fields { path } } ... on RateLimitedError { retryAfterSeconds }
    ... on ReportPaymentPayload { purchase { status reportedAt reportNote } }
  } }`;
  return (await client.data<{ done: Reported }>(token, query, { input: { purchaseId, note } })).done;
}

describe('reportPayment', () => {
  test('by a locked buyer is seen by the seller, moves nothing, and is accepted once in ten minutes (R8, R40)', async () => {
    const { zero, platform } = demo;
    const { id, number } = await order(client, zero.token, { quantity: 10, idempotencyKey: 'to report' });
    const first = await report(zero.token, id, 'from my wife’s account\nat 10:15');
    expect(first.purchase).toMatchObject({ status: 'PENDING', reportNote: 'from my wife’s account\nat 10:15' });
    // A repeated report, as after a lost answer, nine times at once: all get the first answer, and nobody is notified
    // again.
    const again = await Promise.all(Array.from({ length: 9 }, () => report(zero.token, id, 'from my wife’s account\nat 10:15')));
    expect(again).toEqual(Array.from({ length: 9 }, () => first));
    const other = await report(zero.token, id, 'please');
    expect(other).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(other.retryAfterSeconds).toBeLessThanOrEqual(600);
    const query = '{ viewer { sales(first: 100, status: PENDING) { edges { node { number reportedAt reportNote buyer { name } } } } } }';
    const { viewer } = await client.data<{ viewer: { sales: { edges: { node: { number: number } }[] } } }>(platform, query);
    expect(viewer.sales.edges.map(({ node }) => node)).toContainEqual({
      number,
      buyer: { name: 'zero' },
      reportNote: first.purchase?.reportNote,
      reportedAt: first.purchase?.reportedAt,
    });
    await shiftTime(sql, 'purchase.reported_at', '-10 minutes', 'id', rowIdOf(id));
    expect((await report(zero.token, id)).purchase).toMatchObject({ reportNote: null });
  });

  test('with over 200 characters, by a stranger or the seller, or of a closed purchase is refused (R18, R40)', async () => {
    const { ana, bruno, platform } = demo;
    const { id } = await order(client, ana.token, { quantity: 10, idempotencyKey: 'not reported' });
    expect(await report(ana.token, id, 'n'.repeat(201))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.note' }] });
    for (const { token } of [bruno, demo.root, demo.other]) expect(await report(token, id)).toEqual({ code: 'NOT_FOUND' });
    expect(await report(platform, id)).toEqual({ code: 'FORBIDDEN' });
    const sale = await asPlatform(client, platform, 'ana');
    expect(await client.mutate(platform, 'confirmPurchase', { purchaseId: sale.id })).toMatchObject({ purchase: { status: 'PAID' } });
    for (let time = 0; time < 10; time += 1) expect(await report(ana.token, id, 'paid')).toEqual({ code: 'INVALID_STATE' });
    const late = await order(client, ana.token, { quantity: 10, idempotencyKey: 'too late' });
    await sql`UPDATE purchase SET expires_at = now() WHERE id = ${rowIdOf(late.id)}`;
    expect(await report(ana.token, late.id)).toEqual({ code: 'INVALID_STATE' });
  });

  test('of one purchase by ten concurrent callers is accepted once, and a concurrent confirmation loses nothing (R40)', async () => {
    const { ana, platform } = demo;
    const { id } = await order(client, ana.token, { quantity: 10, idempotencyKey: 'ten at once' });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => report(ana.token, id, `note ${index}`)));
    expect(answers.map(({ code }) => code ?? 'REPORTED').sort()).toEqual([...Array.from({ length: 9 }, () => 'RATE_LIMITED'), 'REPORTED']);
    await sql`UPDATE purchase SET reported_at = NULL, report_note = NULL WHERE id = ${rowIdOf(id)}`;
    const sale = await asPlatform(client, platform, 'ana');
    const [reported, confirmed] = await Promise.all([
      report(ana.token, id, 'beside it'),
      client.mutate(platform, 'confirmPurchase', { purchaseId: sale.id }),
    ]);
    expect(['INVALID_STATE', undefined]).toContain(reported.code);
    expect(confirmed).toMatchObject({ purchase: { status: 'PAID' } });
    expect(await seen(client, ana.token, id)).toMatchObject({ status: 'PAID' });
  });
});
