import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { ID_CALLS } from '../api/gate-rules.ts';
import { idOf, UNKNOWN_ID } from '../api/gate-world.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { upload } from '../support/clients/import-api.ts';
import { type CountingProxy, startCountingProxy } from '../support/processes/counting-proxy.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import type { Demo, Member } from '../support/worlds/demo.ts';
import { createDemoDatabase, type DemoDatabase } from '../support/worlds/planted-demo.ts';
import { HEALTHY, healthOf } from './ledger-reader.ts';

let database: DemoDatabase;
let proxy: CountingProxy;
let api: Api;
let demo: Demo;

beforeAll(async () => {
  database = await createDemoDatabase();
  proxy = await startCountingProxy(database.url);
  api = await startApi({ databaseUrl: proxy.url });
  ({ demo } = database);
  await setPrices(api.client, demo.platform, PRICES);
  const hook = 'createWebhookEndpoint(input: { url: "https://hooks.test", events: [ACCESS_RESET] }) { __typename }';
  await api.client.data(demo.ana.token, `mutation { ${hook} }`);
  await upload(api.client, demo.root.token, 'name\nunread\n');
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await proxy.close();
  await database.drop();
});

/** A customer and a purchase of a panel, with ids as the panel sees them. */
async function customerAndPurchase({ token }: Member): Promise<{ customer: string; purchase: string }> {
  const { made } = await api.client.data<{ made: { customer: { id: string } } }>(
    token,
    `mutation { made: activateCustomer(input: { name: "M", periods: 1, idempotencyKey: "m" }) { ... on ActivateCustomerPayload { customer { id } } } }`,
  );
  return { customer: made.customer.id, purchase: (await order(api.client, token, { quantity: 10, idempotencyKey: 'p' })).id };
}

const isSubscription = (place: string) => place.startsWith('Subscription');

describe('an id', () => {
  test('as a number, a list, an object, with other characters or another spelling matches nothing, in every id argument', async () => {
    const uuid = Buffer.from(demo.ana.id, 'base64url').toString('hex', 1);
    const dashed = uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const spellings = [
      ...[uuid, dashed, dashed.toUpperCase(), `{${dashed}}`, `urn:uuid:${dashed}`, `Reseller:${dashed}`, btoa(`Reseller:${dashed}`)],
      ...[demo.ana.id.replaceAll('-', '+').replaceAll('_', '/'), demo.ana.id.toLowerCase(), `${demo.ana.id}\n`, `%${demo.ana.id}`],
      ...['*', '%', '_', "' OR 1=1 --", "'; DROP TABLE account; --", '$1', '\\', '../../etc/passwd', '𝟘', '\u202E', 'null', 'NaN'],
      ...['0', '-1', '1e999', '9007199254740993', '0x10', '-9223372036854775809'],
      ...[
        idOf(0, dashed),
        idOf(255, dashed),
        idOf(1, `${dashed}00`),
        idOf(4, `${dashed}ffffffffffffffff`),
        idOf(4, `${dashed}8000000000000000`),
      ],
      ...[idOf(1, '00000000-0000-0000-0000-000000000000'), idOf(1, 'ffffffff-ffff-ffff-ffff-ffffffffffff')],
      // An id without - and _ has the same spelling in both alphabets.
    ].filter((spelling) => spelling !== demo.ana.id);
    for (const [place, document] of Object.entries(ID_CALLS)) {
      if (isSubscription(place)) continue;
      const unknown = await api.client.ask(demo.ana.token, document(JSON.stringify(UNKNOWN_ID), demo.bruno.id));
      const answers = await Promise.all(spellings.map((id) => api.client.ask(demo.ana.token, document(JSON.stringify(id), demo.bruno.id))));
      for (const [index, { text }] of answers.entries()) expect(text, `${place} of ${spellings[index]}`).toBe(unknown.text);
      // A whole number coerces to an ID and matches nothing; any other non-string does not coerce.
      expect((await api.client.ask(demo.ana.token, document('7', demo.bruno.id))).text, place).toBe(unknown.text);
      for (const literal of ['1.5', 'true', '{}', 'X', '["a", ["b"]]']) {
        const { errors, text } = await api.client.ask(demo.ana.token, document(literal, demo.bruno.id));
        expect(errors[0]?.extensions.code, `${place} = ${literal}: ${text}`).toBe('BAD_USER_INPUT');
      }
    }
    expect(await healthOf(api.client, demo.root.token)).toEqual(HEALTHY);
  });

  test('that is unknown costs the same statements as a forbidden one, so that time does not tell them apart', async () => {
    const [own, sibling, stranger] = [
      await customerAndPurchase(demo.ana),
      await customerAndPurchase(demo.root),
      await customerAndPurchase(demo.other),
    ];
    expect(own.customer).not.toBe(sibling.customer);
    const foreign = (place: string): string[] => {
      if (/customer/i.test(place)) return [sibling.customer, stranger.customer];
      if (place.endsWith('purchaseId')) return [sibling.purchase, stranger.purchase];
      return [demo.root.id, demo.zero.id, demo.other.id];
    };
    /**
     * The cost of each document. Other work of the server, such as numbering events, only adds to it, so each is
     * repeated until they agree.
     */
    const costs = async (documents: readonly string[]): Promise<readonly number[]> => {
      const least = documents.map(() => Number.POSITIVE_INFINITY);
      for (let round = 0; round < 4 || (new Set(least).size > 1 && round < 100); round += 1) {
        for (const [at, document] of documents.entries()) {
          const before = proxy.statements();
          await api.client.ask(demo.ana.token, document);
          least[at] = Math.min(least[at] ?? Number.POSITIVE_INFINITY, proxy.statements() - before);
        }
      }
      return least;
    };
    for (const [place, document] of Object.entries(ID_CALLS)) {
      if (isSubscription(place)) continue;
      const ids = foreign(place);
      // The unknown id has the same type: the type is part of every id, and is no secret.
      const tag = Buffer.from(ids[0] ?? '', 'base64url')[0] ?? 0;
      const unknown = idOf(tag, '0190d5a1-7b1c-7000-8000-00000000beef');
      const asked = [unknown, ...ids];
      const found = await costs(asked.map((id) => document(JSON.stringify(id), demo.bruno.id)));
      expect(new Set(found).size, `${place} of ${asked.join(', ')}: ${found.join(', ')}`).toBe(1);
    }
  });
});

