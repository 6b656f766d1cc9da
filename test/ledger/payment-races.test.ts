import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepPayments } from '../../src/domain/customer-payment/sweep-payments.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { Command } from '../../src/ledger/command.ts';
import { confirmed, type OpenPayment, openedPayment, paid, refunded } from '../support/worlds/customer-payments.ts';
import { activation, cancellation, closing, moreScreens, renewal, undo } from '../support/worlds/ledger-commands.ts';
import { type LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { RacingQueues, resultOf } from '../support/worlds/racing-queues.ts';

const ROUNDS = 6;
const PERIOD_SECONDS = 2_592_000;

let queues: RacingQueues;
let world: LedgerWorld;

beforeAll(async () => {
  queues = await RacingQueues.open();
  world = queues.world;
});

afterAll(() => queues[Symbol.asyncDispose]());

async function posted(command: Command): Promise<void> {
  expect(resultOf(await world.queue.post(command))).toBe('posted');
}

interface Scene {
  readonly root: Panel;
  readonly panel: Panel;
  readonly customerId: string;
  readonly spent: ReturnType<typeof activation>;
  readonly atMs: number;
}

/** A panel with a customer that was activated for one period and one screen, and `left` credits besides. */
async function scene(left: number): Promise<Scene> {
  const root = await world.root(1_000);
  const panel = await world.child(root, 10 + left);
  const spent = activation(panel, 1, 1);
  await posted(activation(panel, 9, 1));
  const outcome = await world.queue.post(spent);
  if (outcome.status !== 'posted' || outcome.transfer === null) throw new Error(resultOf(outcome));
  return { root, panel, customerId: spent.customerId, spent, atMs: outcome.transfer.createdAtMs };
}

async function statusOf({ id }: OpenPayment): Promise<string> {
  const [row] = await world.sql<{ status: string }[]>`SELECT status FROM customer_payment WHERE id = ${id}`;
  return row?.status ?? 'none';
}

async function customer({ customerId }: Scene): Promise<{ periods: number; spent: number; panel: string; canceled: boolean }> {
  const [row] = await world.sql<{ periods: number; spent: number; panel: string; canceled: boolean }[]>`
    SELECT round(extract(epoch FROM expires_at - created_at) / ${PERIOD_SECONDS})::integer AS periods, credits_spent AS spent, reseller_id AS panel,
      canceled_at IS NOT NULL AS canceled
    FROM customer WHERE id = ${customerId}`;
  if (!row) throw new Error('no such customer');
  return row;
}

/** The kind of each change of an account and the balance after it, in the order of versions. */
async function story({ id }: Panel): Promise<string[]> {
  const rows = await world.sql<{ kind: string; balance: number }[]>`
    SELECT kind, balance_after AS balance FROM entry WHERE account_id = ${id} ORDER BY version`;
  return rows.map(({ balance, kind }) => `${kind} ${balance}`);
}

async function expectSound(): Promise<void> {
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

test('R54: of ten concurrent messages of one payment one makes one renewal, and a repeated message gets the same answer', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(5);
    const payment = await openedPayment(world.sql, at.panel, at.customerId, { periods: 2, screens: 2 });
    const words = times(10, (n) => (n % 2 === 0 ? confirmed(at.panel, payment) : paid(at.panel, payment)));
    const answers = await queues.race(words, round);
    expect([answers.filter((word) => word === 'posted').length, answers.filter((word) => word === 'replayed').length]).toEqual([1, 9]);
    expect([await statusOf(payment), (await world.account(at.panel)).balance]).toEqual(['APPLIED', 1]);
    expect(await customer(at)).toMatchObject({ periods: 3, spent: 5 });
  }
  await expectSound();
});

