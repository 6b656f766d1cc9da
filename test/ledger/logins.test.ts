import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activationWith } from '../support/worlds/ledger-commands.ts';
import { LedgerWorld } from '../support/worlds/ledger-world.ts';

let database: TestDatabase;
let world: LedgerWorld;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
});

afterAll(async () => {
  await world.close();
  await database.drop();
});

test('R46: a generated login that is taken is replaced by the next, in one batch, later or in a race; nobody is refused', async () => {
  const root = await world.root(1_000);
  const panels = await Promise.all(Array.from({ length: 4 }, () => world.child(root, 50)));
  const logins = (last: number) => ['10000000', '20000000', `300000000000000${last}`] as const;
  const given = activationWith(root, ['20000000']);
  // One batch, in which the chosen login is first, whatever its position; then panels on connections of their own.
  const together = [activationWith(root, logins(0)), given, activationWith(root, logins(1))];
  const raced = panels.map((panel, index) => activationWith(panel, logins(index + 2)));
  const outcomes = [...(await world.queue.postEach(together)), ...(await Promise.all(raced.map((command) => world.queue.post(command))))];
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'posted'));
  const rows = await world.sql<{ id: string; login: string }[]>`
    SELECT customer_id AS id, login FROM customer_access WHERE tenant_id = ${root.tenantId}`;
  const found = new Map(rows.map(({ id, login }) => [id, login]));
  expect(found.get(given.customerId)).toBe('20000000');
  expect(rows).toHaveLength(7);
  expect(rows.filter(({ login }) => login === '10000000')).toHaveLength(1);
  // A chosen login that is taken is refused, in one batch as in a later one.
  const [first, second] = await world.queue.postEach([activationWith(root, ['twice']), activationWith(root, ['twice'])]);
  const third = await world.queue.post(activationWith(root, ['twice']));
  expect([first?.status, second, third]).toMatchObject([
    'posted',
    ...Array.from({ length: 2 }, () => ({ refusal: { code: 'ALREADY_EXISTS' } })),
  ]);
});
