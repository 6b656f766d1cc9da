import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import { type SetResellerLimitsInput, setResellerLimits } from '../../src/domain/reseller/set-reseller-limits.ts';
import type { Acting } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { patiently } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activation, cancellation, renewal, trial } from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';

const ROUNDS = 6;
const AT_ONCE = 64;

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
  const session = {
    sessionId: panel.userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
  };
  const who = { userId: panel.userId, tenantId: panel.tenantId, email: 'owner@limits.test', role: 'OWNER' as const };
  return { actor: { ...who, ...session, panel: { id: panel.id, path: 'stale.', depth: 0 } }, address: null };
}

const ports = () => ({ sql: world.sql, announce: () => {} });

function limit(parent: Panel, child: Panel, limits: Partial<SetResellerLimitsInput>): Promise<unknown> {
  return patiently(() => setResellerLimits(ports(), by(parent), child, { mayCreateResellers: true, ...limits }));
}

/** Three levels below a root; the first level has limits. */
async function line(limits: Partial<SetResellerLimitsInput>): Promise<{ root: Panel; line: readonly [Panel, Panel, Panel] }> {
  const root = await world.root(1_000_000);
  const top = await world.child(root, 100_000);
  const middle = await world.child(top, 10_000);
  const leaf = await world.child(middle, 5_000);
  await limit(root, top, limits);
  return { root, line: [top, middle, leaf] };
}

/** Posts all commands at once, alternating between the two queues. */
async function postAll(commands: readonly Command[]): Promise<Record<string, number>> {
  return tally(await Promise.all(commands.map((command, index) => (index % 2 === 0 ? world.queue : elsewhere).post(command))));
}

/** The ACTIVE customers of the panel and everything below it. */
async function activeIn({ id, tenantId }: Panel): Promise<number> {
  const [row] = await world.sql<{ active: number }[]>`
    SELECT count(*)::integer AS active FROM reseller top
    JOIN reseller r ON r.tenant_id = top.tenant_id AND starts_with(r.path, top.path)
    JOIN customer c ON c.tenant_id = r.tenant_id AND c.reseller_id = r.id
    WHERE top.tenant_id = ${tenantId} AND top.id = ${id} AND c.expires_at > now() AND c.canceled_at IS NULL AND NOT c.is_trial`;
  return row?.active ?? 0;
}

test('of 64 concurrent activations, through three levels and two processes, exactly as many succeed as the limit allows (R56)', async () => {
  const { line: levels } = await line({ maxCustomers: 20 });
  const [top, middle, leaf] = levels;
  const commands = times(AT_ONCE, (index) => activation(levels[index % 3] ?? top, 1, 1));
  expect(await postAll(commands)).toEqual({ POSTED: 20, LIMIT_REACHED: AT_ONCE - 20 });
  expect(await activeIn(top)).toBe(20);
  // A customer that ends makes room for one more, or for one that returns. A customer with active service is not one
  // more.
  const own = await world.queue.post(cancellation(top, commands.find(({ scopeId }) => scopeId === top.id)?.customerId ?? ''));
  const known: { id: string; panel: Panel }[] = [];
  for (const panel of levels) {
    const rows = await world.sql<{ id: string }[]>`
      SELECT id FROM customer WHERE tenant_id = ${panel.tenantId} AND reseller_id = ${panel.id} AND canceled_at IS NULL`;
    known.push(...rows.map(({ id }) => ({ id, panel })));
  }
  const freed = own.status === 'posted' ? 1 : 0;
  const ended = known.slice(0, 4);
  for (const { id, panel } of ended) expectPosted(await world.queue.post(cancellation(panel, id)));
  const staying = known.slice(4);
  const mixed = [
    ...times(AT_ONCE - ended.length, (index) => activation([middle, leaf][index % 2] ?? leaf, 1, 1)),
    ...ended.map(({ id, panel }) => renewal(panel, id, 1)),
  ];
  const [more, renewed] = await Promise.all([postAll(mixed), postAll(staying.map(({ id, panel }) => renewal(panel, id, 1)))]);
  expect(more).toEqual({ POSTED: 4 + freed, LIMIT_REACHED: AT_ONCE - 4 - freed });
  expect(renewed).toEqual({ POSTED: staying.length });
  expect(await activeIn(top)).toBe(20);
});

test('of 64 new panels and 64 trials at once, as many are made as the lowest limit on the path allows (R56)', async () => {
  const { line: levels } = await line({ maxResellers: 12, maxTrialsPerDay: 9 });
  const [top, middle, leaf] = levels;
  await limit(top, middle, { maxResellers: 6, maxTrialsPerDay: 25 });
  const created = await postAll(times(AT_ONCE, (index) => world.creation([middle, leaf][index % 2] ?? leaf, 10)));
  // The leaf is one of the six.
  expect(created).toEqual({ POSTED: 5, LIMIT_REACHED: AT_ONCE - 5 });
  const above = await postAll(times(AT_ONCE, () => world.creation(top, 10)));
  expect(above).toEqual({ POSTED: 5, LIMIT_REACHED: AT_ONCE - 5 });
  const trials = await postAll(times(AT_ONCE, (index) => trial(levels[index % 3] ?? top, `contact ${index}`)));
  expect(trials).toEqual({ POSTED: 9, LIMIT_REACHED: AT_ONCE - 9 });
});

test('a limit set while 64 activations run applies from its commit on, and removes nothing (R56)', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { root, line: levels } = await line({ maxCustomers: 40 });
    const [top] = levels;
    const posted = postAll(times(AT_ONCE, (index) => activation(levels[index % 3] ?? top, 1, 1)));
    await limit(root, top, { maxCustomers: 5 });
    const there = await activeIn(top);
    const { POSTED = 0, LIMIT_REACHED = 0 } = await posted;
    expect(POSTED + LIMIT_REACHED).toBe(AT_ONCE);
    expect(POSTED).toBe(Math.max(there, 5));
    expect(await activeIn(top)).toBe(POSTED);
  }
});

test('a branch moved below a limit while both sides activate never exceeds the limit (R56)', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { root, line: levels } = await line({ maxCustomers: 10 });
    const [top] = levels;
    const moved = await world.child(root, 1_000);
    const below = await world.child(moved, 500);
    expectPosted(await world.queue.post(activation(below, 1, 1)));
    const move = patiently(() => moveReseller(ports(), by(root), moved, top, false)).then(
      () => 'moved',
      (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
    );
    const many = [...times(3 + round, (index) => activation(levels[index % 3] ?? top, 1, 1)), ...times(8, () => activation(below, 1, 1))];
    const [outcome] = await Promise.all([move, postAll(many)]);
    seen.add(outcome);
    expect(['moved', 'LIMIT_REACHED']).toContain(outcome);
    expect(await activeIn(top)).toBeLessThanOrEqual(10);
    if (outcome !== 'moved') expect(await activeIn(below)).toBe(9);
  }
  expect(seen.size).toBeGreaterThan(0);
});
