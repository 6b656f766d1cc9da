import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql, Transaction } from '../../src/db/sql.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { openStranger } from '../fault/stranger.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';

const AUDITS = 4;
const POSTINGS = 51;
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

let database: TestDatabase;
let world: LedgerWorld;
/** A superuser, with the triggers that protect the journal disabled. */
let intruder: Sql;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  intruder = openStranger(database.url);
});

afterAll(async () => {
  await intruder?.end({ timeout: 0 });
  await world?.close();
  await database?.drop();
});

interface Family {
  readonly root: Panel;
  readonly child: Panel;
  readonly transferId: string;
}

/** A new tenant: a root of 100 with a child of 20, to which it transferred 5 more. */
async function family(): Promise<Family> {
  const root = await world.root(100);
  const child = await world.child(root, 20);
  const transfer = world.transfer(root, child, 5);
  await world.queue.post(transfer);
  return { root, child, transferId: transfer.transferId };
}

type Tampering = readonly [what: string, problem: RegExp, (tx: Transaction, family: Family) => Promise<unknown>];

const TAMPERINGS: readonly Tampering[] = [
  ['a balance raised', /R6.*R33/s, (tx, { child: { id } }) => tx`UPDATE account SET balance = balance + 1 WHERE id = ${id}`],
  [
    'credits shifted between two accounts',
    /R33/,
    async (tx, { root, child }) => {
      await tx`UPDATE account SET balance = balance + 1 WHERE id = ${root.id}`;
      await tx`UPDATE account SET balance = balance - 1 WHERE id = ${child.id}`;
    },
  ],
  ['a version raised', /R33/, (tx, { child: { id } }) => tx`UPDATE account SET version = version + 1 WHERE id = ${id}`],
  [
    'credits minted with their total',
    /R33.*totals/s,
    (tx, { root: { id } }) => tx`UPDATE account SET balance = balance + 50, issued = issued + 50 WHERE id = ${id}`,
  ],
  ['credits consumed by nobody', /R6.*totals/s, (tx, { root: { id } }) => tx`UPDATE account SET consumed = consumed + 1 WHERE id = ${id}`],
  ['an account removed', /R33/, (tx, { child: { id } }) => tx`DELETE FROM account WHERE id = ${id}`],
  ['an entry removed', /R33.*R32/s, (tx, { child: { id } }) => tx`DELETE FROM entry WHERE account_id = ${id} AND version = 2`],
  ['an entry renumbered', /R33/, (tx, { child: { id } }) => tx`UPDATE entry SET version = 7 WHERE account_id = ${id} AND version = 2`],
  [
    'an entry and its balance changed',
    /R33.*R32/s,
    (tx, { child: { id } }) => tx`UPDATE entry SET delta = 6, balance_after = 26 WHERE account_id = ${id} AND version = 2`,
  ],
  [
    'a balance in the journal changed',
    /R33/,
    (tx, { child: { id } }) => tx`UPDATE entry SET balance_after = 26 WHERE account_id = ${id} AND version = 2`,
  ],
  [
    'a time in the journal set back',
    /R33.*time.*R32/s,
    (tx, { child: { id } }) => tx`UPDATE entry SET created_at = ${LONG_AGO} WHERE account_id = ${id} AND version = 2`,
  ],
  ['an amount changed', /R32/, (tx, { transferId }) => tx`UPDATE transfer SET amount = 6 WHERE id = ${transferId}`],
  ['a kind changed', /R32/, (tx, { transferId }) => tx`UPDATE transfer SET kind = 'GRANT' WHERE id = ${transferId}`],
  ['a receiver changed', /R32/, (tx, { transferId }) => tx`UPDATE transfer SET to_id = ${uuidv7()} WHERE id = ${transferId}`],
  [
    'a transfer removed, entries and all',
    /R33.*key/s,
    async (tx, { transferId }) => {
      await tx`DELETE FROM entry WHERE transfer_id = ${transferId}`;
      await tx`DELETE FROM transfer WHERE id = ${transferId}`;
    },
  ],
  ['a transfer removed', /R32.*key/s, (tx, { transferId }) => tx`DELETE FROM transfer WHERE id = ${transferId}`],
  [
    'a transfer added without entries',
    /R32/,
    (tx, { transferId }) => tx`INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, created_at)
      SELECT tenant_id, gen_random_uuid(), kind, from_id, to_id, amount, actor_id, created_at FROM transfer WHERE id = ${transferId}`,
  ],
  ['a key removed', /R31/, (tx, { transferId }) => tx`DELETE FROM command_key WHERE transfer_id = ${transferId}`],
  [
    'a key of the platform removed',
    /R31/,
    (tx, { root: { id } }) =>
      tx`DELETE FROM command_key WHERE transfer_id = (SELECT id FROM transfer WHERE to_id = ${id} AND kind = 'ISSUE')`,
  ],
  [
    'a key turned to another transfer',
    /R31/,
    (tx, { transferId }) => tx`UPDATE command_key SET transfer_id = ${uuidv7()} WHERE transfer_id = ${transferId}`,
  ],
];

test('every kind of tampering is found and named in its own tenant and in no other', async () => {
  const bystander = await family();
  expect(await world.health()).toMatchObject({ ok: true, problems: [], issued: 100, held: 100, entries: 5 });
  for (const [what, problem, tamper] of TAMPERINGS) {
    const victim = await family();
    expect(await world.health(victim.root.tenantId)).toMatchObject({ ok: true, problems: [], issued: 100, held: 100, entries: 5 });
    await intruder.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`;
      await tamper(tx, victim);
    });
    const { ok, problems } = await world.health(victim.root.tenantId);
    expect(ok, what).toBe(false);
    expect(problems.join('\n'), what).toMatch(problem);
  }
  expect(await world.health(bystander.root.tenantId)).toMatchObject({ ok: true, problems: [] });
  expect(await world.health()).toMatchObject({ ok: false });
});

test('the audit adds up while posting goes on, and reports no false problem', async () => {
  const roots = await Promise.all(times(3, () => world.root(100_000)));
  const children = await Promise.all(roots.flatMap((root) => times(4, () => world.child(root, 10))));
  let posted = 0;
  let audits = 0;
  const goesOn = () => posted < POSTINGS || audits < AUDITS;
  const caller = async () => {
    while (goesOn()) {
      const index = randomInt(children.length);
      const [root, child] = [roots[Math.floor(index / 4)], children[index]];
      if (!root || !child) throw new Error('no panels');
      await Promise.all([world.queue.post(world.transfer(root, child, 1)), world.queue.post(world.issue(child, 3))]);
      posted += 1;
    }
  };
  const auditor = async () => {
    for (; goesOn(); audits += 1) {
      for (const { tenantId } of roots) {
        const health = await world.health(tenantId);
        expect(health).toMatchObject({ ok: true, problems: [] });
        expect(health.issued).toBe(health.held + health.consumed + health.withdrawn);
      }
    }
  };
  await Promise.all([auditor(), ...times(8, caller)]);
  // Each audit ran while postings were made; both end together.
  expect({ audits: audits >= AUDITS, posted: posted >= POSTINGS }).toEqual({ audits: true, posted: true });
});
