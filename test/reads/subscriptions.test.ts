import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeIdOf } from '../../schema/core/global-id.ts';
import { moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { expectPosted, type Panel } from '../support/worlds/ledger-world.ts';
import { type Answer, dataOf, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;

beforeAll(async () => {
  world = await SchemaWorld.open();
});

afterAll(() => world.close());

const BALANCE = `subscription ($resellerId: ID, $after: Version) { balanceChanged(resellerId: $resellerId, after: $after) {
  version balance delta locked lowBalance at account { id balance version locked } entry { version delta transfer { amount kind counterparty } } } }`;
const LOCK =
  'subscription ($resellerId: ID, $after: Version) { lockChanged(resellerId: $resellerId, after: $after) { version locked account { locked } } }';
const BRANCH =
  'subscription ($resellerId: ID) { branchChanged(resellerId: $resellerId) { version balance account { id reseller { name } } } }';

async function move(from: Panel, to: Panel, amount: number): Promise<void> {
  expectPosted(await world.ports.ledger.post(world.ledger.transfer(from, to, amount)));
}

/** The value of the single field in the next event. */
async function next<Change>(events: AsyncIterator<Answer<Record<string, Change>>>): Promise<Change> {
  const step = await events.next();
  if (step.done) throw new Error('the subscription ended');
  const [change] = Object.values(dataOf(step.value));
  if (change === undefined) throw new Error('an event of nothing');
  return change;
}

type BranchChange = { readonly branchChanged: { readonly balance: number; readonly account: { readonly id: string } } };

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

const family = async () => {
  const root = await world.ledger.root(100);
  const child = await world.ledger.child(root, 20);
  const grandchild = await world.ledger.child(child, 10);
  return { root, child, grandchild };
};

describe('balanceChanged', () => {
  test('starts with the current state and continues with every change, without a statement', async () => {
    const { root, child } = await family();
    const viewer = await world.actor(root);
    const events = await world.subscribe(viewer, BALANCE);
    expect(await next(events)).toMatchObject({ version: 2, balance: 80, delta: 0, locked: false, entry: null });
    const statements = await world.statementsOf(async () => {
      for (const [index, amount] of [1, 2, 3].entries()) {
        await move(root, child, amount);
        expect(await next(events)).toMatchObject({
          version: 3 + index,
          delta: -amount,
          account: { id: world.id(viewer, 'Account', root), version: 3 + index },
          entry: { version: 3 + index, transfer: { amount, kind: 'TRANSFER', counterparty: 'CHILD' } },
        });
      }
    });
    expect(statements).toBe(0);
    await events.return?.();
  });

  test('resumes after a version, from the journal and then live', async () => {
    const { root, child } = await family();
    await move(root, child, 5);
    const events = await world.subscribe(await world.actor(root), BALANCE, { after: 1 });
    expect(await next(events)).toMatchObject({ version: 2, delta: -20, balance: 80 });
    expect(await next(events)).toMatchObject({ version: 3, delta: -5, balance: 75 });
    await move(root, child, 6);
    expect(await next(events)).toMatchObject({ version: 4, delta: -6, balance: 69 });
    await events.return?.();
    const early = await world.subscribe(await world.actor(root), BALANCE, { after: 99 });
    expect(await codeOf(early.next())).toBe('BAD_USER_INPUT');
  });

  test('is for the own panel and its branch; any other panel is NOT_FOUND, and the platform must name one', async () => {
    const { root, child, grandchild } = await family();
    const stranger = await world.ledger.root(10);
    const viewer = await world.actor(child);
    const of = (actor: Actor, panel: Panel) => world.subscribe(actor, BALANCE, { resellerId: world.id(actor, 'Reseller', panel) });
    await (await of(viewer, grandchild)).return?.();
    for (const panel of [root, stranger]) await expect(of(viewer, panel)).rejects.toThrow('NOT_FOUND');
    await expect(world.subscribe(viewer, BALANCE, { resellerId: 'nonsense' })).rejects.toThrow('NOT_FOUND');
    const platform = await world.platform();
    await expect(world.subscribe(platform, BALANCE)).rejects.toThrow('BAD_USER_INPUT');
    expect(await next(await of(platform, grandchild))).toMatchObject({ balance: 10 });
    await expect(world.subscribe(null, BALANCE)).rejects.toThrow('UNAUTHENTICATED');
  });
});

describe('a panel that locks', () => {
  test('still watches its own balance and lock, and loses the other subscriptions with PANEL_LOCKED', async () => {
    const { root, child, grandchild } = await family();
    const viewer = await world.actor(child);
    const resellerId = world.id(viewer, 'Reseller', grandchild);
    const [balance, lock] = [await world.subscribe(viewer, BALANCE), await world.subscribe(viewer, LOCK)];
    await next(balance);
    expect(await next(lock)).toMatchObject({ locked: false });
    const others = [
      await world.subscribe(viewer, BALANCE, { resellerId }),
      await world.subscribe(viewer, LOCK, { resellerId }),
      await world.subscribe(viewer, BRANCH),
    ] as const;
    await next(others[0]);
    await next(others[1]);
    await move(child, grandchild, 10);
    expect(await next(lock)).toMatchObject({ locked: true, account: { locked: true } });
    expect(await next(balance)).toMatchObject({ balance: 0, locked: true });
    for (const events of others) {
      // An earlier commit may still be delivered; then the subscription ends.
      let code = 'no refusal';
      while (code === 'no refusal') code = await codeOf(events.next());
      expect(code).toBe('PANEL_LOCKED');
      expect((await events.next()).done).toBe(true);
    }
    await expect(world.subscribe(viewer, BRANCH)).rejects.toThrow('PANEL_LOCKED');
    await expect(world.subscribe(viewer, BALANCE, { resellerId })).rejects.toThrow('PANEL_LOCKED');
    await expect(world.subscribe(viewer, BALANCE, { resellerId: 'nonsense' })).rejects.toThrow('PANEL_LOCKED');
    await move(root, child, 1);
    expect(await next(lock)).toMatchObject({ locked: false });
    expect(await next(balance)).toMatchObject({ balance: 1 });
    for (const events of [balance, lock]) await events.return?.();
  });
});

describe('branchChanged', () => {
  test('sends the newest state of any panel of the branch, and of no panel beside or above it', async () => {
    const { root, child, grandchild } = await family();
    const sibling = await world.ledger.child(root, 10);
    const viewer = await world.actor(child);
    const events = await world.subscribe<BranchChange>(viewer, BRANCH);
    await move(root, sibling, 1);
    await move(child, grandchild, 1);
    const seen = [await next(events), await next(events)];
    const ids = seen.map(({ account }) => account.id);
    expect(ids.sort()).toEqual([child, grandchild].map((panel) => world.id(viewer, 'Account', panel)).sort());
    await events.return?.();
  });

  test('continues when the branch is moved, in its new place', async () => {
    const { root, child, grandchild } = await family();
    const other = await world.ledger.child(root, 10);
    const mover = await world.actor(root);
    const viewer = await world.actor(grandchild);
    const events = await world.subscribe<BranchChange>(viewer, BRANCH);
    const row = (panel: Panel) => decodeIdOf(world.context(mover), 'Reseller', world.id(mover, 'Reseller', panel));
    await moveReseller(world.ports, { actor: mover, address: null }, row(grandchild), row(other), false);
    await move(other, grandchild, 1);
    // A change shortly before the move may be sent again.
    const heard = async (balance: number) => {
      for (let event = await next(events); event.balance !== balance; event = await next(events));
    };
    await heard(11);
    await move(root, child, 1);
    await move(other, grandchild, 1);
    expect(await next(events)).toMatchObject({ balance: 12 });
    await events.return?.();
  });
});

describe('a right that is lost', () => {
  test('of a panel moved out of the branch ends with NOT_FOUND', async () => {
    const { root, child, grandchild } = await family();
    const other = await world.ledger.child(root, 10);
    const viewer = await world.actor(child);
    const events = await world.subscribe(viewer, BALANCE, { resellerId: world.id(viewer, 'Reseller', grandchild) });
    await next(events);
    const waiting = codeOf(events.next());
    const mover = await world.actor(root);
    await moveReseller(world.ports, { actor: mover, address: null }, grandchild, other, false);
    expect(await waiting).toBe('NOT_FOUND');
  });

  test('of an ended session or a disabled user ends with UNAUTHENTICATED, and no other subscription does', async () => {
    const { root } = await family();
    const [first, second] = [await world.actor(root), await world.actor(root)];
    const [ended, open] = [await world.subscribe(first, BALANCE), await world.subscribe(second, BALANCE)];
    await next(ended);
    await next(open);
    const waiting = [codeOf(ended.next()), codeOf(open.next())] as const;
    await world.ports.sessions.end(first);
    world.ports.announce({ kind: 'session', tenantId: first.tenantId, sessionId: first.sessionId });
    expect(await waiting[0]).toBe('UNAUTHENTICATED');
    await world.ledger.sql`UPDATE app_user SET disabled_at = now() WHERE id = ${root.userId}`;
    world.ports.announce({ kind: 'user', tenantId: root.tenantId, userId: root.userId });
    expect(await waiting[1]).toBe('UNAUTHENTICATED');
  });

  test('a hint that changes nothing ends nothing', async () => {
    const { root, child } = await family();
    const viewer = await world.actor(root);
    const events = await world.subscribe(viewer, BALANCE);
    await next(events);
    for (let round = 0; round < 10; round += 1) world.ports.announce({ kind: 'user', tenantId: root.tenantId, userId: root.userId });
    await move(root, child, 1);
    expect(await next(events)).toMatchObject({ delta: -1 });
    await events.return?.();
  });
});

test('a subscription that is closed while it waits ends at once', async () => {
  const { root } = await family();
  const events = await world.subscribe(await world.actor(root), BALANCE);
  await next(events);
  const waiting = events.next();
  await events.return?.();
  expect((await waiting).done).toBe(true);
});
