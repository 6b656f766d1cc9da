import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activation, cancellation, moreScreens, reactivation, renewal } from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel } from '../support/worlds/ledger-world.ts';

let database: TestDatabase;
let world: LedgerWorld;
let root: Panel;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  root = await world.root(10_000);
  await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS' WHERE id = ${root.tenantId}`;
});

afterAll(async () => {
  await world?.close();
  await database?.drop();
});

/** 4 periods on 3 screens, then 2 on one. */
async function twoSpans(): Promise<string> {
  const first = activation(root, 4, 3);
  expectPosted(await world.queue.post(first));
  await world.sql`UPDATE customer SET next_screens = 1 WHERE id = ${first.customerId}`;
  expectPosted(await world.queue.post(renewal(root, first.customerId, 2)));
  return first.customerId;
}

interface Row {
  readonly screens: number;
  readonly next_screens: number;
  readonly expires_at: Date;
  readonly canceled_at: Date | null;
  readonly credits_spent: number;
}

const rowOf = async (id: string) => (await world.sql<[Row & { later_spans: unknown }]>`SELECT * FROM customer WHERE id = ${id}`)[0];

/** Writes a customer like the version before `later_spans`: every column that it knows. */
async function writeAsBefore(id: string, change: Partial<Row>): Promise<void> {
  const { canceled_at, credits_spent, expires_at, next_screens, screens } = { ...(await rowOf(id)), ...change };
  await world.sql`UPDATE customer c SET screens = ${screens}, next_screens = ${next_screens}, is_trial = false, expires_at = ${expires_at},
    canceled_at = ${canceled_at}, credits_spent = ${credits_spent} WHERE c.tenant_id = ${root.tenantId} AND c.id = ${id}`;
}

const later = (at: Date, periods: number) => new Date(at.getTime() + periods * 2_592_000_000);

describe('a server of the previous version, which does not know later spans,', () => {
  test.each<[string, (row: Row) => Partial<Row>]>([
    ['a renewal', ({ expires_at }) => ({ expires_at: later(expires_at, 1), screens: 1, credits_spent: 15 })],
    ['more screens', ({ screens }) => ({ screens: screens + 1, next_screens: 2, credits_spent: 20 })],
    ['a refund', ({ expires_at }) => ({ expires_at: later(expires_at, -5), canceled_at: new Date(), credits_spent: 0 })],
    ['an activation anew', ({ expires_at }) => ({ expires_at: later(expires_at, 20), screens: 2, credits_spent: 60 })],
  ])('is refused %s of such a customer, like a locked row, and nothing is changed', async (_, change) => {
    const id = await twoSpans();
    const before = await rowOf(id);
    await expect(writeAsBefore(id, change(before))).rejects.toMatchObject({
      code: '55P03',
      message: expect.stringContaining('later spans'),
    });
    expect(await rowOf(id)).toEqual(before);
  });

  test('cancels it, and renews a customer with one span', async () => {
    const [two, one] = [await twoSpans(), activation(root, 1, 1)];
    await writeAsBefore(two, { canceled_at: new Date('2026-01-01T00:00:00Z') });
    expectPosted(await world.queue.post(one));
    const { expires_at } = await rowOf(one.customerId);
    await writeAsBefore(one.customerId, { expires_at: later(expires_at, 1) });
  });
});

test('every command of this version can change a customer with later spans', async () => {
  for (const command of [renewal, moreScreens]) {
    const id = await twoSpans();
    expectPosted(await world.queue.post(command(root, id, 1)));
    expectPosted(await world.queue.post(cancellation(root, id)));
  }
  const ended = await twoSpans();
  // In the order of its spans: within the second span, and after the end.
  for (const periods of [5, 2]) {
    await world.sql.begin(async (tx) => {
      await tx`RESET ROLE`;
      await tx`UPDATE customer SET expires_at = expires_at - ${`${periods * 30} days`}::interval WHERE id = ${ended}`;
    });
    expectPosted(await world.queue.post(periods === 5 ? renewal(root, ended, 1) : reactivation(root, ended, 1, 2)));
    if (periods === 5) await world.sql`UPDATE customer SET next_screens = 1 WHERE id = ${ended}`;
  }
  expect(await world.health(root.tenantId)).toMatchObject({ ok: true, problems: [] });
});
