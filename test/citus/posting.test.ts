import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parametersOf, type Statement } from '../../src/db/arrays/binary.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { Command } from '../../src/ledger/command.ts';
import { decideSubmissions } from '../../src/ledger/posting/batch.ts';
import { PostingConnection } from '../../src/ledger/posting/connection.ts';
import { planLocks } from '../../src/ledger/statements/lock.ts';
import { readState } from '../../src/ledger/statements/read-state.ts';
import { planWrite } from '../../src/ledger/statements/write-journal.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';

/** A tenant that a batch creates has no row yet, so that the batch is written through the coordinator. */
describe.skipIf(inject('topology') !== 'citus')('posting on a cluster', () => {
  let database: TestDatabase;
  let world: LedgerWorld;
  let admin: Sql;
  let roots: Panel[];
  let child: Panel;

  beforeAll(async () => {
    database = await createDatabase();
    world = await LedgerWorld.open(database.url);
    admin = openSql(database.url, { name: 'test admin', max: 2, role: null });
    roots = await Promise.all(times(6, () => world.root(1_000)));
    child = await world.child(first(), 10);
  });
  afterAll(async () => {
    await admin?.end();
    await world?.close();
    await database?.drop();
  });

  function first(): Panel {
    const [root] = roots;
    if (!root) throw new Error('there is a root');
    return root;
  }

  /** The number of tasks of each part of a statement, as the coordinator plans it. */
  async function tasksOf(sql: Sql, statement: Statement): Promise<number[]> {
    const rows = await sql.unsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${statement.text}`, parametersOf(sql, statement));
    return rows.flatMap((row) => [...row['QUERY PLAN'].matchAll(/Task Count: (\d+)/g)].map(([, count]) => Number(count)));
  }

  test('every statement of a batch, and every part of its write, is one task on one node', async () => {
    const commands: Command[] = [world.transfer(first(), child, 1), world.creation(first(), 20), world.issue(first(), 7)];
    const connection = new PostingConnection(database.url, 'tested posting', undefined, undefined, 'citus');
    try {
      for (const command of commands) {
        const plan = planLocks([command], 'wait', new Map([[first().id, first().tenantId]]), 'citus');
        const { answers, by } = await connection.lock(plan);
        const { accepted } = decideSubmissions(readState([command], answers), [{ commands: [command], atomic: false, state: 'posting' }]);
        const write = planWrite(accepted, by, Number(answers.lookUp.now), 'citus');
        await connection.end();
        const { accounts, branches, lookUp, names, platformRows, rare, tenants } = plan;
        for (const statement of [platformRows, names, tenants, accounts, lookUp, rare, branches, write]) {
          if (statement === null) continue;
          const tasks = await tasksOf(admin, statement);
          expect(tasks.length).toBeGreaterThan(0);
          expect(new Set(tasks)).toEqual(new Set([1]));
        }
      }
    } finally {
      await connection.close();
    }
  });

  test('postings of tenants on all nodes at once neither lose nor mint credits, and prepare no two-phase commit', async () => {
    const transfers = roots.flatMap((root) => times(20, () => ({ root, to: root === first() ? child : null })));
    const outcomes = await Promise.all(
      transfers.map(({ root, to }) => world.queue.post(to === null ? world.issue(root, 1) : world.transfer(root, to, 1))),
    );
    expect(tally(outcomes)).toEqual({ POSTED: 120 });
    expect(await world.health()).toMatchObject({ ok: true, problems: [], issued: 6_100, held: 6_100 });
    const prepared = await admin<{ result: string }[]>`
      SELECT result FROM run_command_on_workers('SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()')`;
    expect(prepared.map(({ result }) => result)).toEqual(prepared.map(() => '0'));
  });

  test('R31: a platform key is unique over all tenants: the same input is replayed, another is a conflict', async () => {
    const [one, other] = [first(), roots[1] ?? first()];
    const issue = world.issue(one, 3, 'one key');
    const again = { ...issue, transferId: uuidv7() };
    const elsewhere = world.issue(other, 3, 'one key');
    expect(tally([await world.queue.post(issue)])).toEqual({ POSTED: 1 });
    expect(tally([await world.queue.post(again)])).toEqual({ REPLAYED: 1 });
    expect(tally([await world.queue.post(elsewhere)])).toEqual({ IDEMPOTENCY_CONFLICT: 1 });
  });

  test('an e-mail is given once in all tenants, and of two concurrent users one gets it', async () => {
    const [one, other] = [world.creation(first(), 20), world.creation(roots[1] ?? first(), 20)];
    const outcomes = await Promise.all(
      [one, { ...other, owner: { ...other.owner, email: one.owner.email } }].map((command) => world.queue.post(command)),
    );
    expect(tally(outcomes)).toEqual({ POSTED: 1, ALREADY_EXISTS: 1 });
  });
});
