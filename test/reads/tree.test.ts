import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Panel } from '../helpers/ledger-world.ts';
import { SchemaWorld } from '../helpers/schema-world.ts';

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

const idsOf = (connection: { edges: { node: { id: string } }[] }) => connection.edges.map(({ node }) => node.id);
const panelIds = (panels: readonly Panel[]) => panels.map((panel) => world.id(viewer, 'Reseller', panel));

describe('children', () => {
  test('come in the order in which they were made, with a count', async () => {
    const { data, errors } = await world.ask(
      viewer,
      '{ viewer { reseller { children(first: 3) { totalCount edges { node { id } } pageInfo { hasNextPage hasPreviousPage } } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.viewer.reseller.children.totalCount).toBe(5);
    expect(idsOf(data.viewer.reseller.children)).toEqual(panelIds(children.slice(0, 3)));
    expect(data.viewer.reseller.children.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  });

  test('nested three deep, with accounts, are one statement', async () => {
    const document =
      '{ viewer { reseller { children { edges { node { name account { balance } children { edges { node { name account { balance } } } } } } } } } }';
    expect((await world.ask(viewer, document)).errors).toEqual([]);
    expect(await world.count(viewer, document)).toBe(2);
  });
});