/** The path to each connection, with its name. */
const LISTS: Readonly<Record<string, (list: string) => string>> = {
  'Query.auditLog': (list) => `{ ${list} }`,
  'Query.tenants': (list) => `{ ${list} }`,
  'Viewer.apiKeys': (list) => `{ viewer { ${list} } }`,
  'Viewer.imports': (list) => `{ viewer { ${list} } }`,
  'Import.problems': (list) => `{ viewer { imports { edges { node { ${list} } } } } }`,
  'WebhookEndpoint.deliveries': (list) => `{ viewer { webhookEndpoints { ${list} } } }`,
  'Viewer.team': (list) => `{ viewer { ${list} } }`,
  'Viewer.customerPayments': (list) => `{ viewer { ${list} } }`,
  'Viewer.sales': (list) => `{ viewer { ${list} } }`,
  'Reseller.children': (list) => `{ viewer { reseller { ${list} } } }`,
  'Reseller.descendants': (list) => `{ viewer { reseller { ${list} } } }`,
  'Reseller.customers': (list) => `{ viewer { reseller { ${list} } } }`,
  'Reseller.purchases': (list) => `{ viewer { reseller { ${list} } } }`,
  'Account.statement': (list) => `{ viewer { reseller { account { ${list} } } } }`,
  'Customer.history': (list) => `{ viewer { reseller { customers { edges { node { ${list} } } } } } }`,
};

/** A token of a user who has such a list. */
function tokenFor(place: string): string {
  if (place === 'Query.tenants') return demo.platform;
  return place === 'Import.problems' ? demo.root.token : demo.ana.token;
}

function connections(): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          String(field.type).includes('Connection') && field.args.some(({ name }) => name === 'after')
            ? [`${type.name}.${field.name}`]
            : [],
        )
      : [],
  );
}

