import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { BatchRefused } from '../../src/kernel/errors.ts';
import { LEDGER_POLICY_FIELDS, policyColumn } from '../../src/kernel/policy.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { openStranger } from '../fault/stranger.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, times } from '../support/worlds/ledger-world.ts';
import { readTables } from './database-tables.ts';
import { Drafter } from './drafter.ts';
import { type DraftItem, FOUNDING, item, type Step, step } from './drafts.ts';
import { expectSound, spansOf, type Tables } from './invariants.ts';
import { type Meddled, meddleInModel } from './meddling.ts';
import { Model } from './model.ts';
import { expectAgreement } from './model-agreement.ts';
import { spansOfImport } from './model-imports.ts';
import { policy } from './policies.ts';
import { ServiceMeter, screenTime } from './service-meter.ts';
import { batchesOf, expected, type MadeItem, makeItem, verdictOf, verdictsOfRefused } from './verdicts.ts';

const PREDICTED_RUNS = 10;
const SEQUENCES_AT_ONCE = 2;
const RACING_RUNS = 10;
const QUEUES = 3;
/** How many copies of each round race at once. */
const RACERS = 3;
/** Time that passes between two batches, so that no term ends at the moment of a command, whatever the clocks say. */
const BETWEEN_MS = 17 * 60_000;
/** The largest difference between the model's clock and the database's. */
const CLOCKS_APART_MS = 300_000;
/** Upper bound of the time × screens a customer was served by an undone spend, where two clocks or a race make it inexact. */
const SERVED_AT_MOST = CLOCKS_APART_MS * 1_000;

let database: TestDatabase;
let world: LedgerWorld;
/** Connects as superuser: the application may not move the ends of terms. */
let intruder: Sql;
let queues: readonly PostingQueue[];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  intruder = openStranger(database.url);
  queues = times(QUEUES, () => world.openQueue({ ...PATIENT_QUEUE, commandsPerBatch: 64 }));
});

