import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activation, activationWith, order, renewal, trial } from '../support/worlds/ledger-commands.ts';
import { LedgerWorld } from '../support/worlds/ledger-world.ts';

/** Plans are made when a connection first needs them, and kept: here while every table is known to be empty. */
const BATCHES = 20;
const TRANSFERS = 40;

let database: TestDatabase;
let owner: Sql;

beforeAll(async () => {
  database = await createDatabase();
  owner = openSql(database.url, { name: 'test', max: 1, role: null });
  await owner`ANALYZE`;
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

test('what a batch looks up is found by its index, though the tables were empty when that was planned', async () => {
  const world = await LedgerWorld.open(database.url);
  const root = await world.root(1_000_000);
  const child = await world.child(root, 100);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await world.queue.postEach(Array.from({ length: TRANSFERS }, () => world.transfer(root, child, 1)));
    const customer = activation(root, 1, 1);
    await world.queue.postEach([customer, trial(root, `+55 ${batch}`), order(root, 10)]);
    const logins = [`1000000${batch}`, `2000000${batch}`, `3000000000${batch}`] as const;
    await world.queue.postEach([activationWith(root, logins), activationWith(root, [`given-${batch}`])]);
    await world.queue.postEach([renewal(root, customer.customerId, 1)]);
  }
  // What a connection counted is told when it ends.
  await world.close();
  const read = await owner`
    SELECT relname, sum(idx_tup_read)::integer AS rows FROM pg_stat_user_indexes
    WHERE indexrelname IN ('command_key_pkey', 'trial_pkey', 'purchase_pkey', 'access_login') GROUP BY relname`;
  const rows = new Map(read.map(({ relname, rows }) => [relname, rows]));
  // No key was used twice, nor a contact or a login, and no order is looked up again.
  expect(Object.fromEntries(rows)).toEqual({ command_key: 0, trial: 0, purchase: 0, customer_access: 0 });
});