test('R54: a refund concurrent with its payment wins, and of all messages of one payment the newest state wins', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(5);
    const payment = await openedPayment(world.sql, at.panel, at.customerId);
    await queues.race([paid(at.panel, payment, 'pi'), refunded(at.panel, payment, 'pi'), paid(at.panel, payment, 'pi')], round);
    expect(await statusOf(payment)).toBe('REFUNDED');
    // It was renewed if the payment came first: a refund does not change the service.
    const { spent } = await customer(at);
    expect([1, 2]).toContain(spent);
    expect((await world.account(at.panel)).balance).toBe(5 + 1 - spent);
    const words = [refunded(at.panel, payment, 'pi'), paid(at.panel, payment, 'pi', 2), paid(at.panel, payment, 'pi')];
    await queues.race([...words, refunded(at.panel, payment, 'another', 5)], round);
    expect([await statusOf(payment), (await customer(at)).spent, (await world.account(at.panel)).balance]).toEqual(['APPLIED', 2, 4]);
  }
  await expectSound();
});

test('R54: a waiting payment refunded while its credits arrive is REFUNDED, and renewed at most once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(0);
    const payment = await openedPayment(world.sql, at.panel, at.customerId);
    await posted(paid(at.panel, payment, 'pi'));
    expect(await queues.race([refunded(at.panel, payment, 'pi'), world.transfer(at.root, at.panel, 3)], round)).toEqual([
      'posted',
      'posted',
    ]);
    const { spent } = await customer(at);
    expect([await statusOf(payment), (await world.account(at.panel)).balance]).toEqual(['REFUNDED', 3 + 1 - spent]);
    expect([1, 2]).toContain(spent);
    // Nothing later applies it.
    await posted(world.transfer(at.root, at.panel, 3));
    expect((await customer(at)).spent).toBe(spent);
  }
  await expectSound();
});

test('R54: a refund message never applies the payment that it refunds, even if it could be applied by now', async () => {
  const at = await scene(100);
  const payment = await openedPayment(world.sql, at.panel, at.customerId, { periods: 36 });
  await posted(paid(at.panel, payment, 'pi'));
  expect(await statusOf(payment)).toBe('PAID_UNFUNDED');
  await world.sql`UPDATE customer SET expires_at = statement_timestamp() WHERE id = ${at.customerId}`;
  await posted(refunded(at.panel, payment, 'pi'));
  expect([await statusOf(payment), (await world.account(at.panel)).balance]).toEqual(['REFUNDED', 100]);
  await expectSound();
});

test('R54: a message that arrives before its payment is visible is refused, and the same message pays afterwards', async () => {
  const at = await scene(5);
  const word = paid(at.panel, { tenantId: at.panel.tenantId, id: uuidv7(), customerId: at.customerId });
  expect(await queues.race([word, word, word])).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  const payment = await openedPayment(world.sql, at.panel, at.customerId, { id: word.paymentId });
  const answers = await queues.race(times(6, () => word));
  expect(answers.filter((answer) => answer === 'posted')).toHaveLength(1);
  expect([await statusOf(payment), (await customer(at)).periods]).toEqual(['APPLIED', 2]);
  await expectSound();
});

test.each([
  ['a renewal by hand', (at: Scene) => renewal(at.panel, at.customerId, 2), { periods: 4, spent: 4, canceled: false }],
  ['more screens', (at: Scene) => moreScreens(at.panel, at.customerId, 1), { periods: 2, canceled: false }],
] as const)('R54: a payment and, at the same time, %s are both done, whichever comes first', async (_, other, expected) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(20);
    const payment = await openedPayment(world.sql, at.panel, at.customerId);
    expect(await queues.race([confirmed(at.panel, payment), other(at)], round)).toEqual(['posted', 'posted']);
    expect(await statusOf(payment)).toBe('APPLIED');
    expect(await customer(at)).toMatchObject(expected);
  }
  await expectSound();
});

test('R54: a payment concurrent with a cancel renews the customer, who is canceled if the cancel came last', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(20);
    const payment = await openedPayment(world.sql, at.panel, at.customerId);
    expect(await queues.race([confirmed(at.panel, payment), cancellation(at.panel, at.customerId)], round)).toEqual(['posted', 'posted']);
    expect([await statusOf(payment), await customer(at)]).toMatchObject(['APPLIED', { periods: 2, spent: 2 }]);
  }
  await expectSound();
});

