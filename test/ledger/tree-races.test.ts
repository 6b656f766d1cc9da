import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeReseller } from '../../src/domain/reseller/close-reseller.ts';
import { moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import { reclaimCredits } from '../../src/domain/reseller/reclaim-credits.ts';
import { resumeReseller } from '../../src/domain/reseller/resume-reseller.ts';
import { suspendReseller } from '../../src/domain/reseller/suspend-reseller.ts';
import { updateReseller } from '../../src/domain/reseller/update-reseller.ts';
import type { Acting } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import type { BuyCredits } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { readTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { patiently } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';

const ROUNDS = 12;

let database: TestDatabase;
let world: LedgerWorld;
/** A second queue, as another process has. */
let elsewhere: PostingQueue;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  elsewhere = world.openQueue();
});

afterAll(async () => {
  await elsewhere?.close();
  await world?.close();
  await database?.drop();
});

function by(panel: Panel): Acting {
  const actor = {
    userId: panel.userId,
    tenantId: panel.tenantId,
    email: 'owner@races.test',
    role: 'OWNER' as const,
    sessionId: panel.userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: { id: panel.id, path: 'stale.', depth: 0 },
  };
  return { actor, address: null };
}

const portsOf = (ledger: PostingQueue) => ({ ledger, sql: world.sql, announce: () => {} });

