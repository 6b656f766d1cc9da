import { afterAll, beforeAll, expect, test } from 'vitest';
import { refuseActor } from '../../src/domain/refuse-actor.ts';
import { transact } from '../../src/domain/transact.ts';
import type { Actor, Role } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel } from '../support/worlds/ledger-world.ts';

let database: TestDatabase;
let world: LedgerWorld;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
});

afterAll(async () => {
  await world?.close();
  await database?.drop();
});

const ROLES: readonly Role[] = ['OWNER'];

/** What may have happened to the actor: each alone, and all together. */
const FATES = ['anotherRole', 'disabled', 'closed', 'suspended', 'aboveIsSuspended', 'locked'] as const;
type Fate = (typeof FATES)[number];

async function meet(fates: ReadonlySet<Fate>, panel: Panel, above: Panel): Promise<void> {
  const { tenantId } = panel;
  const at = (holds: boolean) => (holds ? new Date() : null);
  await world.sql`
    UPDATE app_user SET role = ${fates.has('anotherRole') ? 'VIEWER' : 'OWNER'}, disabled_at = ${at(fates.has('disabled'))}
    WHERE tenant_id = ${tenantId} AND id = ${panel.userId}`;
  await world.sql`UPDATE reseller SET closed_at = ${at(fates.has('closed'))} WHERE tenant_id = ${tenantId} AND id = ${panel.id}`;
  for (const [one, isSuspended] of [
    [panel, fates.has('suspended')],
    [above, fates.has('aboveIsSuspended')],
  ] as const) {
    await world.sql`
      UPDATE reseller SET suspended_at = ${at(isSuspended)}, suspended_by = ${isSuspended ? above.id : null},
        suspension_reason = ${isSuspended ? 'why' : null}
      WHERE tenant_id = ${tenantId} AND id = ${one.id}`;
  }
  const isLocked = fates.has('locked');
  await world.sql`
    UPDATE account SET balance = ${isLocked ? 0 : 50}, locked_since = ${at(isLocked)} WHERE tenant_id = ${tenantId} AND id = ${panel.id}`;
}

async function byUseCase(panel: Panel): Promise<string> {
  const actor: Actor = {
    userId: panel.userId,
    tenantId: panel.tenantId,
    email: 'owner@acts.test',
    role: 'OWNER',
    sessionId: panel.userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: { id: panel.id, path: 'stale.', depth: 0 },
  };
  try {
    await transact(world, async (tx) => {
      await refuseActor(tx, actor, panel.id, ROLES);
      return {};
    });
    return 'may act';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

test('the ledger and the use cases that change no credits agree on who may act now (R7, R11, R35)', async () => {
  const root = await world.root(1_000);
  const above = await world.child(root, 100);
  const panel = await world.child(above, 50);
  const child = await world.child(panel, 10);
  const seen = new Set<string>();
  for (let bits = 0; bits < 2 ** FATES.length; bits += 1) {
    const fates = new Set(FATES.filter((_, index) => (bits & (1 << index)) !== 0));
    await meet(fates, panel, above);
    const useCase = await byUseCase(panel);
    const outcome = await world.queue.post(world.transfer(panel, child, 1));
    const ledger = outcome.status === 'refused' ? outcome.refusal.code : 'may act';
    expect(ledger, [...fates].join()).toBe(useCase);
    seen.add(useCase);
  }
  expect([...seen].sort()).toEqual(['FORBIDDEN', 'PANEL_LOCKED', 'PANEL_SUSPENDED', 'UNAUTHENTICATED', 'may act']);
});