test('R54: an undo concurrent with a payment undoes what it named or is too late; the payment is one renewal', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(20);
    const payment = await openedPayment(world.sql, at.panel, at.customerId);
    const undoing = undo(at.panel, at.customerId, { transferId: at.spent.transferId, amount: 1, createdAtMs: at.atMs });
    const [word, undone] = await queues.race([confirmed(at.panel, payment), undoing], round);
    expect([word, await statusOf(payment)]).toEqual(['posted', 'APPLIED']);
    expect((await customer(at)).spent).toBe(undone === 'posted' ? 1 : 2);
    expect((await world.account(at.panel)).balance).toBe(undone === 'posted' ? 20 : 19);
  }
  await expectSound();
});

test("R54: a payment's renewal can be undone like any other, and the payment is not applied again", async () => {
  const at = await scene(1);
  const payment = await openedPayment(world.sql, at.panel, at.customerId);
  const outcome = await world.queue.post(confirmed(at.panel, payment));
  if (outcome.status !== 'posted' || outcome.transfer === null) throw new Error(resultOf(outcome));
  expect(outcome.transfer).toMatchObject({ id: payment.id, kind: 'RENEWAL', amount: 1 });
  expect(await world.account(at.panel)).toMatchObject({ balance: 0, locked: true });
  const { amount, createdAtMs, id: transferId } = outcome.transfer;
  await posted(undo(at.panel, at.customerId, { transferId, amount, createdAtMs }));
  expect([await statusOf(payment), await customer(at), (await world.account(at.panel)).balance]).toMatchObject([
    'APPLIED',
    { periods: 1 },
    1,
  ]);
  await expectSound();
});

test('R54: a payment waits while the panel is locked, and a top-up applies it once before any other spend', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(0);
    const payment = await openedPayment(world.sql, at.panel, at.customerId, { periods: 3 });
    expect(await queues.race([confirmed(at.panel, payment)])).toEqual(['PANEL_LOCKED']);
    await posted(paid(at.panel, payment));
    expect(await statusOf(payment)).toBe('PAID_UNFUNDED');
    const rivals = times(5, () => renewal(at.panel, at.customerId, 1));
    const [topUp, ...answers] = await queues.race([world.transfer(at.root, at.panel, 3), ...rivals], round);
    expect([topUp, new Set(answers)]).toEqual(['posted', new Set(['PANEL_LOCKED'])]);
    expect(await statusOf(payment)).toBe('APPLIED');
    expect((await story(at.panel)).slice(-2)).toEqual(['TRANSFER 3', 'RENEWAL 0']);
    expect(await world.account(at.panel)).toMatchObject({ balance: 0, locked: true });
    expect(await customer(at)).toMatchObject({ periods: 4, spent: 4 });
  }
  await expectSound();
});

test('R54: waiting payments are applied oldest first, and one that cannot be applied delays no other', async () => {
  const at = await scene(0);
  const all: OpenPayment[] = [];
  for (const periods of [12, 1, 2, 36]) {
    const payment = await openedPayment(world.sql, at.panel, at.customerId, { periods });
    await posted(paid(at.panel, payment));
    all.push(payment);
  }
  const statuses = () => Promise.all(all.map(statusOf));
  await posted(world.transfer(at.root, at.panel, 2));
  expect(await statuses()).toEqual(['PAID_UNFUNDED', 'APPLIED', 'PAID_UNFUNDED', 'PAID_UNFUNDED']);
  await posted(world.transfer(at.root, at.panel, 12));
  expect(await statuses()).toEqual(['APPLIED', 'APPLIED', 'PAID_UNFUNDED', 'PAID_UNFUNDED']);
  await posted(world.transfer(at.root, at.panel, 1));
  expect(await statuses()).toEqual(['APPLIED', 'APPLIED', 'APPLIED', 'PAID_UNFUNDED']);
  // Beyond 36 periods it waits, whatever credits there are.
  await posted(world.transfer(at.root, at.panel, 100));
  expect([await statuses(), (await world.account(at.panel)).balance]).toEqual([['APPLIED', 'APPLIED', 'APPLIED', 'PAID_UNFUNDED'], 100]);
  await expectSound();
});