afterAll(async () => {
  for (const queue of queues ?? []) await queue.close();
  await intruder?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

/** One sequence of steps, in its own tenants. Time passes by moving all ends closer, because the clock is the database's. */
class Run {
  readonly model = new Model(world.platformUserId, Date.now());
  readonly #drafter = new Drafter(this.model);
  readonly #meter = new ServiceMeter(CLOCKS_APART_MS);
  #passedMs = 0;

  make(items: readonly DraftItem[]): MadeItem[] {
    return items.map((one) => makeItem(this.#drafter, one));
  }

  /** Creates a root with two children, and a grandchild below each. */
  async found(chosen: Extract<Meddled, { kind: 'policy' }>['policy']): Promise<void> {
    for (const draft of FOUNDING) {
      for (const one of this.make([{ mode: 'one', drafts: [draft] }])) {
        this.model.data.nowMs = Date.now();
        assert.deepEqual(await post(world.queue, one, []), expected(this.model, one));
      }
    }
    const tenantId = this.model.panels[0]?.tenantId ?? '';
    this.model.data.policies.set(tenantId, chosen);
    await meddle({ kind: 'policy', tenantId, policy: chosen });
  }

  /** The existing tenants, and those that these items may have created. */
  tenants(items: readonly MadeItem[]): string[] {
    const made = items.flatMap(({ commands }) => commands.filter(({ kind }) => kind === 'createTenant'));
    return [...new Set([...this.model.panels, ...made].map(({ tenantId }) => tenantId))];
  }

  async take(one: Step): Promise<void> {
    if (one.type === 'meddling') {
      const meddled = meddleInModel(this.model, one.meddling);
      if (meddled) await meddle(meddled);
    } else {
      await this.#age(Math.max(0, one.clockMs));
      for (const batch of batchesOf(this.make(one.items))) await this.#post(batch);
    }
    const tables = await readTables(world.sql, this.tenants([]));
    expectSound(tables);
    expectAgreement(this.model, tables, CLOCKS_APART_MS);
    for (const tenantId of this.tenants([])) assert.deepEqual((await world.health(tenantId)).problems, []);
  }

  /**
   * Commands that are posted within one turn of the event loop are decided in this order. On a distributed database
   * several batches of a tenant run at once, so there each command waits for the one before.
   */
  async #post(batch: readonly MadeItem[]): Promise<void> {
    await this.#age(BETWEEN_MS);
    this.model.data.nowMs = Date.now();
    const said = batch.map((item) => expected(this.model, item));
    const posts = batch.map((item, index) => () => post(world.queue, item, said[index] ?? []));
    assert.deepEqual(await (world.topology === 'single' ? Promise.all(posts.map((one) => one())) : inTurn(posts)), said);
    for (const id of widenedBy(batch)) this.#meter.widen(id);
    forgiveUndone(this.#meter, batch);
    for (const it of this.model.data.customers) {
      this.#meter.forgive(it.id, it.forgivenMs);
      this.#meter.bring(it.id, it.broughtMs);
      it.forgivenMs = 0;
    }
    const { customers } = await readTables(world.sql, this.tenants([]));
    this.#meter.observe(
      Date.now() + this.#passedMs,
      customers.map((customer) => ({ ...customer, expiresAtMs: customer.expiresAtMs + this.#passedMs })),
    );
  }

  knows(customerId: string): boolean {
    return this.model.data.customers.some(({ id }) => id === customerId);
  }

  /** Adds the customers and purchases that others made to the model, so that commands can refer to them. */
  learn({ customers, entries, purchases }: Tables): void {
    const { data } = this.model;
    const known = new Set([...data.customers, ...data.purchases].map(({ id }) => id));
    for (const one of customers) {
      if (known.has(one.id)) continue;
      const { creditsSpent: spent, isTrial: trial, resellerId: panelId, ...rest } = one;
      data.customers.push({ ...rest, panelId, spans: spansOf(one), spent, trial, last: null, forgivenMs: 0, broughtMs: 0 });
    }
    for (const { accountId: panelId, createdAtMs: atMs, customerId, delta, tenantId, transferId: id } of entries) {
      if (customerId === null || delta > 0 || data.spendings.some((one) => one.id === id)) continue;
      data.spendings.push({ tenantId, id, panelId, customerId, amount: -delta, atMs });
    }
    for (const one of purchases) {
      if (!known.has(one.id)) data.purchases.push({ ...one, source: one.sellerId, status: 'PENDING', provider: 'MANUAL', expiresAtMs: 0 });
    }
  }

  async #age(ms: number): Promise<void> {
    this.#passedMs += ms;
    this.model.age(ms);
    for (const tenantId of this.tenants([])) await age(tenantId, ms);
  }
}

/** Calls each function after the previous one has its answer. */
async function inTurn<Answer>(all: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of all) answers.push(await one());
  return answers;
}

/** The times that move, with the column that identifies a row within its tenant. */
const AGED = [
  ['customer', 'id', 'expires_at'],
  ['imported', 'id', 'expires_at'],
  ['purchase', 'id', 'expires_at'],
  ['trial', 'contact_key', 'started_at'],
] as const;

/** Moves times in two statements, because a distributed database computes nothing from the columns that a statement writes. */
async function age(tenantId: string, ms: number): Promise<void> {
  await intruder.begin(async (tx) => {
    // Triggers are off: passing time is not a change of a customer.
    await tx`SET LOCAL session_replication_role = replica`;
    for (const [table, key, time] of AGED) {
      const rows = await tx.unsafe(
        `SELECT ${key} AS key, ${time} - $2::interval AS time FROM ${table} WHERE tenant_id = $1 AND ${time} IS NOT NULL`,
        [tenantId, `${ms} milliseconds`],
      );
      await tx.unsafe(
        `UPDATE ${table} t SET ${time} = n.time FROM jsonb_to_recordset($2::text::jsonb) AS n (key text, time timestamptz)
         WHERE t.tenant_id = $1 AND t.${key}::text = n.key`,
        [tenantId, JSON.stringify(rows)],
      );
    }
    const spent = await tx`
      SELECT id, jsonb_set(before_spending, '{expiresAtMs}', to_jsonb((before_spending->>'expiresAtMs')::bigint - ${ms}::bigint)) AS before
      FROM customer WHERE tenant_id = ${tenantId} AND before_spending IS NOT NULL`;
    await tx`
      UPDATE customer c SET before_spending = n.before FROM jsonb_to_recordset(${JSON.stringify(spent)}::text::jsonb) AS n (id uuid, before jsonb)
      WHERE c.tenant_id = ${tenantId} AND c.id = n.id`;
  });
}

/** The customers whose screens these items may have increased. */
function widenedBy(items: readonly MadeItem[]): string[] {
  return items.flatMap(({ commands }) =>
    commands.flatMap((command) => (command.kind === 'addScreens' && command.customerId !== null ? [command.customerId] : [])),
  );
}

/** The screen-time that these items may bring to newly imported customers. */
function broughtBy(items: readonly MadeItem[]): [id: string, screenMs: number][] {
  return items.flatMap(({ commands }) =>
    commands.flatMap((command): [string, number][] =>
      command.kind === 'importCustomer' && command.standing !== 'TRIAL'
        ? [[command.customerId, screenTime(spansOfImport(command), Date.now(), Number.POSITIVE_INFINITY)]]
        : [],
    ),
  );
}

/** For customers whose spend may have been undone: the time served by that spend is not known to the millisecond. */
function forgiveUndone(meter: ServiceMeter, items: readonly MadeItem[]): void {
  for (const command of items.flatMap(({ commands }) => commands)) {
    if (command.kind !== 'undoSpending' || command.customerId === null) continue;
    meter.widen(command.customerId);
    meter.forgive(command.customerId, SERVED_AT_MOST);
  }
}

/** Writes a change to the database as the use case that bypasses the queue would. */
async function meddle(meddled: Meddled): Promise<void> {
  const { tenantId } = meddled;
  if (meddled.kind === 'policy') {
    const row = Object.fromEntries(LEDGER_POLICY_FIELDS.map((field) => [policyColumn(field), meddled.policy[field]]));
    await world.sql`UPDATE tenant SET ${world.sql(row)} WHERE id = ${tenantId}`;
  } else if (meddled.kind === 'customer') {
    await world.sql`UPDATE customer SET next_screens = ${meddled.nextScreens} WHERE tenant_id = ${tenantId} AND id = ${meddled.id}`;
  } else if (meddled.kind === 'limits') {
    const { id, limits } = meddled;
    await world.sql`UPDATE reseller SET may_create_resellers = ${limits.mayCreateResellers}, max_resellers = ${limits.maxResellers},
      max_customers = ${limits.maxCustomers}, max_trials_per_day = ${limits.maxTrialsPerDay},
      max_screens_per_customer = ${limits.maxScreensPerCustomer}, limited = NOT ${limits.mayCreateResellers}
        OR num_nonnulls(${limits.maxResellers}::integer, ${limits.maxCustomers}::integer, ${limits.maxTrialsPerDay}::integer, ${limits.maxScreensPerCustomer}::integer) > 0
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
  } else if (meddled.kind === 'payment') {
    const { customerId, expired, id, periods, screens } = meddled;
    // For the customer's current panel: the model does not know of a closing by racers.
    await world.sql`INSERT INTO customer_payment (tenant_id, id, reseller_id, customer_id, plan_id, plan_name, price_minor, currency, periods, screens, status, opened_at, expires_at)
      SELECT tenant_id, ${id}, reseller_id, id, ${id}, 'Plan', 1000, 'BRL', ${periods}::smallint, ${screens}::smallint,
        ${expired ? 'EXPIRED' : 'PENDING'}::customer_payment_status, clock_timestamp(), clock_timestamp() + interval '24 hours'
      FROM customer WHERE tenant_id = ${tenantId} AND id = ${customerId}`;
  } else if (meddled.kind === 'move') {
    await move(meddled);
  } else {
    const { closed, disabled, id, keepsReserve, role, suspended, userId } = meddled;
    const now = new Date();
    await world.sql`UPDATE reseller SET closed_at = ${closed ? now : null}, suspended_by = CASE WHEN ${suspended} THEN id END,
      suspended_at = CASE WHEN ${suspended} OR in_debt THEN ${now}::timestamptz END, keep_reserve = ${keepsReserve}
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    await world.sql`UPDATE app_user SET role = ${role}, disabled_at = ${disabled ? now : null}
      WHERE tenant_id = ${tenantId} AND id = ${userId}`;
  }
}

async function move({ id, parentId, tenantId }: Extract<Meddled, { kind: 'move' }>): Promise<void> {
  await world.sql`
    WITH place AS (
      SELECT moved.path AS before, parent.path || substring(moved.path FROM '[^.]+[.]$') AS after, parent.depth + 1 - moved.depth AS deeper
      FROM reseller moved JOIN reseller parent ON parent.tenant_id = ${tenantId} AND parent.id = ${parentId}
      WHERE moved.tenant_id = ${tenantId} AND moved.id = ${id})
    UPDATE reseller SET path = after || substr(path, length(before) + 1), depth = depth + deeper,
      parent_id = CASE WHEN id = ${id} THEN ${parentId}::uuid ELSE parent_id END
    FROM place WHERE tenant_id = ${tenantId} AND starts_with(path, before)`;
  await world.sql`UPDATE purchase SET status = 'CANCELED'
    WHERE tenant_id = ${tenantId} AND buyer_id = ${id} AND seller_id IS NOT NULL AND status = 'PENDING' AND expires_at > now()`;
}

/**
 * `said` lists the expected verdicts. An ATOMIC item that is refused reports only its refusal, so the earlier
 * verdicts come from there.
 */
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

test('after any sequence of steps through the queue, several at once, the database agrees with the model (R3, R4, R6)', async () => {
  const sequence = fc.tuple(policy, fc.array(step, { minLength: 8, maxLength: 16 }));
  await fc.assert(
    fc.asyncProperty(fc.array(sequence, { minLength: SEQUENCES_AT_ONCE, maxLength: SEQUENCES_AT_ONCE }), async (sequences) => {
      await Promise.all(
        sequences.map(async ([chosen, steps]) => {
          const run = new Run();
          await run.found(chosen);
          for (const one of steps) await run.take(one);
        }),
      );
    }),
    { numRuns: PREDICTED_RUNS, endOnFailure: true },
  );
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
  expect(world.retries).toEqual([]);
});

test('any commands that race on the same panels from several queues leave sound books, in whatever order they commit', async () => {
  const race = async (batches: readonly (readonly DraftItem[])[], chosen: Parameters<Run['found']>[0]) => {
    const run = new Run();
    await run.found(chosen);
    const meter = new ServiceMeter(CLOCKS_APART_MS);
    for (const items of batches) {
      // In each round a customer or two choose a plan, so that payments race too.
      for (const pick of times(2, (n) => n)) {
        const opened = meddleInModel(run.model, {
          what: 'pay',
          pick: run.model.data.customers.length - 1 - pick,
          choice: batches.length + pick,
        });
        if (opened) await meddle(opened);
      }
      // The model does not see these commands: all are made from the five panels and from what earlier racers made.
      const made = times(RACERS, () => run.make(items)).flat();
      const brought = broughtBy(made);
      await Promise.all(made.map((item, index) => post(queues[index % QUEUES] ?? world.queue, item, [])));
      const tables = await readTables(world.sql, run.tenants(made));
      expectSound(tables);
      for (const id of widenedBy(made)) meter.widen(id);
      forgiveUndone(meter, made);
      for (const [id, broughtMs] of brought) if (!run.knows(id)) meter.bring(id, broughtMs);
      meter.observe(Date.now(), tables.customers);
      run.learn(tables);
    }
  };
  const items = fc.array(item, { minLength: 1, maxLength: 4 });
  await fc.assert(fc.asyncProperty(fc.array(items, { minLength: 3, maxLength: 6 }), policy, race), {
    numRuns: RACING_RUNS,
    endOnFailure: true,
  });
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
