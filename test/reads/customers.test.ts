import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folded } from '../../src/domain/customer/search-key.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Panel } from '../support/worlds/ledger-world.ts';
import { type List, nodesOf, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;
let root: Panel;
let child: Panel;
let viewer: Actor;

beforeAll(async () => {
  world = await SchemaWorld.open();
  root = await world.ledger.root(1000);
  child = await world.ledger.child(root, 50);
  viewer = await world.actor(root);
  for (const [index, one] of CUSTOMERS.entries()) await plant(root, index, one);
  await plant(child, 0, { name: 'Of the child', days: 10 });
});

afterAll(() => world.close());

interface Planted {
  readonly name: string;
  readonly contact?: string;
  /** Days until the service ends. */
  readonly days: number;
  readonly isTrial?: boolean;
  readonly canceled?: boolean;
}

const CUSTOMERS: readonly Planted[] = [
  { name: 'João da Silva', contact: '(11) 98888-7777', days: 40 },
  { name: 'MARIA', contact: 'maria@x.test', days: 3 },
  { name: 'joão 100%', days: -1 },
  { name: 'Trial_1', contact: 'T@x.test', days: 0.1, isTrial: true },
  { name: 'Old trial', contact: 'o@x.test', days: -5, isTrial: true },
  { name: 'Canceled', days: 20, canceled: true },
  { name: 'Gone', days: -20, canceled: true },
  { name: 'Back\\slash', days: 3 },
];

async function plant(panel: Panel, index: number, { canceled, contact, days, isTrial, name }: Planted): Promise<void> {
  const id = `0190d5a1-7b1c-7000-${panel.id.slice(-4)}-${String(index).padStart(12, '0')}`;
  await world.ledger.sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, contact, contact_key, search_key, screens, next_screens, is_trial,
      expires_at, canceled_at, credits_spent, created_at)
    VALUES (${panel.tenantId}, ${id}, ${panel.id}, ${name}, ${contact ?? null}, ${contact ?? null}, ${folded(`${name}\n${contact ?? ''}`)}, 1, 1,
      ${isTrial ?? false}, clock_timestamp() + ${days * 86_400}::float * interval '1 second', ${canceled ? '2026-01-01' : null}::timestamptz,
      ${isTrial ? 0 : 1}, now())`;
}

interface Named {
  readonly name: string;
}
interface Page extends List<Named> {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

async function list(args: string): Promise<{ names: string[]; totalCount: number }> {
  const document = `{ viewer { reseller { customers${args} { totalCount edges { node { name } } } } } }`;
  const { customers } = await world.panel<{ customers: Page }>(viewer, document);
  return { names: nodesOf(customers).map(({ name }) => name), totalCount: customers.totalCount };
}

/** Walks through every page; the walk must end by itself. */
async function walk(args: string, size: number, backward: boolean, actor = viewer, field: 'name' | 'contact' = 'name'): Promise<string[]> {
  const page = backward ? `last: ${size}, before: $cursor` : `first: ${size}, after: $cursor`;
  const document = `query ($cursor: String) { viewer { reseller { customers(${page} ${args}) {
    edges { node { name: ${field} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`;
  const next = (cursor: string | null) => world.panel<{ customers: Page }>(actor, document, { cursor });
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const { customers } = await next(cursor);
    const here = nodesOf(customers).map(({ name }) => name);
    if (backward) names.unshift(...here);
    else names.push(...here);
    const { endCursor, hasNextPage, hasPreviousPage, startCursor } = customers.pageInfo;
    cursor = backward ? (hasPreviousPage ? startCursor : null) : hasNextPage ? endCursor : null;
  } while (cursor !== null);
  return names;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
const NAMES = CUSTOMERS.map(({ name }) => name);
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe("a panel's customers", () => {
  test.each([1, 3, 8, 20])('are in the order of their creation, by pages of %i, forward or backward', async (size) => {
    expect(await walk('order: OLDEST', size, false)).toEqual(NAMES);
    expect(await walk('order: OLDEST', size, true)).toEqual(NAMES);
  });

  test.each([1, 3, 20])('are newest first by default, by pages of %i, forward or backward', async (size) => {
    expect(await walk('', size, false)).toEqual(NAMES.toReversed());
    expect(await walk('', size, true)).toEqual(NAMES.toReversed());
    expect(await walk('order: NEWEST', size, false)).toEqual(NAMES.toReversed());
  });

  test.each([1, 3, 20])('are sorted by name, in any case and without accents, by pages of %i, forward or backward', async (size) => {
    const names = ['Back\\slash', 'Canceled', 'Gone', 'joão 100%', 'João da Silva', 'MARIA', 'Old trial', 'Trial_1'];
    expect(await walk('order: NAME', size, false)).toEqual(names);
    expect(await walk('order: NAME', size, true)).toEqual(names);
    expect(await walk('order: NAME, search: "joao"', size, false)).toEqual(['joão 100%', 'João da Silva']);
  });

  test('with the same name are each listed once, in the order of their creation', async () => {
    const planted = Array.from({ length: 5 }, (_, index) => ({ name: 'Ana', contact: `ana${index}@x.test`, days: 1 }));
    const other = await world.ledger.root(1000);
    for (const [index, one] of planted.entries()) await plant(other, index, one);
    const actor = await world.actor(other);
    const contacts = planted.map(({ contact }) => contact);
    for (const backward of [false, true]) expect(await walk('order: NAME', 2, backward, actor, 'contact')).toEqual(contacts);
  });

  test.each([
    ['joao', ['João da Silva', 'joão 100%']],
    ['JOÃO', ['João da Silva', 'joão 100%']],
    ['  silva ', ['João da Silva']],
    ['98888', ['João da Silva']],
    ['x.TEST', ['MARIA', 'Trial_1', 'Old trial']],
    ['%', ['joão 100%']],
    ['_', ['Trial_1']],
    ['\\\\', ['Back\\slash']],
    ["'; --", []],
    ['', NAMES],
  ])('are found by "%s" in name or contact', async (search, names) => {
    expect(await list(`(order: OLDEST, search: "${search}")`)).toEqual({ names, totalCount: names.length });
  });

  test.each([
    ['ACTIVE', ['João da Silva', 'MARIA', 'Back\\slash']],
    ['TRIAL', ['Trial_1']],
    ['EXPIRED', ['joão 100%', 'Old trial', 'Gone']],
    ['CANCELED', ['Canceled']],
  ])('filtered by the status %s all have it', async (status, names) => {
    expect(await list(`(order: OLDEST, status: ${status})`)).toEqual({ names, totalCount: names.length });
    const document = `{ viewer { reseller { customers(status: ${status}) { edges { node { status } } } } } }`;
    const { customers } = await world.panel<{ customers: List<{ status: string }> }>(viewer, document);
    expect(nodesOf(customers)).toEqual(names.map(() => ({ status })));
  });

  test.each([1, 2, 20])('whose service ends before a time are sorted by its end, by pages of %i, forward or backward', async (size) => {
    const args = `order: EXPIRING, expiringBefore: "${daysFromNow(10)}"`;
    const ending = ['Gone', 'Old trial', 'joão 100%', 'Trial_1', 'MARIA', 'Back\\slash'];
    expect(await walk(args, size, false)).toEqual(ending);
    expect(await walk(args, size, true)).toEqual(ending);
    expect(await walk(`${args}, status: ACTIVE`, size, false)).toEqual(['MARIA', 'Back\\slash']);
    expect(await walk('order: EXPIRING', size, true)).toEqual([...ending, 'Canceled', 'João da Silva']);
  });

  test('whose service ends between two times are the same in every order, with their count', async () => {
    const between = `expiringFrom: "${daysFromNow(-10)}", expiringBefore: "${daysFromNow(10)}"`;
    const ending = ['Old trial', 'joão 100%', 'Trial_1', 'MARIA', 'Back\\slash'];
    expect(await list(`(order: EXPIRING, ${between})`)).toEqual({ names: ending, totalCount: 5 });
    for (const order of ['NEWEST', 'OLDEST', 'NAME']) {
      const { names, totalCount } = await list(`(order: ${order}, ${between})`);
      expect([names.toSorted(), totalCount]).toEqual([ending.toSorted(), 5]);
    }
    expect(await list(`(order: EXPIRING, expiringFrom: "${daysFromNow(10)}")`)).toEqual({
      names: ['Canceled', 'João da Silva'],
      totalCount: 2,
    });
  });

  test('that end at the very same time are each listed once', async () => {
    await world.ledger.sql`UPDATE customer SET expires_at = '2020-01-01T00:00:00Z' WHERE is_trial OR name IN ('Gone', 'joão 100%')`;
    const args = 'order: EXPIRING, expiringBefore: "2020-01-01T00:00:00.001Z"';
    const ending = ['joão 100%', 'Trial_1', 'Old trial', 'Gone'];
    for (const size of [1, 2, 3]) {
      expect(await walk(args, size, false)).toEqual(ending);
      expect(await walk(args, size, true)).toEqual(ending);
    }
    expect(await list('(expiringBefore: "2020-01-01T00:00:00Z")')).toEqual({ names: [], totalCount: 0 });
    expect((await list('(expiringFrom: "2020-01-01T00:00:00Z", expiringBefore: "2020-01-01T00:00:00.001Z")')).totalCount).toBe(4);
  });

  test.each([
    'first: 0',
    'first: 1, last: 1',
    'after: "x"',
    'order: EXPIRING, after: "aWQ6eA"',
    `order: NAME, after: "${Buffer.from(`name:${NO_ID}:a\0b`).toString('base64url')}"`,
    `order: EXPIRING, after: "${Buffer.from(`end:${NO_ID}:007`).toString('base64url')}"`,
    `search: "${'x'.repeat(101)}"`,
  ])('refuse %s by name, on the list itself', async (args) => {
    const { data, errors } = await world.ask(viewer, `{ viewer { role reseller { customers(${args}) { edges { node { id } } } } } }`);
    expect(errors).toEqual([{ path: 'viewer.reseller.customers', code: 'BAD_USER_INPUT' }]);
    expect(data).toEqual({ viewer: { role: 'OWNER', reseller: { customers: null } } });
  });

  test('a cursor of one order is invalid in another', async () => {
    const cursor = async (args: string) => {
      const document = `{ viewer { reseller { customers(first: 1 ${args}) { pageInfo { endCursor } } } } }`;
      return (await world.panel<{ customers: Page }>(viewer, document)).customers.pageInfo.endCursor;
    };
    const orders = ['NEWEST', 'OLDEST', 'EXPIRING', 'NAME'].map((order) => `order: ${order}`);
    const pairs = orders.flatMap((made) => orders.filter((used) => used !== made).map((used) => [made, used] as const));
    for (const [made, used] of pairs) {
      const document = `{ viewer { reseller { customers(after: "${await cursor(made)}" ${used}) { edges { node { id } } } } } }`;
      expect((await world.ask(viewer, document)).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    }
  });

  test('are visible to the panel and the platform; any other caller gets null with FORBIDDEN, and only counts (R18)', async () => {
    const document =
      '{ viewer { reseller { branch { activeCustomers } children { edges { node { branch { activeCustomers } customers { totalCount } } } } } } }';
    const { data, errors } = await world.ask(viewer, document);
    expect(errors).toEqual([{ path: 'viewer.reseller.children.edges.0.node.customers', code: 'FORBIDDEN' }]);
    expect(data).toEqual({
      viewer: {
        reseller: { branch: { activeCustomers: 4 }, children: { edges: [{ node: { branch: { activeCustomers: 1 }, customers: null } }] } },
      },
    });
    const platform = await world.platform();
    const all = await world.query(
      platform,
      'query ($id: ID!) { reseller(id: $id) { customers { totalCount edges { node { id name } } } } }',
      {
        id: world.id(platform, 'Reseller', root),
      },
    );
    expect(all.reseller.customers.totalCount).toBe(8);
  });
});

describe('statements', () => {
  test('a page with status and history takes the same number, however long it is', async () => {
    const document = (first: number) =>
      `{ viewer { reseller { customers(first: ${first}) { edges { node { name status reseller { name account { balance } } history { edges { node { kind amount } } } } } } } } }`;
    // The lock, the viewer's panel, the clock, and the customers with all their fields.
    expect(await world.count(viewer, document(1))).toBe(4);
    expect(await world.count(viewer, document(8))).toBe(4);
  });

  test('a count is one more statement, and an active count one for all branches', async () => {
    const page = '{ viewer { reseller { customers { edges { node { name } } } } } }';
    const counted = '{ viewer { reseller { customers { totalCount edges { node { name } } } } } }';
    expect(await world.count(viewer, page)).toBe(3);
    expect(await world.count(viewer, counted)).toBe(4);
    const branches = '{ viewer { reseller { branch { activeCustomers } children { edges { node { branch { activeCustomers } } } } } } }';
    const without = '{ viewer { reseller { branch { resellers } children { edges { node { branch { resellers } } } } } } }';
    const [all, some] = [await world.count(viewer, branches), await world.count(viewer, without)];
    expect(all - some).toBeLessThanOrEqual(2);
  });
});
