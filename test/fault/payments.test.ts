import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { confirmed, openedPayment, paid, refunded } from '../support/worlds/customer-payments.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activation } from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel } from '../support/worlds/ledger-world.ts';
import { CuttingProxy, MOMENTS } from './cutting-proxy.ts';

let database: TestDatabase;
let world: LedgerWorld;
let proxy: CuttingProxy;
let queue: PostingQueue;
let root: Panel;

beforeEach(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  proxy = await CuttingProxy.open(database.url);
  queue = world.openQueue(PATIENT_QUEUE, proxy.url);
  root = await world.root(1_000);
});

afterEach(async () => {
  proxy.atMoment = () => 'pass';
  await queue?.close();
  await proxy?.close();
  await world?.close();
  await database?.drop();
});

async function statuses(): Promise<string[]> {
  return (await world.sql<{ status: string }[]>`SELECT status FROM customer_payment ORDER BY opened_at`).map(({ status }) => status);
}

async function expectWhole(): Promise<void> {
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

for (const moment of MOMENTS) {
  test(`R54: a confirmation, refund and top-up cut at "${moment}" pay and apply once, and are no replays to their callers`, async () => {
    const panel = await world.child(root, 11);
    const customer = activation(panel, 1, 1);
    expectPosted(await world.queue.post(customer));
    const [first, dear] = [
      await openedPayment(world.sql, panel, customer.customerId, { periods: 2 }),
      await openedPayment(world.sql, panel, customer.customerId, { periods: 4, screens: 3 }),
    ];
    const words = [{ ...confirmed(panel, first), reference: 'pi' }, refunded(panel, first, 'pi'), paid(panel, first, 'pi', 2)];
    for (const command of [...words, paid(panel, dear), world.transfer(root, panel, 4)]) {
      const cut = proxy.once(moment, () => 'cut');
      const outcome = await queue.post(command);
      await cut;
      expect(outcome.status === 'posted' || (outcome.status === 'replayed' && outcome.own), command.kind).toBe(true);
    }
    expect(await statuses()).toEqual(['APPLIED', 'APPLIED']);
    expect(await world.account(panel)).toMatchObject({ balance: 0, locked: true, version: 5 });
    for (const payment of [first, dear]) expect(await queue.post(paid(panel, payment))).toMatchObject({ status: 'replayed', own: false });
    await expectWhole();
  });
}
