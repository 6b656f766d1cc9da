import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BatchRefused } from '../../src/kernel/errors.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { DEFAULT_QUEUE_LIMITS, type PostingQueue } from '../../src/ledger/queue.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { LedgerWorld, times } from '../helpers/ledger-world.ts';
import { readTables } from './database-tables.ts';
import { type Draft, Drafter, type DraftItem, item, type Meddling, type Step, step } from './drafts.ts';
import { expectSound } from './invariants.ts';
import { Model } from './model.ts';
import { expected, type MadeItem, makeItem, meddleInModel, verdictOf, verdictsOfRefused } from './verdicts.ts';

const PREDICTED_RUNS = 70;
const SEQUENCES_AT_ONCE = 3;
const RACING_RUNS = 25;
const QUEUES = 3;
/** An issue and four grants. */
const FOUNDING_ENTRIES = 9;

let database: TestDatabase;
let world: LedgerWorld;
let queues: readonly PostingQueue[];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  queues = times(QUEUES, () => world.openQueue({ ...DEFAULT_QUEUE_LIMITS, commandsPerBatch: 64 }));
});

afterAll(async () => {
  for (const queue of queues ?? []) await queue.close();
  await world?.close();
  await database?.drop();
});

/** One sequence of steps, in tenants of its own. */
class Run {
  readonly model = new Model(world.platformUserId);
  readonly #drafter = new Drafter(this.model);

  make(items: readonly DraftItem[]): MadeItem[] {
    return items.map((one) => makeItem(this.#drafter, one));
  }

  /** Those there were, and those that these items may have made. */
  tenants(items: readonly MadeItem[]): string[] {
    const made = items.flatMap(({ commands }) => commands.filter(({ kind }) => kind === 'createTenant'));
    return [...new Set([...this.model.panels, ...made].map(({ tenantId }) => tenantId))];
  }

  async meddle(meddling: Meddling): Promise<void> {
    const panel = meddleInModel(this.model, meddling);
    const user = panel && this.model.user(panel.userId);
    if (!panel || !user) return;
    const { tenantId, id, userId, suspended, closed } = panel;
    await world.sql`UPDATE reseller SET suspended_at = CASE WHEN ${suspended} THEN now() END, closed_at = CASE WHEN ${closed} THEN now() END
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    await world.sql`UPDATE app_user SET role = ${user.role}, disabled_at = CASE WHEN ${user.disabled} THEN now() END
      WHERE tenant_id = ${tenantId} AND id = ${userId}`;
  }

  async expectSound(): Promise<void> {
    const tables = await readTables(world.sql, this.tenants([]));
    expectSound(tables);
    const accounts = new Map(tables.accounts.map((account) => [account.id, account]));
    assert.equal(accounts.size, this.model.panels.length);
    for (const { id, balance, version } of this.model.panels) {
      assert.deepEqual([accounts.get(id)?.balance, accounts.get(id)?.version], [balance, version]);
    }
  }
}

/** `said`: what an ATOMIC item is expected to have answered up to its refusal, which names only itself. */
async function post(ledger: Ledger, { mode, commands }: MadeItem, said: readonly string[]): Promise<string[]> {
  if (mode === 'each') return (await ledger.postEach(commands)).map(verdictOf);
  if (mode === 'one') return Promise.all(commands.map(async (command) => verdictOf(await ledger.post(command))));
  return ledger.postAtomic(commands).then(
    (outcomes) => outcomes.map(verdictOf),
    (refusal: unknown) => {
      if (refusal instanceof BatchRefused) return verdictsOfRefused(refusal, said);
      throw refusal;
    },
  );
}

test('posted through the queue, several at once, any sequence answers and leaves what the model says, after every step', async () => {
  const takeSteps = async (steps: readonly Step[]) => {
    const run = new Run();
    for (const one of steps) {
      if (one.type === 'meddling') {
        await run.meddle(one.meddling);
        continue;
      }
      // Handed in within one turn, they are decided in this order.
      const items = run.make(one.items);
      const said = items.map((item) => expected(run.model, item));
      assert.deepEqual(await Promise.all(items.map((item, index) => post(world.queue, item, said[index] ?? []))), said);
      await run.expectSound();
    }
  };
  const sequence = fc.array(step, { minLength: 4, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(sequence, { minLength: SEQUENCES_AT_ONCE, maxLength: SEQUENCES_AT_ONCE }), async (sequences) => {
      await Promise.all(sequences.map(takeSteps));
    }),
    { numRuns: PREDICTED_RUNS, endOnFailure: true },
  );
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
  expect(world.retries).toEqual([]);
});

const plain = { session: 'own', target: 'self', pick: 0, key: null, email: null, ownIds: false } as const;
/** A root with two children, and a grandchild below each. */
const FOUNDING: readonly Draft[] = [
  { ...plain, kind: 'tenant', actor: 0, amount: 1 },
  { ...plain, kind: 'issue', actor: 0, amount: 500 },
  { ...plain, kind: 'create', actor: 0, amount: 100 },
  { ...plain, kind: 'create', actor: 0, amount: 60 },
  { ...plain, kind: 'create', actor: 1, amount: 20 },
  { ...plain, kind: 'create', actor: 2, amount: 20 },
];

test('racing on the same panels from several queues, whatever comes first, any commands leave sound books', async () => {
  const race = async (batches: readonly (readonly DraftItem[])[]) => {
    const run = new Run();
    for (const draft of FOUNDING) {
      const item = run.make([{ mode: 'one', drafts: [draft] }]);
      for (const one of item) assert.deepEqual(await post(world.queue, one, []), expected(run.model, one));
    }
    const items = batches.flatMap((batch) => run.make(batch));
    const words = await Promise.all(items.map((item, index) => post(queues[index % QUEUES] ?? world.queue, item, [])));
    const tables = await readTables(world.sql, run.tenants(items));
    expectSound(tables);
    const posted = items.flatMap((item, index) => {
      const said = words[index] ?? [];
      return item.commands.filter((_, position) => said[position] === 'POSTED' && 'transferId' in (item.commands[position] ?? {}));
    });
    const entries = posted.reduce((total, command) => total + (command.kind === 'issueCredits' ? 1 : 2), 0);
    assert.equal(tables.entries.length, entries + FOUNDING_ENTRIES);
  };
  const items = fc.array(item, { minLength: 1, maxLength: 4 });
  await fc.assert(fc.asyncProperty(fc.array(items, { minLength: 4, maxLength: 12 }), race), { numRuns: RACING_RUNS, endOnFailure: true });
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