/** The result of a call: 'done', or the code of its refusal. */
async function outcome(call: () => Promise<unknown>): Promise<string> {
  try {
    await patiently(call);
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

function close(parent: Panel, panel: Panel, key = world.key(), queue = elsewhere) {
  return outcome(() => closeReseller(portsOf(queue), by(parent), { resellerId: panel.id, idempotencyKey: key }, panel));
}

function reclaim(parent: Panel, panel: Panel, amount: number) {
  const input = { fromResellerId: panel.id, amount, reason: 'race', idempotencyKey: world.key() };
  return outcome(() => reclaimCredits(portsOf(elsewhere), by(parent).actor, input, panel));
}

function order(buyer: Panel): BuyCredits {
  const { actorId, hash, key, roles, scopeId, scopeTenantId, tenantId } = world.transfer(buyer, buyer, 1);
  const what = { purchaseId: crypto.randomUUID(), sellerId: null, quantity: 10, totalMinor: 100, currency: 'BRL' };
  return {
    ...{ actorId, hash, key, roles, scopeId, scopeTenantId, tenantId, ...what },
    kind: 'buyCredits',
    provider: 'MANUAL',
    expiresAfterMs: 3_600_000,
  };
}

async function expectWhole({ tenantId }: Panel): Promise<void> {
  expectSound(await readTables(world.sql, [tenantId]));
  expect(await world.health(tenantId)).toMatchObject({ ok: true, problems: [] });
}

async function reclaimingRoot(balance: number): Promise<Panel> {
  const root = await world.root(balance);
  await world.sql`UPDATE tenant SET reclaim_allowed = true WHERE id = ${root.tenantId}`;
  return root;
}

function count(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

test('of a concurrent reclaim and spend of the same credits exactly one is done', async () => {
  const root = await reclaimingRoot(10_000);
  for (let round = 0; round < ROUNDS; round += 1) {
    const panel = await world.child(root, 30);
    const below = await world.child(panel, 10);
    const [taken, spent] = await Promise.all([reclaim(root, panel, 15), world.queue.post(world.transfer(panel, below, 15))]);
    expect([taken === 'done', spent.status === 'posted'].filter(Boolean)).toHaveLength(1);
    expect(await world.account(panel)).toMatchObject({ balance: 5 });
  }
  await expectWhole(root);
});

test('of 60 credits reclaimed and spent one by one by 100 at once, 60 move and the panel ends locked', async () => {
  const root = await reclaimingRoot(10_000);
  const panel = await world.child(root, 70);
  const below = await world.child(panel, 10);
  const [taken, spent] = await Promise.all([
    Promise.all(times(50, () => reclaim(root, panel, 1))),
    Promise.all(times(50, () => world.queue.post(world.transfer(panel, below, 1)))),
  ]);
  const done = (count(taken).done ?? 0) + (tally(spent).POSTED ?? 0);
  expect(done).toBe(60);
  expect(await world.account(panel)).toMatchObject({ balance: 0, locked: true });
  await expectWhole(root);
});

test('a panel closed while it spends, creates, receives and buys ends empty, childless and without orders, or stays open', async () => {
  const root = await world.root(100_000);
  const closed: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const panel = await world.child(root, 40);
    const [ending, ...others] = await Promise.all([
      close(root, panel),
      world.queue.post(world.creation(panel, 10)),
      world.queue.post(world.transfer(root, panel, 1)),
      world.queue.post(order(panel)),
      elsewhere.post(world.transfer(root, panel, 1)),
      elsewhere.post(order(panel)),
    ]);
    closed.push(ending);
    await expectClosedOrOpen(panel, ending, others);
  }
  expect(Object.keys(count(closed)).every((code) => code === 'done' || code === 'INVALID_STATE')).toBe(true);
  await expectWhole(root);
});

async function expectClosedOrOpen(panel: Panel, ending: string, others: readonly Outcome[]): Promise<void> {
  const [now] = await world.sql<{ closed: boolean; children: number; pending: number; balance: number }[]>`
    SELECT r.closed_at IS NOT NULL AS closed, a.balance,
      (SELECT count(*) FROM reseller c WHERE c.tenant_id = r.tenant_id AND c.parent_id = r.id) AS children,
      (SELECT count(*) FROM purchase p WHERE p.tenant_id = r.tenant_id AND p.buyer_id = r.id AND p.status = 'PENDING') AS pending
    FROM reseller r JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.id
    WHERE r.tenant_id = ${panel.tenantId} AND r.id = ${panel.id}`;
  expect(now?.closed).toBe(ending === 'done');
  if (ending === 'done') expect(now).toMatchObject({ children: 0, pending: 0, balance: 0 });
  else expect(now).toMatchObject({ children: 1 });
  // The second of two commands of a closed panel finds that its session has ended.
  for (const one of others) expect(['POSTED', 'INVALID_STATE', 'UNAUTHENTICATED']).toContain(Object.keys(tally([one]))[0]);
}

test('of ten concurrent closes one is done and the others find the panel closed; ten with one key are one close and replays', async () => {
  const root = await world.root(10_000);
  const [first, second] = [await world.child(root, 50), await world.child(root, 50)];
  const closes = await Promise.all(times(10, (index) => close(root, first, world.key(), index % 2 === 0 ? world.queue : elsewhere)));
  expect(count(closes)).toEqual({ done: 1, INVALID_STATE: 9 });
  const key = world.key();
  const same = await Promise.all(times(10, (index) => close(root, second, key, index % 2 === 0 ? world.queue : elsewhere)));
  expect(count(same)).toEqual({ done: 10 });
  expect(await world.account(root)).toMatchObject({ balance: 10_000 });
  await expectWhole(root);
});

test('a panel that is moved while it is closed leaves its credits to its parent at that time, or stays open', async () => {
  const root = await world.root(100_000);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [from, to] = [await world.child(root, 40), await world.child(root, 40)];
    const panel = await world.child(from, 20);
    const moving = outcome(() => moveReseller(portsOf(elsewhere), by(root), panel, to, false));
    const [ending, moved] = await Promise.all([close(root, panel, world.key(), round % 2 === 0 ? world.queue : elsewhere), moving]);
    // A move that comes second finds the panel closed; a close that comes second closes it where it is.
    expect([ending, moved].filter((one) => one !== 'done' && one !== 'INVALID_STATE')).toEqual([]);
    expect(ending).toBe('done');
    const [place] = await world.sql<{ parent_id: string }[]>`
      SELECT parent_id FROM reseller WHERE tenant_id = ${panel.tenantId} AND id = ${panel.id}`;
    const [swept] = await world.sql<{ to_id: string }[]>`
      SELECT to_id FROM transfer WHERE tenant_id = ${panel.tenantId} AND from_id = ${panel.id} AND kind = 'SWEEP'`;
    expect(place?.parent_id).toBe(moved === 'done' ? to.id : from.id);
    expect(swept?.to_id).toBe(place?.parent_id);
  }
  await expectWhole(root);
});

test('a suspended panel spends nothing from that moment on, however many spends run at the time', async () => {
  const root = await world.root(100_000);
  for (let round = 0; round < ROUNDS; round += 1) {
    const panel = await world.child(root, 200);
    const below = await world.child(panel, 10);
    const spending = times(40, (index) => (index % 2 === 0 ? world.queue : elsewhere).post(world.transfer(panel, below, 1)));
    const suspended = outcome(() => suspendReseller(portsOf(elsewhere), by(root), panel, { reason: 'race' }));
    const late = suspended.then(() => Promise.all(times(5, () => world.queue.post(world.transfer(panel, below, 1)))));
    expect(await suspended).toBe('done');
    expect(tally(await late)).toEqual({ PANEL_SUSPENDED: 5 });
    await Promise.all(spending);
    const after = await world.sql`
      SELECT FROM entry e JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.account_id
      WHERE e.tenant_id = ${panel.tenantId} AND e.account_id = ${panel.id} AND e.delta < 0 AND e.created_at > r.suspended_at`;
    expect(after).toHaveLength(0);
    expect(await outcome(() => resumeReseller(portsOf(elsewhere), by(root), panel))).toBe('done');
    expect(tally([await world.queue.post(world.transfer(panel, below, 1))])).toEqual({ POSTED: 1 });
  }
  await expectWhole(root);
});

test('a reserve threshold keeps its value, whatever is posted to the account meanwhile', async () => {
  const root = await world.root(100_000);
  const panel = await world.child(root, 10);
  for (let threshold = 2; threshold < 2 + ROUNDS; threshold += 1) {
    const posting = times(20, (index) => (index % 2 === 0 ? world.queue : elsewhere).post(world.transfer(root, panel, 1)));
    const setting = patiently(() => updateReseller(portsOf(elsewhere), by(root), panel, { reserveThreshold: threshold }));
    await Promise.all([setting, ...posting]);
    const [now] = await world.sql<{ threshold: number }[]>`
      SELECT reserve_threshold AS threshold FROM account WHERE tenant_id = ${panel.tenantId} AND id = ${panel.id}`;
    expect(now).toEqual({ threshold });
  }
  await expectWhole(root);
});
