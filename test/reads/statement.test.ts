import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import { openTestSql } from '../support/sql.ts';
import { expectPosted, type Panel } from '../support/worlds/ledger-world.ts';
import { type List, nodesOf, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;
let root: Panel;
let child: Panel;
let grandchild: Panel;
let viewer: Actor;
/** The time of each of the root's entries by version: 1 is the issue, 2 the grant, then transfers of 1, 2, 3 … */
const createdAt: Date[] = [];

beforeAll(async () => {
  world = await SchemaWorld.open();
  root = await world.ledger.root(1000);
  child = await world.ledger.child(root, 100);
  grandchild = await world.ledger.child(child, 10);
  for (let amount = 1; amount <= 8; amount += 1) expectPosted(await world.ports.ledger.post(world.ledger.transfer(root, child, amount)));
  const rows = await world.ledger.sql<{ created_at: Date }[]>`SELECT created_at FROM entry WHERE account_id = ${root.id} ORDER BY version`;
  createdAt.push(...rows.map((row) => row.created_at));
  viewer = await world.actor(root);
});

afterAll(() => world.close());

interface Version {
  readonly version: number;
}
/** The statement in a panel's answer. */
interface Stated<Statement> {
  readonly account: { readonly statement: Statement };
}
interface Page extends List<Version> {
  readonly edges: readonly { readonly cursor: string; readonly node: Version }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
}
const versionsOf = (statement: List<Version>) => nodesOf(statement).map(({ version }) => version);

async function versions(args: string, variables: Record<string, unknown> = {}): Promise<number[]> {
  const document = `query ($from: DateTime, $to: DateTime) { viewer { reseller { account { statement(from: $from, to: $to, ${args}) { edges { node { version } } } } } } }`;
  const { account } = await world.panel<Stated<List<Version>>>(viewer, document, variables);
  return versionsOf(account.statement);
}

describe('a statement', () => {
  test('is newest first, with deltas and balances that follow from each other', async () => {
    const document = '{ viewer { reseller { account { balance version statement { edges { node { version delta balanceAfter } } } } } } }';
    const { account } = await world.panel<Stated<List<unknown>>>(viewer, document);
    const entries = nodesOf(account.statement);
    expect(entries[0]).toEqual({ version: 10, delta: -8, balanceAfter: 864 });
    expect(entries.at(-1)).toEqual({ version: 1, delta: 1000, balanceAfter: 1000 });
    expect(account).toMatchObject({ balance: 864, version: 10 });
  });

  test('is walked by pages, forward and backward, in a period or not', async () => {
    for (const period of [{}, { from: createdAt[0] }]) {
      const document =
        'query ($from: DateTime, $first: Int, $after: String, $last: Int, $before: String) { viewer { reseller { account { statement(from: $from, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { version } } pageInfo { hasNextPage hasPreviousPage } } } } } }';
      const page = async (args: object) => (await world.panel<Stated<Page>>(viewer, document, { ...period, ...args })).account.statement;
      const first = await page({ first: 4 });
      expect(versionsOf(first)).toEqual([10, 9, 8, 7]);
      const second = await page({ first: 4, after: first.edges.at(-1)?.cursor });
      expect(versionsOf(second)).toEqual([6, 5, 4, 3]);
      expect(versionsOf(await page({ last: 2, before: second.edges[0]?.cursor }))).toEqual([8, 7]);
      expect(versionsOf(await page({ last: 3 }))).toEqual([3, 2, 1]);
      expect(second.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true });
    }
  });

  test('has the same answer alone as with other fields, for the own panel and one below; another panel has none', async () => {
    const fields = `account { id balance version lockedSince statement(first: 3, ARGS) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id version delta balanceAfter createdAt transfer { id kind amount createdAt memo counterparty actor from { id } to { id } } } } } }`;
    const rest = 'id name status depth createdAt';
    // A filter by kind, even by all kinds, is not read alone.
    const kinds = 'kinds: [ISSUE, PURCHASE, GRANT, TRANSFER, RECLAIM, SWEEP, ACTIVATION, RENEWAL, SCREENS, REFUND, CHARGEBACK]';
    const cursor = (version: number) => Buffer.from(`version:${version}`).toString('base64url');
    const args = ['', `after: "${cursor(4)}"`, `before: "${cursor(9)}"`, `after: "${cursor(1)}"`];
    for (const id of [root, child, grandchild].map((panel) => world.id(viewer, 'Reseller', panel))) {
      for (const arg of args) {
        const ask = (more: string) =>
          world.query(viewer, `{ reseller(id: "${id}") { ${rest} ${fields.replace('ARGS', `${arg} ${more}`)} } }`);
        const alone = await ask('');
        expect(alone.reseller).toMatchObject({ account: { statement: {} } });
        expect(alone).toEqual(await ask(kinds));
      }
    }
    const stranger = world.id(viewer, 'Reseller', await world.ledger.root(10));
    const own = await world.actor(child);
    const above = world.id(own, 'Reseller', root);
    const document = (id: string) => `{ reseller(id: "${id}") { account { statement { edges { node { version } } } } } }`;
    expect(await world.query(viewer, document(stranger))).toEqual({ reseller: null });
    expect(await world.query(own, document(above))).toEqual({ reseller: null });
  });

  test('alone never uses Prisma, and with a list next to it does (ADR-0120)', async () => {
    const owner = openTestSql(world.ledger.url);
    onTestFinished(() => owner.end());
    const latest = async () => {
      const [row] = await owner<{ at: string | null }[]>`
        SELECT max(query_start)::text AS at FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test schema reads'`;
      return row?.at;
    };
    const asksPrisma = async (document: string) => {
      const before = await latest();
      expect((await world.do(viewer, document, { id: world.id(viewer, 'Reseller', root) })).errors).toEqual([]);
      // A connection that was idle for long is closed, with its time.
      return ((await latest()) ?? '') > (before ?? '');
    };
    const fields = 'edges { node { version delta balanceAfter createdAt transfer { kind amount memo } } }';
    const page = `account { statement(first: 50) { ${fields} } }`;
    for (const document of [`query ($id: ID!) { reseller(id: $id) { ${page} } }`, `{ viewer { reseller { ${page} } } }`]) {
      expect(await asksPrisma(document)).toBe(false);
      expect(await asksPrisma(document.replace('account {', 'children { edges { cursor } } account {'))).toBe(true);
    }
  });

  test('is filtered by kind', async () => {
    expect(await versions('kinds: [ISSUE, GRANT]')).toEqual([2, 1]);
    expect(await versions('kinds: [RENEWAL]')).toEqual([]);
    expect(await versions('kinds: []')).toEqual([]);
  });

  test('of a period includes its start and excludes its end', async () => {
    const of = (from: Date | undefined, to: Date | undefined) =>
      createdAt.flatMap((at, index) => ((!from || at >= from) && (!to || at < to) ? [index + 1] : [])).reverse();
    for (const from of [undefined, createdAt[0], createdAt[4], createdAt[9]]) {
      for (const to of [undefined, createdAt[0], createdAt[5], createdAt[9]]) {
        expect(await versions('first: 100', { from, to })).toEqual(of(from, to));
      }
    }
  });

  test('refuses a cursor of another list and a page that is too large', async () => {
    const cursor = Buffer.from(`id:${root.id}`).toString('base64url');
    for (const args of [`after: "${cursor}"`, 'after: "bad"', 'first: 101', 'last: 0', 'from: "2026-01-01T00:00:00Z", first: 0']) {
      const { errors } = await world.ask(viewer, `{ viewer { reseller { account { statement(${args}) { edges { node { id } } } } } } }`);
      expect(errors).toEqual([{ path: 'viewer.reseller.account.statement', code: 'BAD_USER_INPUT' }]);
    }
  });

  test('with transfers, both accounts, their panels and actors takes at most seven statements, however long it is', async () => {
    const busy = await world.ledger.root(1000);
    for (let index = 0; index < 9; index += 1) await world.ledger.child(busy, 10);
    const owner = await world.actor(busy);
    const document = (first: number) =>
      `{ viewer { reseller { account { statement(first: ${first}) { edges { node { transfer { kind actor counterparty from { balance reseller { name } } to { balance reseller { name } } } } } } } } } }`;
    // The entries with their transfers, the lock, the accounts, the actors, and the panels: those of the counterparties become known
    // with the transfers, those of `from` and `to` with the accounts. Two or three statements, by which answer arrives first.
    for (const first of [1, 5, 10]) expect(await world.count(owner, document(first))).toBeLessThanOrEqual(7);
  });

  test('alone is one statement, even for every child of a page', async () => {
    expect(
      await world.count(viewer, '{ viewer { reseller { account { statement { edges { node { id transfer { memo kind } } } } } } } }'),
    ).toBe(1);
    const document =
      '{ viewer { reseller { children { edges { node { account { statement(first: 2) { edges { node { version transfer { kind } } } } } } } } } } }';
    expect(await world.count(viewer, document)).toBe(2);
  });
});

