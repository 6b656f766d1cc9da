import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import { expectPosted, type Panel } from '../support/worlds/ledger-world.ts';
import { type List, nodesOf, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;
let root: Panel;
let locked: Panel;
let sibling: Panel;
let below: Panel;
let stranger: Panel;
let viewer: Actor;
let platform: Actor;

beforeAll(async () => {
  world = await SchemaWorld.open();
  root = await world.ledger.root(100);
  locked = await world.ledger.child(root, 10);
  sibling = await world.ledger.child(root, 20);
  below = await world.ledger.child(locked, 10);
  stranger = await world.ledger.root(10);
  viewer = await world.actor(locked);
  platform = await world.platform();
});

afterAll(() => world.close());

const UNKNOWN = '01890000-0000-7000-8000-000000000000';
const unknown = (panel: Panel) => ({ tenantId: panel.tenantId, id: UNKNOWN });
const entry = (panel: Panel, version: number) => ({ tenantId: panel.tenantId, id: panel.id, version });

async function transferOf(panel: Panel, version: number): Promise<{ tenantId: string; id: string }> {
  const [row] = await world.ledger.sql<{ transfer_id: string }[]>`
    SELECT transfer_id FROM entry WHERE account_id = ${panel.id} AND version = ${version}`;
  return { tenantId: panel.tenantId, id: row?.transfer_id ?? '' };
}

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
const RESELLER = 'query ($id: ID!) { reseller(id: $id) { id } }';

describe('a locked panel (R8)', () => {
  test('reads its own panel, account, entries and transfers, by field and by id', async () => {
    const document = `{ viewer { role user { email createdAt } reseller { id name status depth parent { id }
      account { balance locked lockedSince lowBalance reserveThreshold debt balanceAt(time: "2999-01-01T00:00:00Z")
        statement { edges { node { delta transfer { kind counterparty actor from { id } to { id } } } } } } } } }`;
    const { account } = await world.panel<{ account: { statement: List<unknown> } }>(viewer, document);
    expect(account).toMatchObject({ balance: 0, locked: true, lowBalance: true, balanceAt: 0 });
    const own = { id: world.id(viewer, 'Account', locked) };
    // The accounts of others are null: the parent's and the child's.
    expect(nodesOf(account.statement)).toEqual([
      { delta: -10, transfer: { kind: 'GRANT', counterparty: 'CHILD', actor: viewer.email, from: own, to: null } },
      { delta: 10, transfer: { kind: 'GRANT', counterparty: 'PARENT', actor: null, from: null, to: own } },
    ]);
    const ids = [
      world.id(viewer, 'Reseller', locked),
      world.id(viewer, 'Account', locked),
      world.id(viewer, 'Entry', entry(locked, 2)),
      world.id(viewer, 'Transfer', await transferOf(locked, 2)),
      world.id(viewer, 'User', { tenantId: locked.tenantId, id: locked.userId }),
    ];
    for (const id of ids) expect(await world.query(viewer, NODE, { id })).toMatchObject({ node: { id } });
    const types = ['Reseller', 'Account', 'Entry', 'Transfer', 'User'];
    expect(await world.query(viewer, 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', { ids })).toEqual({
      nodes: types.map((__typename) => ({ __typename })),
    });
    expect(await world.query(viewer, RESELLER, { id: ids[0] })).toEqual({ reseller: { id: ids[0] } });
  });

  test('gets PANEL_LOCKED for any other id, existing, malformed or in its branch', async () => {
    const ids = [
      'nonsense',
      '',
      world.id(viewer, 'Reseller', below),
      world.id(viewer, 'Reseller', root),
      world.id(viewer, 'Reseller', unknown(locked)),
      world.id(viewer, 'Account', below),
      world.id(viewer, 'Entry', entry(below, 1)),
      world.id(viewer, 'Transfer', await transferOf(root, 1)),
      world.id(viewer, 'Transfer', unknown(locked)),
      world.id(viewer, 'User', { tenantId: below.tenantId, id: below.userId }),
    ];
    for (const id of ids) {
      expect(await world.ask(viewer, NODE, { id }), id).toEqual({ data: { node: null }, errors: [{ path: 'node', code: 'PANEL_LOCKED' }] });
      expect((await world.ask(viewer, RESELLER, { id })).errors).toEqual([{ path: 'reseller', code: 'PANEL_LOCKED' }]);
    }
    const own = world.id(viewer, 'Account', locked);
    expect(await world.ask(viewer, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [ids[2], own] })).toEqual({
      data: { nodes: [null, { id: own }] },
      errors: [{ path: 'nodes.0', code: 'PANEL_LOCKED' }],
    });
  });

  test('is refused children, descendants and branch, even by aliases and fragments, and other fields are answered', async () => {
    const document = `{ viewer { reseller { ...Below again: children { totalCount } account { balance } } } }
      fragment Below on Reseller { children { edges { node { id } } } descendants { edges { node { id } } } branch { creditsHeld } }`;
    const { data, errors } = await world.ask(viewer, document);
    expect(data).toEqual({
      viewer: { reseller: { children: null, again: null, descendants: null, branch: null, account: { balance: 0 } } },
    });
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['PANEL_LOCKED']));
    expect(errors).toHaveLength(4);
  });

  test('sees the rest again from the commit that raises its balance', async () => {
    const document = '{ viewer { reseller { children { totalCount } } } }';
    expectPosted(await world.ports.ledger.post(world.ledger.transfer(root, locked, 1)));
    expect(await world.panel(viewer, document)).toEqual({ children: { totalCount: 1 } });
    expectPosted(await world.ports.ledger.post(world.ledger.transfer(locked, below, 1)));
    expect((await world.ask(viewer, document)).errors).toEqual([{ path: 'viewer.reseller.children', code: 'PANEL_LOCKED' }]);
  });
});

