import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql, Transaction } from '../../src/db/sql.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { Command } from '../../src/ledger/command.ts';
import { openStranger } from '../fault/stranger.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import {
  activation,
  cancellation,
  chargeBack,
  closing,
  moreScreens,
  order,
  payment,
  reclaim,
  renewal,
} from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel } from '../support/worlds/ledger-world.ts';

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

interface Business {
  readonly root: Panel;
  readonly debtor: Panel;
  readonly customerId: string;
  readonly purchaseId: string;
}

async function post(command: Command): Promise<void> {
  expectPosted(await world.queue.post(command));
}

/**
 * A new tenant in which everything happened once: customers, a refund, credits reclaimed and swept, purchases,
 * charge-backs and debts.
 */
async function business(): Promise<Business> {
  const root = await world.root(1_000);
  await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS', reclaim_allowed = true WHERE id = ${root.tenantId}`;
  const [child, debtor] = [await world.child(root, 50), await world.child(root, 10)];
  const customer = activation(root, 3, 1);
  const canceled = activation(root, 5, 1);
  await post(customer);
  await post(renewal(root, customer.customerId, 2));
  await post(moreScreens(root, customer.customerId, 1));
  await post(canceled);
  await post(cancellation(root, canceled.customerId));
  await post(reclaim(root, child, 20));
  await post(closing(root, child));
  const [bought, lost] = [order(root, 40), order(debtor, 30)];
  for (const one of [bought, lost]) {
    await post(one);
    await post(payment(one));
  }
  await post(activation(debtor, 5, 3));
  await post(chargeBack(lost));
  return { root, debtor, customerId: customer.customerId, purchaseId: bought.purchaseId };
}

type Tampering = readonly [what: string, problem: RegExp, (tx: Transaction, made: Business) => Promise<unknown>];

const unkeyed = (kind: string): Tampering => [
  `the key of a ${kind} removed`,
  /R31/,
  (tx, { root: { tenantId } }) =>
    tx`DELETE FROM command_key WHERE tenant_id = ${tenantId} AND transfer_id = (SELECT id FROM transfer WHERE tenant_id = ${tenantId} AND kind = ${kind}::transfer_kind ORDER BY id LIMIT 1)`,
];

const TAMPERINGS: readonly Tampering[] = [
  ...['ACTIVATION', 'RENEWAL', 'SCREENS', 'RECLAIM', 'REFUND', 'SWEEP'].map(unkeyed),
  [
    'credits spent raised',
    /R3:/,
    (tx, { customerId }) => tx`UPDATE customer SET credits_spent = credits_spent + 1 WHERE id = ${customerId}`,
  ],
  ['a customer removed', /R3:/, (tx, { customerId }) => tx`DELETE FROM customer WHERE id = ${customerId}`],
  [
    'credits spent on another customer',
    /R3:/,
    (tx, { customerId }) => tx`UPDATE transfer SET customer_id = ${uuidv7()} WHERE customer_id = ${customerId} AND kind = 'RENEWAL'`,
  ],
  ['credits spent on nobody', /R3:/, (tx, { customerId }) => tx`UPDATE transfer SET customer_id = NULL WHERE customer_id = ${customerId}`],
  ['a purchase made larger', /R28/, (tx, { purchaseId }) => tx`UPDATE purchase SET quantity = quantity + 1 WHERE id = ${purchaseId}`],
  [
    'a purchase given to another',
    /R28/,
    (tx, { debtor, purchaseId }) => tx`UPDATE purchase SET buyer_id = ${debtor.id} WHERE id = ${purchaseId}`,
  ],
  [
    'a purchase sold by another',
    /R28/,
    (tx, { debtor, purchaseId }) => tx`UPDATE purchase SET seller_id = ${debtor.id} WHERE id = ${purchaseId}`,
  ],
  [
    'a paid purchase taken back to pending',
    /R28/,
    (tx, { purchaseId }) => tx`UPDATE purchase SET status = 'PENDING', transfer_id = NULL, settled_at = NULL WHERE id = ${purchaseId}`,
  ],
  [
    'a purchase paid without credits',
    /R28/,
    (tx, { root: { tenantId, id } }) =>
      tx`INSERT INTO purchase (tenant_id, id, number, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at, settled_at, transfer_id)
        VALUES (${tenantId}, gen_random_uuid(), 9999, ${id}, 10, 1, 'BRL', 'MANUAL', 'PAID', ${id}, now(), now(), now(), gen_random_uuid())`,
  ],
  ['a purchase removed', /R28/, (tx, { purchaseId }) => tx`DELETE FROM purchase WHERE id = ${purchaseId}`],
  [
    'a purchase posted twice',
    /R28/,
    (tx, { purchaseId }) => tx`INSERT INTO transfer (tenant_id, id, kind, to_id, amount, actor_id, created_at, purchase_id)
      SELECT tenant_id, gen_random_uuid(), kind, to_id, amount, actor_id, created_at, purchase_id FROM transfer WHERE purchase_id = ${purchaseId}`,
  ],
  ['a debt forgotten', /R29/, (tx, { debtor }) => tx`UPDATE account SET debt = 0 WHERE id = ${debtor.id}`],
  ['a debt lowered', /R29/, (tx, { debtor }) => tx`UPDATE account SET debt = debt - 1 WHERE id = ${debtor.id}`],
  [
    'a debt that does not suspend',
    /R29/,
    (tx, { debtor }) => tx`UPDATE reseller SET in_debt = false, suspended_at = NULL WHERE id = ${debtor.id}`,
  ],
  ['a suspension for no debt', /R29/, (tx, { root }) => tx`UPDATE reseller SET in_debt = true, suspended_at = now() WHERE id = ${root.id}`],
  [
    'a charge-back taken back',
    /R29/,
    (tx, { debtor }) => tx`UPDATE purchase SET status = 'PAID' WHERE buyer_id = ${debtor.id} AND status = 'CHARGED_BACK'`,
  ],
];

test('every tampering with customers, purchases and debts is found and named in its own tenant and no other', async () => {
  const bystander = await business();
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
  expect(await world.sql`SELECT FROM account WHERE id = ${bystander.debtor.id} AND debt > 0 AND withdrawn > 0`).toHaveLength(1);
  for (const [what, problem, tamper] of TAMPERINGS) {
    const victim = await business();
    await intruder.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`;
      await tamper(tx, victim);
    });
    const { ok, problems } = await world.health(victim.root.tenantId);
    expect(ok, what).toBe(false);
    expect(problems.join('\n'), what).toMatch(problem);
  }
  expect(await world.health(bystander.root.tenantId)).toMatchObject({ ok: true, problems: [] });
});

test('a panel that refunds what a panel below spent, without spending anything itself, is sound', async () => {
  const root = await world.root(1_000);
  await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS' WHERE id = ${root.tenantId}`;
  const child = await world.child(root, 100);
  const inherited = activation(child, 36, 2);
  await post(inherited);
  await post(closing(root, child));
  await post(cancellation(root, inherited.customerId));
  expect(await world.sql`SELECT FROM account WHERE id = ${root.id} AND consumed < 0`).toHaveLength(1);
  expect(await world.health(root.tenantId)).toMatchObject({ ok: true, problems: [] });
});