test('R54: credits that an undo or a refund returns go to waiting customer payments first', async () => {
  const at = await scene(0);
  const other = activation(at.panel, 1, 1);
  await posted(world.transfer(at.root, at.panel, 1));
  const spent = await world.queue.post(other);
  if (spent.status !== 'posted' || spent.transfer === null) throw new Error(resultOf(spent));
  const payment = await openedPayment(world.sql, at.panel, at.customerId);
  await posted(paid(at.panel, payment));
  expect(await statusOf(payment)).toBe('PAID_UNFUNDED');
  const { createdAtMs, id: transferId } = spent.transfer;
  await posted(undo(at.panel, other.customerId, { transferId, amount: 1, createdAtMs }));
  expect([await statusOf(payment), (await story(at.panel)).slice(-2)]).toEqual(['APPLIED', ['UNDO 1', 'RENEWAL 0']]);
  await expectSound();
});

test('R54: a batch that is refused as a whole applies no payment that only its own credits would have funded', async () => {
  const at = await scene(0);
  const payment = await openedPayment(world.sql, at.panel, at.customerId);
  await posted(paid(at.panel, payment));
  const commands = [world.transfer(at.root, at.panel, 1), world.transfer(at.root, at.panel, 10_000)];
  await expect(world.queue.postAtomic(commands)).rejects.toMatchObject({ index: 1 });
  expect([await statusOf(payment), (await world.account(at.panel)).balance]).toEqual(['PAID_UNFUNDED', 0]);
  expect((await world.queue.postAtomic(commands.slice(0, 1))).map(resultOf)).toEqual(['posted']);
  expect([await statusOf(payment), (await world.account(at.panel)).balance]).toEqual(['APPLIED', 0]);
  await expectSound();
});

test('R54: a payment concurrent with a close is applied by the panel, or waits at the parent, which applies it before spending', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene(round % 2 === 0 ? 20 : 0);
    const waiting = await openedPayment(world.sql, at.panel, at.customerId, { periods: 2 });
    const open = await openedPayment(world.sql, at.panel, at.customerId);
    await posted(paid(at.panel, waiting));
    const [word, closed] = await queues.race([paid(at.panel, open), closing(at.root, at.panel)], round);
    expect([['posted', 'NOT_FOUND'].includes(word ?? ''), closed]).toEqual([true, 'posted']);
    if (word === 'NOT_FOUND') await posted(confirmed(at.root, open));
    await posted(activation(at.root, 1, 1));
    expect([await statusOf(waiting), await statusOf(open), await customer(at)]).toMatchObject([
      'APPLIED',
      'APPLIED',
      { periods: 4, spent: 4, panel: at.root.id },
    ]);
    expect((await world.account(at.root)).balance + (await world.account(at.panel)).balance).toBe(1_000 - 10 - 3 - 1);
  }
  await expectSound();
});

test('R54: a sweep tries every panel, even behind hundreds whose payments still do not fit', async () => {
  const scenes = await Promise.all(
    times(201, async () => {
      const root = await world.root(40);
      const made = activation(root, 1, 1);
      await posted(made);
      const payment = await openedPayment(world.sql, root, made.customerId, { periods: 36 });
      await posted(paid(root, payment));
      return { root, payment };
    }),
  );
  const last = scenes.toSorted((one, other) => (one.root.tenantId < other.root.tenantId ? -1 : 1)).at(-1);
  if (!last) throw new Error('there is no panel');
  const { customerId, id, tenantId } = last.payment;
  await world.sql`UPDATE customer SET expires_at = statement_timestamp() WHERE tenant_id = ${tenantId} AND id = ${customerId}`;
  await sweepPayments({ sql: world.sql, topology: world.topology, ledger: world.queue, customerPaymentsChanged: () => {} });
  const [row] = await world.sql<{ status: string }[]>`SELECT status FROM customer_payment WHERE tenant_id = ${tenantId} AND id = ${id}`;
  expect(row?.status).toBe('APPLIED');
  expect(await world.account(last.root)).toMatchObject({ balance: 3 });
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