describe('a panel that is not locked (R18)', () => {
  test('finds nothing by ids of ancestors, siblings and other tenants, nor by unknown and malformed ones', async () => {
    const actor = await world.actor(sibling);
    const ids = [
      'nonsense',
      world.id(actor, 'Reseller', root),
      world.id(actor, 'Reseller', locked),
      world.id(actor, 'Reseller', stranger),
      world.id(actor, 'Reseller', unknown(sibling)),
      world.id(platform, 'Reseller', sibling),
      world.id(actor, 'Account', root),
      world.id(actor, 'Account', stranger),
      world.id(actor, 'Entry', entry(root, 1)),
      world.id(actor, 'Entry', entry(sibling, 99)),
      world.id(actor, 'Transfer', await transferOf(locked, 1)),
      world.id(actor, 'Transfer', await transferOf(stranger, 1)),
      world.id(actor, 'User', { tenantId: root.tenantId, id: root.userId }),
    ];
    for (const id of ids) {
      expect(await world.ask(actor, NODE, { id }), id).toEqual({ data: { node: null }, errors: [] });
      expect(await world.ask(actor, RESELLER, { id })).toEqual({ data: { reseller: null }, errors: [] });
    }
  });

  test('finds every object of its branch', async () => {
    const actor = await world.actor(root);
    for (const panel of [root, locked, below]) {
      const ids = [
        world.id(actor, 'Reseller', panel),
        world.id(actor, 'Account', panel),
        world.id(actor, 'Entry', entry(panel, 1)),
        world.id(actor, 'Transfer', await transferOf(panel, 1)),
      ];
      expect(await world.query(actor, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual({
        nodes: ids.map((id) => ({ id })),
      });
    }
  });

  test('may ask for 1 to 100 nodes', async () => {
    const actor = await world.actor(root);
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    for (const length of [0, 101]) {
      const { errors } = await world.ask(actor, document, { ids: Array.from({ length }, () => 'x') });
      expect(errors).toEqual([{ path: 'nodes', code: 'BAD_USER_INPUT' }]);
    }
    const { nodes } = await world.query(actor, document, { ids: Array.from({ length: 100 }, () => 'x') });
    expect(nodes).toHaveLength(100);
  });
});

describe('ledgerHealth', () => {
  const document = '{ ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt } }';

  test('is for the platform over all tenants, and for the owner of a root panel over its own', async () => {
    const all = await world.do(platform, document);
    expect(all.errors).toEqual([]);
    expect(all.data).toMatchObject({ ledgerHealth: { ok: true, issued: 110, held: 110, problems: [] } });
    const own = await world.do(await world.actor(stranger), document);
    expect(own.data).toMatchObject({ ledgerHealth: { ok: true, issued: 10, held: 10, entries: 1 } });
  });

  test('is FORBIDDEN for every other user, and UNAUTHENTICATED without a session', async () => {
    for (const actor of [await world.actor(sibling), await world.actor(root, 'VIEWER')]) {
      expect(await world.ask(actor, document)).toEqual({
        data: { ledgerHealth: null },
        errors: [{ path: 'ledgerHealth', code: 'FORBIDDEN' }],
      });
    }
    expect((await world.ask(null, document)).errors).toEqual([{ path: 'ledgerHealth', code: 'UNAUTHENTICATED' }]);
  });
});

describe('the cost of an operation', () => {
  test('above the limit is refused as LIMIT_EXCEEDED before anything is resolved, however the document is written', async () => {
    const actor = await world.actor(root, 'OWNER');
    const nested = (size: string) =>
      `children(first: ${size}) { edges { node { children(first: ${size}) { edges { node { children(first: ${size}) { edges { node { id } } } } } } } } }`;
    const literal = `{ viewer { reseller { ${nested('100')} } } }`;
    const variable = `query ($first: Int) { viewer { reseller { ${nested('$first')} } } }`;
    let errors: unknown;
    const statements = await world.statementsOf(async () => {
      ({ errors } = await world.ask(actor, literal));
    });
    expect(errors).toEqual([{ path: 'viewer', code: 'LIMIT_EXCEEDED' }]);
    expect(statements).toBe(0);
    expect((await world.ask(actor, variable, { first: 100 })).errors).toEqual([{ path: 'viewer', code: 'LIMIT_EXCEEDED' }]);
    expect((await world.ask(actor, variable, { first: 5 })).errors).toEqual([]);
    await expect(world.subscribe(actor, `subscription { branchChanged { account { reseller { ${nested('100')} } } } }`)).rejects.toThrow(
      'LIMIT_EXCEEDED',
    );
  });
});
