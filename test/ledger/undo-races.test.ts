import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  activation,
  cancellation,
  chargeBack,
  closing,
  moreScreens,
  order,
  payment,
  renewal,
  undo,
} from '../support/worlds/ledger-commands.ts';
import { type LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { RacingQueues, resultOf } from '../support/worlds/racing-queues.ts';

const ROUNDS = 6;
const SPENT = 4;

let queues: RacingQueues;
let world: LedgerWorld;

beforeAll(async () => {
  queues = await RacingQueues.open();
  world = queues.world;
});

afterAll(() => queues[Symbol.asyncDispose]());

interface Scene {
  readonly root: Panel;
  readonly panel: Panel;
  /** A spend that was not undone. */
  readonly spent: ReturnType<typeof activation>;
  readonly atMs: number;
}

async function scene(balance = 20): Promise<Scene> {
  const root = await world.root(100);
  const panel = await world.child(root, balance);
  const spent = activation(panel, SPENT, 1);
  const outcome = await world.queue.post(spent);
  if (outcome.status !== 'posted' || outcome.transfer === null) throw new Error(resultOf(outcome));
  return { root, panel, spent, atMs: outcome.transfer.createdAtMs };
}

const undoing = ({ atMs, panel, spent }: Scene) =>
  undo(panel, spent.customerId, { transferId: spent.transferId, amount: SPENT, createdAtMs: atMs });

async function customer({ spent }: Scene): Promise<{ expired: boolean; creditsSpent: number; canceled: boolean; resellerId: string }> {
  const [row] = await world.sql<{ expired: boolean; creditsSpent: number; canceled: boolean; resellerId: string }[]>`
    SELECT expires_at <= clock_timestamp() AS expired, credits_spent AS "creditsSpent", canceled_at IS NOT NULL AS canceled, reseller_id AS "resellerId"
    FROM customer WHERE id = ${spent.customerId}`;
  if (!row) throw new Error('no such customer');
  return row;
}

async function expectSound(): Promise<void> {
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

test('of twenty concurrent undos of one spend one returns the credits (R45)', async () => {
  const at = await scene();
  const answers = await queues.race(
    times(20, () => undoing(at)),
    0,
  );
  expect(answers.filter((word) => word === 'posted')).toHaveLength(1);
  expect(answers.filter((word) => word === 'INVALID_STATE')).toHaveLength(19);
  expect(await world.account(at.panel)).toMatchObject({ balance: 20 });
  await expectSound();
});

test('one undo sent twenty times is done once, and all get its result (R31)', async () => {
  const at = await scene();
  const one = undoing(at);
  const answers = await queues.race(
    times(20, () => ({ ...undoing(at), key: one.key, hash: one.hash })),
    0,
  );
  expect(answers.filter((word) => word === 'posted')).toHaveLength(1);
  expect(answers.filter((word) => word === 'replayed')).toHaveLength(19);
  expect(await world.account(at.panel)).toMatchObject({ balance: 20 });
});

test('of twelve concurrent undos of twelve spends five are done (R45)', async () => {
  const root = await world.root(100);
  const panel = await world.child(root, 40);
  const undos = await Promise.all(
    times(12, async () => {
      const spent = activation(panel, 1, 1);
      const outcome = await world.queue.post(spent);
      if (outcome.status !== 'posted' || outcome.transfer === null) throw new Error(resultOf(outcome));
      return undo(panel, spent.customerId, { transferId: spent.transferId, amount: 1, createdAtMs: outcome.transfer.createdAtMs });
    }),
  );
  const answers = await queues.race(undos, 0);
  expect(answers.filter((word) => word === 'posted')).toHaveLength(5);
  expect(answers.filter((word) => word === 'LIMIT_REACHED')).toHaveLength(7);
  expect(await world.account(panel)).toMatchObject({ balance: 33 });
  await expectSound();
});

test.each([
  ['renewed', (at: Scene) => renewal(at.panel, at.spent.customerId, 1)],
  ['given screens', (at: Scene) => moreScreens(at.panel, at.spent.customerId, 1)],
  ['canceled', (at: Scene) => cancellation(at.panel, at.spent.customerId)],
] as const)('of an undo while the customer is %s the first wins, and the customer costs what the journal says', async (_, other) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene();
    const rival = other(at);
    const [undone, changed] = await queues.race([undoing(at), rival], round);
    const { balance } = await world.account(at.panel);
    const { creditsSpent } = await customer(at);
    if (undone === 'posted') {
      // A renewal then starts a new term; a command that needs an active customer is refused.
      expect(changed).toBe(rival.kind === 'renewCustomer' ? 'posted' : 'INVALID_STATE');
      expect(creditsSpent).toBe(rival.kind === 'renewCustomer' ? 1 : 0);
    } else {
      expect([undone, changed]).toEqual(['INVALID_STATE', 'posted']);
      expect(creditsSpent).toBeGreaterThanOrEqual(SPENT);
    }
    expect(balance + creditsSpent).toBe(20);
  }
  await expectSound();
});

test('an undo during the panel’s close returns credits that are swept, or the customer stays paid for with its parent', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene();
    const [undone, closed] = await queues.race([undoing(at), closing(at.root, at.panel)], round);
    expect(closed).toBe('posted');
    const { creditsSpent, resellerId } = await customer(at);
    expect(['posted', 'UNAUTHENTICATED']).toContain(undone);
    expect([creditsSpent, resellerId]).toEqual([undone === 'posted' ? 0 : SPENT, at.root.id]);
    expect(await world.account(at.root)).toMatchObject({ balance: undone === 'posted' ? 100 : 100 - SPENT });
    // The customer's present panel did not spend on it.
    expect((await queues.race([{ ...undoing(at), scopeId: at.root.id, actorId: at.root.userId }], round))[0]).toBe('INVALID_STATE');
  }
  await expectSound();
});

test('an undo during a transfer of the whole rest: both are done, or the transfer moves what was there', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene();
    const heir = await world.child(at.panel, 10);
    const [undone, sent] = await queues.race([undoing(at), world.transfer(at.panel, heir, 6)], round);
    expect([undone, sent]).toEqual(['posted', 'posted']);
    expect(await world.account(at.panel)).toMatchObject({ balance: SPENT });
  }
  await expectSound();
});

test('an undo during a charge-back: returned credits repay the debt, whichever comes first (R29)', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const root = await world.root(0);
    const bought = order(root, 10);
    for (const command of [bought, payment(bought)]) expect(resultOf(await world.queue.post(command))).toBe('posted');
    const spent = activation(root, SPENT, 1);
    const outcome = await world.queue.post(spent);
    if (outcome.status !== 'posted' || outcome.transfer === null) throw new Error(resultOf(outcome));
    const at = { root, panel: root, spent, atMs: outcome.transfer.createdAtMs };
    expect(await queues.race([undoing(at), chargeBack(bought)], round)).toEqual(['posted', 'posted']);
    expect(await world.account(root)).toMatchObject({ balance: 0, locked: true });
    const [{ debt } = { debt: -1 }] = await world.sql<{ debt: number }[]>`SELECT debt FROM account WHERE id = ${root.id}`;
    expect(debt).toBe(0);
  }
  await expectSound();
});
