import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuyCredits } from '../../src/ledger/command.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { order } from '../support/worlds/ledger-commands.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { PostingProcess } from './posting-process.ts';

const PURCHASES = 64;

let database: TestDatabase;
let world: LedgerWorld;
let processes: readonly PostingProcess[] = [];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  processes = await Promise.all(times(2, () => PostingProcess.start(database.url)));
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await world?.close();
  await database?.drop();
});

async function numbersOf({ tenantId }: Panel): Promise<number[]> {
  const rows = await world.sql<{ number: number }[]>`SELECT number FROM purchase WHERE tenant_id = ${tenantId} ORDER BY number`;
  return rows.map(({ number }) => number);
}

test('64 concurrent purchases from two processes get unique numbers in each of three tenants (R38)', async () => {
  const roots = [await world.root(40), await world.root(40), await world.root(40)];
  const commands: BuyCredits[] = [];
  for (const root of roots) {
    // A panel may have only a few open orders.
    const buyers = await Promise.all(times(4, () => world.child(root, 10)));
    commands.push(...times(PURCHASES, (index) => order(buyers[index % buyers.length] ?? root, 10)));
  }
  const mixed = times(commands.length, (index) => commands[(index * 67) % commands.length]).filter((one) => one !== undefined);
  const answers = await Promise.all(mixed.map((command, index) => processes[index % 2]?.post('one', [command])));
  expect(new Set(answers.map(String))).toEqual(new Set(['POSTED']));
  for (const root of roots) expect(await numbersOf(root)).toEqual(times(PURCHASES, (index) => index + 1));
});

test('a later purchase has a higher number, even if one between them was not written (R38)', async () => {
  const root = await world.root(0);
  await world.queue.post(order(root, 10));
  await world.sql
    .begin(async (tx) => {
      await tx`INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
        SELECT tenant_id, gen_random_uuid(), buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at
        FROM purchase WHERE tenant_id = ${root.tenantId}`;
      throw new Error('not written');
    })
    .catch(() => {});
  await world.queue.post(order(root, 10));
  const rows = await world.sql<{ number: number }[]>`SELECT number FROM purchase WHERE tenant_id = ${root.tenantId} ORDER BY id`;
  expect(rows.length).toBe(2);
  expect(rows[1]?.number).toBeGreaterThan(rows[0]?.number ?? 0);
});
