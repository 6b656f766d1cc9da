import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import {
  Forbidden,
  InvalidState,
  NotFound,
  Overloaded,
  PanelLocked,
  PanelSuspended,
  type Refusal,
  Unauthenticated,
} from '../../src/kernel/errors.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { type Action, CuttingProxy } from '../fault/cutting-proxy.ts';
import { hold, lockIsAwaited, openStranger } from '../fault/stranger.ts';
import { readAllTables, readTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { patiently, until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';
import { PostingProcess } from './posting-process.ts';

const CROSSING_MS = 3_000;
/** The number of moves, and of transfers seen, however slow the machine is. */
const MOVES = 20;
const TRANSFERS = 21;

let database: TestDatabase;
let world: LedgerWorld;
let stranger: Sql;
const announced: RightsHint[] = [];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  stranger = openStranger(database.url);
});

afterAll(async () => {
  await stranger?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

function ownerOf(panel: Panel): Actor {
  return {
    userId: panel.userId,
    tenantId: panel.tenantId,
    email: 'owner@tree.test',
    role: 'OWNER',
    sessionId: panel.userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    // The use case reads the panel's current place under the lock.
    panel: { id: panel.id, path: 'stale.', depth: 0 },
  };
}

function move(by: Panel, moved: Panel | null, parent: Panel | null, dryRun = false) {
  return moveReseller(
    { sql: world.sql, announce: (hint) => announced.push(hint) },
    { actor: ownerOf(by), address: null },
    moved,
    parent,
    dryRun,
  );
}

async function parentOf(panel: Panel): Promise<string | null> {
  const [row] = await world.sql<
    { parent_id: string | null }[]
  >`SELECT parent_id FROM reseller WHERE tenant_id = ${panel.tenantId} AND id = ${panel.id}`;
  return row?.parent_id ?? null;
}

/** A chain of panels, each the parent of the next. */
async function line(from: Panel, length: number): Promise<Panel[]> {
  const panels = [from];
  for (let made = 0; made < length; made += 1) panels.push(await world.child(panels.at(-1) ?? from, 1_000 - 10 * made));
  return panels;
}

test('a moved branch keeps its shape, balances and history, and only its new parent pays it', async () => {
  const root = await world.root(100_000);
  const [a, b] = [await world.child(root, 1_000), await world.child(root, 1_000)];
  const moved = await world.child(a, 100);
  const below = await world.child(moved, 10);
  const entries = (await readTables(world.sql, [root.tenantId])).entries.length;
  announced.length = 0;
  expect(await move(root, moved, b)).toEqual({ tenantId: root.tenantId, id: moved.id, canceledPurchases: 0 });
  expect([await parentOf(moved), await parentOf(below)]).toEqual([b.id, moved.id]);
  const tables = await readTables(world.sql, [root.tenantId]);
  expectSound(tables);
  expect(tables.entries).toHaveLength(entries);
  expect(announced).toEqual([{ kind: 'branch', tenantId: root.tenantId, paths: [expect.any(String), expect.any(String)] }]);
  const transfers = [world.transfer(a, moved, 1), world.transfer(b, moved, 1), world.transfer(moved, below, 1)];
  expect(tally(await world.queue.postEach(transfers))).toEqual({ NOT_FOUND: 1, POSTED: 2 });
});

test('a forbidden move is refused with the first reason of R35, and a dry run writes nothing', async () => {
  const root = await world.root(100_000);
  const [, a, below] = await line(root, 2);
  const b = await world.child(root, 100);
  const elsewhere = await world.child(await world.root(1_000), 10);
  if (!a || !below) throw new Error('no panels');
  const nothing = { ...a, id: crypto.randomUUID() };
  const before = await readTables(world.sql, [root.tenantId]);
  announced.length = 0;
  const refusals: [Panel, Panel | null, Panel | null, new (...args: never[]) => Refusal][] = [
    [root, null, a, NotFound],
    [root, a, null, NotFound],
    [root, nothing, a, NotFound],
    [root, a, nothing, NotFound],
    // In another tenant: the id is looked up in the caller's own.
    [root, elsewhere, a, NotFound],
    [root, a, elsewhere, NotFound],
    // An ancestor, and a sibling's child.
    [a, root, below, NotFound],
    [b, below, b, NotFound],
    [a, below, b, NotFound],
    // The acting panel itself, a panel below the moved one, and the moved panel itself.
    [a, a, below, InvalidState],
    [root, a, below, InvalidState],
    [root, a, a, InvalidState],
    [root, root, a, InvalidState],
  ];
  for (const [by, moved, parent, refusal] of refusals) await expect(move(by, moved, parent)).rejects.toThrow(refusal);
  await move(root, below, b, true);
  // To its current parent.
  await move(root, below, a);
  expect(await readTables(world.sql, [root.tenantId])).toEqual(before);
  expect(announced).toEqual([]);
});

test('a mover that has become closed, demoted, suspended or locked is refused, in this order', async () => {
  const root = await world.root(100_000);
  const mover = await world.child(root, 30);
  const [moved, other] = [await world.child(mover, 10), await world.child(mover, 20)];
  expect(await world.account(mover)).toMatchObject({ locked: true });
  const { tenantId, id, userId } = mover;
  await world.sql`UPDATE reseller SET suspended_at = now() WHERE tenant_id = ${tenantId} AND id = ${root.id}`;
  await world.sql`UPDATE reseller SET closed_at = now() WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await world.sql`UPDATE app_user SET role = 'FINANCE' WHERE tenant_id = ${tenantId} AND id = ${userId}`;
  await expect(move(mover, null, other)).rejects.toThrow(Unauthenticated);
  await world.sql`UPDATE reseller SET closed_at = NULL WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await expect(move(mover, null, other)).rejects.toThrow(Forbidden);
  await world.sql`UPDATE app_user SET role = 'OWNER' WHERE tenant_id = ${tenantId} AND id = ${userId}`;
  await expect(move(mover, null, other)).rejects.toThrow(PanelSuspended);
  await world.sql`UPDATE reseller SET suspended_at = NULL WHERE tenant_id = ${tenantId} AND id = ${root.id}`;
  await expect(move(mover, null, other)).rejects.toThrow(PanelLocked);
  await world.queue.post(world.transfer(root, mover, 1));
  await expect(move(mover, null, other)).rejects.toThrow(NotFound);
  await move(mover, moved, other);
  expect(await parentOf(moved)).toBe(other.id);
});

test('a tree grows to ten levels below its root in any way; the deepest panel of a moved branch counts', async () => {
  const root = await world.root(100_000);
  const deep = await line(root, 10);
  const [bottom, above] = [deep[10], deep[9]];
  if (!bottom || !above) throw new Error('no panels');
  expect(tally([await world.queue.post(world.creation(bottom, 10))])).toEqual({ INVALID_STATE: 1 });
  const short = await line(await world.child(root, 1_000), 1);
  const [top, leaf] = short;
  if (!top || !leaf) throw new Error('no panels');
  // Its child would be on level 11.
  await expect(move(root, top, above)).rejects.toThrow(InvalidState);
  await move(root, leaf, above);
  await expect(move(root, top, bottom)).rejects.toThrow(InvalidState);
  await move(root, top, above);
  expectSound(await readTables(world.sql, [root.tenantId]));
});

test('a transfer and a move of its receiver run one after the other, and the second sees the effect of the first', async () => {
  const root = await world.root(100_000);
  const [a, b] = [await world.child(root, 1_000), await world.child(root, 1_000)];
  const moved = await world.child(a, 10);
  // The move has locked the receiver and not yet committed when the transfer needs it.
  const gate = await hold(stranger, async (tx) => {
    await tx`SELECT FROM tenant WHERE id = ${root.tenantId} FOR NO KEY UPDATE`;
    await tx`SELECT FROM account WHERE tenant_id = ${root.tenantId} AND id = ${moved.id} FOR NO KEY UPDATE`;
    await tx`UPDATE reseller m SET parent_id = p.id, path = p.path || 'moved.' FROM reseller p
      WHERE m.tenant_id = ${root.tenantId} AND m.id = ${moved.id} AND p.tenant_id = m.tenant_id AND p.id = ${b.id}`;
  });
  // Without a lock time-out the transfers wait until they are seen.
  const queue = world.openQueue({ ...PATIENT_QUEUE, lockTimeoutMs: 0 });
  try {
    const late = [queue.post(world.transfer(a, moved, 1)), queue.post(world.transfer(b, moved, 1))];
    await until(() => lockIsAwaited(stranger));
    await gate.release();
    expect((await Promise.all(late)).map((outcome) => tally([outcome]))).toEqual([{ NOT_FOUND: 1 }, { POSTED: 1 }]);
  } finally {
    await queue.close();
  }
});

test('a move waits for a transfer that was decided for the parent which its panel is about to lose', async () => {
  const root = await world.root(100_000);
  const [a, b] = [await world.child(root, 1_000), await world.child(root, 1_000)];
  const moved = await world.child(a, 10);
  const proxy = await CuttingProxy.open(database.url);
  const queue = world.openQueue(PATIENT_QUEUE, proxy.url);
  try {
    let moving: Promise<string> | undefined;
    let first = '';
    const decided = proxy.once('write sent', async (): Promise<Action> => {
      moving = patiently(() => move(root, moved, b)).then(() => 'moved');
      first = await Promise.race([moving, until(() => lockIsAwaited(stranger)).then(() => 'waiting')]);
      return 'pass';
    });
    expect(tally([await queue.post(world.transfer(a, moved, 1))])).toEqual({ POSTED: 1 });
    await decided;
    expect([first, await moving]).toEqual(['waiting', 'moved']);
  } finally {
    await queue.close();
    await proxy.close();
  }
});

/** How many moves succeeded, and how many were refused as OVERLOADED. */
interface Moves {
  moved: number;
  overloaded: number;
}

/** Moves panels at random for as long as `goesOn` says. */
async function mover(root: Panel, panels: readonly Panel[], done: Moves, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const [moved, parent] = [panels[randomInt(panels.length)] ?? root, panels[randomInt(panels.length)] ?? root];
    await move(root, moved, parent).then(
      () => {
        done.moved += 1;
      },
      (error: unknown) => {
        if (error instanceof Overloaded) done.overloaded += 1;
        else if (!(error instanceof InvalidState)) throw error;
      },
    );
  }
}

/** Only on one machine: its trigger fills a table of the test, which is not colocated with the tenant's rows on a cluster. */
test.skipIf(inject('topology') === 'citus')(
  'panels created during moves and transfers, from four processes, have correct paths, and no credit skips a level (R14)',
  async () => {
    const root = await world.root(1_000_000);
    // The trigger notes the receiver's parent at every posting, which a later reader of the journal cannot know.
    await stranger`CREATE TABLE seen_parent (transfer_id uuid, from_id uuid, parent_id uuid)`;
    await stranger`GRANT INSERT ON seen_parent TO revenda_app`;
    await stranger.unsafe(`CREATE FUNCTION note_parent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO seen_parent SELECT NEW.id, NEW.from_id, r.parent_id FROM reseller r WHERE r.tenant_id = NEW.tenant_id AND r.id = NEW.to_id;
    RETURN NULL;
  END $$`);
    await stranger`CREATE TRIGGER note_parent AFTER INSERT ON transfer FOR EACH ROW WHEN (NEW.kind = 'TRANSFER') EXECUTE FUNCTION note_parent()`;
    const tops = await Promise.all(times(4, () => world.child(root, 10_000)));
    const panels = [...tops, ...(await Promise.all(times(12, (index) => world.child(tops[index % 4] ?? root, 500))))];
    const processes = await Promise.all(times(4, () => PostingProcess.start(database.url)));
    const words: string[] = [];
    const moves: Moves = { moved: 0, overloaded: 0 };
    let transfers = 0;
    const untilMs = performance.now() + CROSSING_MS;
    const goesOn = () => performance.now() < untilMs || moves.moved < MOVES || transfers < TRANSFERS;
    const caller = async (one: PostingProcess) => {
      while (goesOn()) {
        const pick = () => panels[randomInt(panels.length)] ?? root;
        const commands = times(8, () =>
          randomInt(6) === 0 ? world.creation(pick(), 10) : world.transfer(tops[randomInt(4)] ?? root, pick(), 1),
        );
        const answer = await one.post('one', commands);
        if (answer === null) throw new Error('a process ended');
        words.push(...answer);
        transfers += commands.filter(({ kind }, index) => kind === 'transferCredits' && answer[index] === 'POSTED').length;
      }
    };
    try {
      await Promise.all([
        ...times(2, () => mover(root, panels, moves, goesOn)),
        ...processes.flatMap((one) => times(2, () => caller(one))),
      ]);
      // Creating panels does not keep moves from running.
      expect(moves.moved).toBeGreaterThan(moves.overloaded);
    } finally {
      await Promise.all(processes.map((one) => one.stop()));
    }
    const allowed = ['POSTED', 'NOT_FOUND', 'NOT_DIRECT_CHILD', 'INVALID_STATE', 'INSUFFICIENT_CREDITS', 'PANEL_LOCKED'];
    expect([...new Set(words)].filter((word) => !allowed.includes(word))).toEqual([]);
    expectSound(await readAllTables(world.sql));
    const seen = await stranger<{ right: boolean }[]>`SELECT from_id = parent_id AS right FROM seen_parent`;
    expect(seen.length).toBeGreaterThanOrEqual(TRANSFERS);
    expect(seen.filter(({ right }) => !right)).toEqual([]);
    expect(await world.health()).toMatchObject({ ok: true, problems: [] });
  },
);
