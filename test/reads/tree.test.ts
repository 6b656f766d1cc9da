import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Panel } from '../support/worlds/ledger-world.ts';
import { type List, nodesOf, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;
let root: Panel;
let children: Panel[];
let grandchildren: Panel[];
let viewer: Actor;

beforeAll(async () => {
  world = await SchemaWorld.open();
  root = await world.ledger.root(1000);
  children = [];
  grandchildren = [];
  for (let index = 0; index < 5; index += 1) children.push(await world.ledger.child(root, 50));
  for (const child of children.slice(0, 2)) {
    for (let index = 0; index < 2; index += 1) grandchildren.push(await world.ledger.child(child, 10));
  }
  viewer = await world.actor(root);
});

afterAll(() => world.close());

interface Id {
  readonly id: string;
}
interface Page extends List<Id> {
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}
const idsOf = (list: List<Id>) => nodesOf(list).map(({ id }) => id);
const panelIds = (panels: readonly Panel[]) => panels.map((panel) => world.id(viewer, 'Reseller', panel));

/** The ids of every page in order; the walk must end by itself. */
async function walk(field: string, size: number, backward: boolean, more = ''): Promise<string[]> {
  const args = `${backward ? `last: ${size}, before: $cursor` : `first: ${size}, after: $cursor`} ${more}`;
  const document = `query ($cursor: String) { viewer { reseller { list: ${field}(${args}) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`;
  const page = (cursor: string | null) => world.panel<{ list: Page }>(viewer, document, { cursor });
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { list } = await page(cursor);
    if (backward) ids.unshift(...idsOf(list));
    else ids.push(...idsOf(list));
    const { endCursor, hasNextPage, hasPreviousPage, startCursor } = list.pageInfo;
    const more = backward ? hasPreviousPage : hasNextPage;
    cursor = more ? (backward ? startCursor : endCursor) : null;
  } while (cursor !== null);
  return ids;
}

/** The children's balances: two of them have transferred 20 on. */
const HELD = [30, 30, 50, 50, 50];

async function setBalance({ id }: Panel, balance: number): Promise<void> {
  await world.ledger
    .sql`UPDATE account SET balance = ${balance}, locked_since = ${balance === 0 ? world.ledger.sql`now()` : null} WHERE id = ${id}`;
}