describe('a cursor', () => {
  test('is tried on every connection of the schema', () => {
    expect(connections().sort()).toEqual(Object.keys(LISTS).sort());
  });

  test('that was forged, cut, used on another list, or is another tenant’s, shows nothing beyond the list', async () => {
    const cursorsOf = (text: string) => [...text.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor = '']) => cursor);
    const idsOf = (text: string) => [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id);
    const node = (place: string) => (place === 'Import.problems' ? 'line' : 'id');
    const list = (place: string, args: string) =>
      `${place.split('.')[1]}${args} { edges { cursor node { ${node(place)} } } pageInfo { hasNextPage } }`;
    const others: string[] = [];
    for (const [place, around] of Object.entries(LISTS)) {
      for (const token of [demo.root.token, demo.other.token, demo.platform, demo.ana.token]) {
        others.push(...cursorsOf((await api.client.ask(token, around(list(place, '(first: 5)')))).text));
      }
    }
    expect(others.length).toBeGreaterThan(20);
    const raw = (text: string) => Buffer.from(text, 'latin1').toString('base64url');
    const forged = [
      ...[
        '',
        '=',
        'null',
        '0',
        '%',
        "' OR 1=1 --",
        'A'.repeat(10_000),
        raw('id:'),
        raw("id:' OR true --"),
        raw('version:0'),
        raw('version:-1'),
      ],
      ...[raw('version:9007199254740992'), raw('version:99999999999999999999'), raw('level:99:zz.'), raw('level:0:'), raw('level:-1:a.')],
      ...[
        raw('end:999999999999999:00000000-0000-0000-0000-000000000000'),
        raw('end:-1:x'),
        raw('end:8640000000000001:x'),
        raw('level:10:~'),
      ],
      ...[raw('id:00000000-0000-0000-0000-000000000000'), raw('id:ffffffff-ffff-ffff-ffff-ffffffffffff'), raw('id:\u0000')],
    ];
    for (const [place, around] of Object.entries(LISTS)) {
      const whole = new Set(idsOf((await api.client.ask(tokenFor(place), around(list(place, '(first: 100)')))).text));
      const cursors = [...new Set([...forged, ...others])];
      const argument = (index: number, cursor: string) => `(${index % 2 === 0 ? 'after' : 'before'}: ${JSON.stringify(cursor)})`;
      const answers = await Promise.all(
        cursors.map((cursor, index) => api.client.ask(tokenFor(place), around(list(place, argument(index, cursor))))),
      );
      for (const [index, { errors, text }] of answers.entries()) {
        const what = `${place} after ${cursors[index]}: ${text}`;
        for (const { extensions } of errors) expect(extensions.code, what).toBe('BAD_USER_INPUT');
        for (const id of idsOf(text)) expect(whole.has(id), what).toBe(true);
      }
    }
  });

  test('or a page size that is invalid is refused by name, on every connection', async () => {
    for (const [place, around] of Object.entries(LISTS)) {
      const token = tokenFor(place);
      const name = place.split('.')[1];
      for (const args of [
        'first: 0',
        'first: -1',
        'first: 101',
        'first: 2147483647',
        'last: -2147483648',
        'first: 1, last: 1',
        'first: 2147483648',
      ]) {
        const { errors, text } = await api.client.ask(token, around(`${name}(${args}) { edges { cursor } }`));
        expect(errors[0]?.extensions.code, `${place}(${args}): ${text}`).toBe('BAD_USER_INPUT');
      }
    }
  });
});

test('a time at the limits of what can be written is answered or refused by name, in every argument', async () => {
  const { token } = demo.ana;
  const times = [
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '9999-12-31T23:59:59Z',
  ];
  for (const time of times) {
    const documents = [
      `{ viewer { reseller { account { balanceAt(time: "${time}") statement(from: "${time}", to: "${time}") { edges { cursor } } } } } }`,
      `{ viewer { reseller { customers(expiringBefore: "${time}") { totalCount edges { cursor } } } } }`,
      `{ viewer { reseller { report(from: "${time}", to: "2026-01-01T00:00:00Z", by: MONTH) { timeZone total { activation } } } } }`,
      `{ viewer { reseller { report(from: "2026-01-01T00:00:00Z", to: "${time}", by: MONTH) { timeZone total { activation } } } } }`,
      `mutation { createApiKey(input: { name: "k", scope: READ, expiresAt: "${time}" }) { __typename } }`,
    ];
    for (const document of documents) {
      const { errors, text } = await api.client.ask(token, document);
      for (const { extensions } of errors) expect(extensions.code, `${document}: ${text}`).toBe('BAD_USER_INPUT');
    }
    for (const path of ['statement.csv?from=', 'statement.csv?to=', 'customers.csv?expiringBefore=']) {
      const response = await fetch(`${api.client.origin}/export/${path}${encodeURIComponent(time)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await response.arrayBuffer();
      expect([200, 400], `${path}${time}`).toContain(response.status);
    }
  }
});