describe('a transfer in a statement', () => {
  const document =
    '{ viewer { reseller { account { statement(last: 3) { edges { node { transfer { kind counterparty actor from { id } to { id } } } } } } } } }';
  const transfersSeenBy = async (actor: Actor) => {
    const { account } = await world.panel<Stated<List<{ transfer: unknown }>>>(actor, document);
    return nodesOf(account.statement)
      .map(({ transfer }) => transfer)
      .reverse();
  };

  test('shows the counterparty, but only accounts and actors of the branch (R18)', async () => {
    const rootUser = viewer.email;
    const account = (actor: Actor, panel: Panel) => ({ id: world.id(actor, 'Account', panel) });
    expect(await transfersSeenBy(viewer)).toEqual([
      { kind: 'ISSUE', counterparty: 'PLATFORM', actor: null, from: null, to: account(viewer, root) },
      { kind: 'GRANT', counterparty: 'CHILD', actor: rootUser, from: account(viewer, root), to: account(viewer, child) },
      { kind: 'TRANSFER', counterparty: 'CHILD', actor: rootUser, from: account(viewer, root), to: account(viewer, child) },
    ]);
    const childsOwn = await world.actor(child);
    expect(await transfersSeenBy(childsOwn)).toEqual([
      { kind: 'GRANT', counterparty: 'PARENT', actor: null, from: null, to: account(childsOwn, child) },
      { kind: 'GRANT', counterparty: 'CHILD', actor: childsOwn.email, from: account(childsOwn, child), to: account(childsOwn, grandchild) },
      { kind: 'TRANSFER', counterparty: 'PARENT', actor: null, from: null, to: account(childsOwn, child) },
    ]);
  });
});

describe('balanceAt', () => {
  test("is the account's balance at that time, 0 before its first change", async () => {
    const document = 'query ($time: DateTime!) { viewer { reseller { account { balanceAt(time: $time) } } } }';
    const at = async (time: Date) => (await world.panel<{ account: { balanceAt: number } }>(viewer, document, { time })).account.balanceAt;
    const rows = await world.ledger.sql<{ created_at: Date; balance_after: number }[]>`
      SELECT DISTINCT ON (created_at) created_at, balance_after FROM entry WHERE account_id = ${root.id} ORDER BY created_at, version DESC`;
    for (const row of rows) expect(await at(row.created_at)).toBe(row.balance_after);
    expect(await at(new Date((createdAt[0]?.getTime() ?? 0) - 1))).toBe(0);
    expect(await at(new Date('2999-01-01T00:00:00Z'))).toBe(864);
  });

  test('of every child of a page is one statement', async () => {
    const document = '{ viewer { reseller { children { edges { node { account { balanceAt(time: "2026-01-01T00:00:00Z") } } } } } } }';
    expect(await world.count(viewer, document)).toBe(3);
  });
});