describe('children', () => {
  test('are in the order of their creation, with a count', async () => {
    const document =
      '{ viewer { reseller { children(first: 3) { totalCount edges { node { id } } pageInfo { hasNextPage hasPreviousPage } } } } }';
    expect(await world.panel(viewer, document)).toEqual({
      children: {
        totalCount: 5,
        edges: panelIds(children.slice(0, 3)).map((id) => ({ node: { id } })),
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      },
    });
  });

  test.each([1, 2, 4, 5, 6])('walked by pages of %i, forward or backward, are each listed once', async (size) => {
    expect(await walk('children', size, false)).toEqual(panelIds(children));
    expect(await walk('children', size, true)).toEqual(panelIds(children));
  });

  test.each([1, 2, 6])('are sorted by name, by balance or newest first, by pages of %i, forward or backward', async (size) => {
    const names = ['Zé', 'ágata', 'Bruna', 'agata', 'caio'];
    const balances = [50, 0, 7, 7, 9];
    const inOrder = async (order: string, positions: readonly number[]) => {
      const ids = panelIds(positions.flatMap((position) => children[position] ?? []));
      for (const backward of [false, true]) expect(await walk('children', size, backward, `order: ${order}`)).toEqual(ids);
    };
    for (const [index, child] of children.entries()) {
      await world.ledger.sql`UPDATE reseller SET name = ${names[index] ?? ''} WHERE id = ${child.id}`;
      await setBalance(child, balances[index] ?? 0);
    }
    await inOrder('NAME', [1, 3, 2, 4, 0]);
    await inOrder('BALANCE', [1, 2, 3, 4, 0]);
    await inOrder('NEWEST', [4, 3, 2, 1, 0]);
    await inOrder('OLDEST', [0, 1, 2, 3, 4]);
    for (const [index, child] of children.entries()) await setBalance(child, HELD[index] ?? 0);
  });

  test('are filtered by locked and not locked, with their count', async () => {
    const [child] = children;
    if (!child) throw new Error('no child');
    await setBalance(child, 0);
    const document = `query ($locked: Boolean) { viewer { reseller { children(locked: $locked) { totalCount edges { node { id account { locked } } } } } } }`;
    const found = async (locked: boolean | null) => {
      const { children } = await world.panel<{ children: List<Id & { account: { locked: boolean } }> & { totalCount: number } }>(
        viewer,
        document,
        {
          locked,
        },
      );
      const rows = nodesOf(children);
      expect(children.totalCount).toBe(rows.length);
      if (locked !== null) expect(new Set(rows.map(({ account }) => account.locked))).toEqual(new Set([locked]));
      return idsOf(children);
    };
    expect(await found(true)).toEqual(panelIds([child]));
    expect(await found(false)).toEqual(panelIds(children.slice(1)));
    expect(await found(null)).toEqual(panelIds(children));
    await setBalance(child, HELD[0] ?? 0);
  });

  test('in the order of their balance take as many statements, and a cursor of one order is invalid in another', async () => {
    const document = (order: string) =>
      `{ viewer { reseller { children(first: 2, order: ${order}) { edges { node { name account { balance } children(order: ${order}) { edges { node { name } } } } } pageInfo { endCursor } } } } }`;
    const orders = ['OLDEST', 'NEWEST', 'NAME', 'BALANCE'];
    const cursors = new Map<string, string>();
    for (const order of orders) {
      expect(await world.count(viewer, document(order))).toBe(2);
      const { children } = await world.panel<{ children: Page }>(viewer, document(order));
      cursors.set(order, children.pageInfo.endCursor);
    }
    for (const [made, cursor] of cursors)
      for (const order of orders.filter((used) => used !== made)) {
        const other = `{ viewer { reseller { children(order: ${order}, after: "${cursor}") { edges { node { id } } } } } }`;
        expect((await world.ask(viewer, other)).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
      }
  });

  test('are found by any part of their name, in any case, and wildcards are ordinary characters', async () => {
    const names = ['Ana 100%', 'ana_b', 'Bruno\\', 'Caio', 'ANAIS'];
    for (const [index, name] of names.entries())
      await world.ledger.sql`UPDATE reseller SET name = ${name} WHERE id = ${children[index]?.id ?? ''}`;
    const document =
      'query ($search: String) { viewer { reseller { children(search: $search) { totalCount edges { node { name } } } descendants(search: $search) { edges { node { name } } } } } }';
    type Names = List<{ name: string }>;
    type Found = { children: Names & { totalCount: number }; descendants: Names };
    const namesOf = (list: Names) => nodesOf(list).map(({ name }) => name);
    const found = async (search: string) => {
      const { children, descendants } = await world.panel<Found>(viewer, document, { search });
      const list = namesOf(children);
      expect(children.totalCount).toBe(list.length);
      const below = namesOf(descendants).filter((name) => name !== 'Child');
      expect(below.sort()).toEqual([...list].sort());
      return list;
    };
    expect(await found('ana')).toEqual(['Ana 100%', 'ana_b', 'ANAIS']);
    expect(await found('%')).toEqual(['Ana 100%']);
    expect(await found('_')).toEqual(['ana_b']);
    expect(await found('\\')).toEqual(['Bruno\\']);
    expect(await found("'; --")).toEqual([]);
  });

  test('nested two levels deep, with accounts, are one statement besides the one that reads the lock', async () => {
    const document =
      '{ viewer { reseller { children { edges { node { name account { balance } children { edges { node { name account { balance } } } } } } } } } }';
    expect((await world.ask(viewer, document)).errors).toEqual([]);
    expect(await world.count(viewer, document)).toBe(2);
  });

  test('with status, branch sums and counts take one more statement for each of these, however many children there are', async () => {
    const document = (first: number) =>
      `{ viewer { reseller { children(first: ${first}) { totalCount edges { node { status statusReason branch { resellers creditsHeld } children { totalCount } } } } } } }`;
    // The lock, the panels of both levels, their suspensions, their branches, and the counts of both levels.
    expect(await world.count(viewer, document(1))).toBe(5);
    expect(await world.count(viewer, document(5))).toBe(5);
  });

  test('selected twice with other arguments are two pages', async () => {
    const { a, b } = await world.panel<{ a: List<Id>; b: List<Id> }>(
      viewer,
      '{ viewer { reseller { a: children(first: 1) { edges { node { id } } } b: children(last: 1) { edges { node { id } } } } } }',
    );
    expect([...idsOf(a), ...idsOf(b)]).toEqual(panelIds(children.filter((_, index) => index % 4 === 0)));
  });
});

describe('descendants', () => {
  test.each([1, 3, 20])('are nearest first, by pages of %i, forward or backward', async (size) => {
    const all = await walk('descendants', size, false);
    expect(all.slice(0, 5).sort()).toEqual(panelIds(children).sort());
    expect(all.slice(5).sort()).toEqual(panelIds(grandchildren).sort());
    expect(await walk('descendants', size, true)).toEqual(all);
  });

  test('are two statements besides the viewer and the lock', async () => {
    const document = '{ viewer { reseller { descendants { edges { node { name account { balance } parent { name } } } } } } }';
    expect(await world.count(viewer, document)).toBe(4);
  });

  test('of a panel below are only its own', async () => {
    const [child] = children;
    if (!child) throw new Error('no child');
    const { reseller } = await world.query(viewer, 'query ($id: ID!) { reseller(id: $id) { descendants { edges { node { id } } } } }', {
      id: world.id(viewer, 'Reseller', child),
    });
    expect(idsOf(reseller.descendants).sort()).toEqual(panelIds(grandchildren.slice(0, 2)).sort());
  });
});

describe('the arguments of a connection', () => {
  const cursor = Buffer.from('version:1').toString('base64url');
  test.each([
    'first: 0',
    'first: 101',
    'first: -1',
    'last: 0',
    'first: 1, last: 1',
    'after: "nonsense"',
    `after: "${cursor}"`,
    'before: ""',
    `search: "${'x'.repeat(101)}"`,
    'search: "\\u0000"',
  ])('refuse %s by name, on the connection itself', async (args) => {
    const { data, errors } = await world.ask(viewer, `{ viewer { role reseller { children(${args}) { edges { node { id } } } } } }`);
    expect(errors).toEqual([{ path: 'viewer.reseller.children', code: 'BAD_USER_INPUT' }]);
    expect(data).toEqual({ viewer: { role: 'OWNER', reseller: { children: null } } });
  });
});

test('a connection queried only for its bounds returns them', async () => {
  const document =
    '{ viewer { reseller { children { pageInfo { hasNextPage endCursor } } descendants { pageInfo { endCursor } } account { statement { pageInfo { endCursor } } } } } }';
  const { children } = await world.panel<{ children: unknown }>(viewer, document);
  expect(children).toEqual({ pageInfo: { hasNextPage: false, endCursor: expect.any(String) } });
});

describe('branch', () => {
  test('sums the panel and everything below it', async () => {
    const document = '{ viewer { reseller { branch { resellers lockedResellers creditsHeld creditsConsumed } } } }';
    expect(await world.panel(viewer, document)).toEqual({
      branch: { resellers: 10, lockedResellers: 0, creditsHeld: 1000, creditsConsumed: 0 },
    });
  });
});

describe('status', () => {
  interface Status {
    readonly status: string;
    readonly statusReason: string | null;
  }

  test('of a panel below a suspended one is suspended, with its reason', async () => {
    const [child] = children;
    await world.ledger.sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'late' WHERE id = ${child?.id ?? ''}`;
    const document =
      '{ viewer { reseller { status children { edges { node { status statusReason children { edges { node { status statusReason } } } } } } } } }';
    const own = await world.panel<{ status: string; children: List<Status & { children: List<Status> }> }>(viewer, document);
    await world.ledger.sql`UPDATE reseller SET suspended_at = NULL, suspension_reason = NULL WHERE id = ${child?.id ?? ''}`;
    const [suspended, active] = nodesOf(own.children);
    expect(own.status).toBe('ACTIVE');
    expect(suspended).toMatchObject({ status: 'SUSPENDED', statusReason: 'late' });
    expect(suspended?.children.edges[0]?.node).toEqual({ status: 'SUSPENDED', statusReason: 'late' });
    expect(active).toMatchObject({ status: 'ACTIVE', statusReason: null });
  });
});

describe('parent', () => {
  test("is null for the viewer's own panel, and the parent for any other", async () => {
    const [child] = children;
    if (!child) throw new Error('no child');
    const document = '{ viewer { reseller { parent { id } children(first: 1) { edges { node { parent { id } } } } } } }';
    expect(await world.panel(viewer, document)).toEqual({
      parent: null,
      children: { edges: [{ node: { parent: { id: world.id(viewer, 'Reseller', root) } } }] },
    });
    expect(await world.panel(await world.actor(child), document)).toMatchObject({ parent: null });
  });
});

describe('tenants', () => {
  test('are the roots, only for the platform, with ids that contain their tenant', async () => {
    const platform = await world.platform();
    const other = await world.ledger.root(0);
    const document = '{ tenants { totalCount edges { node { id parent { id } descendants { edges { node { id } } } } } } }';
    const { tenants } = await world.query(platform, document);
    expect(idsOf(tenants)).toEqual([root, other].map((panel) => world.id(platform, 'Reseller', panel)));
    expect(tenants.edges[0]?.node.descendants.edges).toHaveLength(9);
    expect(await world.ask(viewer, document)).toEqual({ data: { tenants: null }, errors: [{ path: 'tenants', code: 'FORBIDDEN' }] });
    expect((await world.ask(null, document)).errors).toEqual([{ path: 'tenants', code: 'UNAUTHENTICATED' }]);
  });
});

test('the reports of a page of panels take one statement for the period and one for each part, however many panels', async () => {
  const span = 'from: "2026-01-01T00:00:00Z", to: "2026-01-31T00:00:00Z", by: MONTH';
  const document = (first: number, parts: string) =>
    `{ viewer { reseller { children(first: ${first}) { edges { node { report(${span}) { ${parts} } } } } } } }`;
  const wide = await world.ledger.root(1000);
  for (let index = 0; index < 50; index += 1) await world.ledger.child(wide, 10);
  const owner = await world.actor(wide);
  // The lock and the panels, then the period and the credits; then new and lost customers, spends, and the days.
  for (const first of [1, 50]) {
    expect(await world.count(owner, document(first, 'total { activation creditsPassedOn }'))).toBe(4);
    expect(
      await world.count(owner, document(first, 'total { activation newCustomers } intervals { sums { renewal } } expiring { customers }')),
    ).toBe(7);
  }
  // The most that an operation may cost: a report reads a journal, with others or alone.
  expect((await world.ask(owner, document(100, 'total { activation }'))).errors).toMatchObject([{ code: 'LIMIT_EXCEEDED' }]);
});
