import { expect, test } from 'vitest';
import { startApi } from '../support/clients/api.ts';
import { preview, settled } from '../support/clients/import-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase } from '../support/worlds/planted-demo.ts';

const PANELS = 45;
const CUSTOMERS = 4_000;
/**
 * The most reads of one row over all steps of a preview and a commit. Joining rows with rows would read each row once
 * for each other row.
 */
const READS = 60;

test('a preview and a commit of many rows below many panels read each row a bounded number of times (R55)', async () => {
  const database = await createDemoDatabase();
  const api = await startApi({ databaseUrl: database.url });
  const { demo } = database;
  const sql = openTestSql(api.databaseUrl);
  const end = new Date(Date.now() + 60 * 86_400_000).toISOString();
  const panels = Array.from(
    { length: PANELS },
    (_, index) => `p${index},,p${index}@many.test,${index},,${index < 9 ? '' : `p${index - 9}`}`,
  );
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `,many.${index},,,${end},p${index % PANELS}`);
  const kinds = [...panels.map(() => 'reseller'), ...customers.map(() => 'customer')];
  const rows = [...panels, ...customers].map((row, index) => `${row},${kinds[index]}`);
  const tenant = await platformIdOf(api.client, demo.platform, 'root');
  const file = ['id,login,email,credits,expiry,parent,kind', ...rows].join('\n');
  const { hash, id, validRows } = await preview(api.client, demo.platform, file, { tenant });
  expect(validRows).toBe(rows.length);
  const input = { importId: id, hash, mode: 'ALL', idempotencyKey: 'many' } as const;
  await api.client.mutate(demo.platform, 'commitImport', input);
  expect(await settled(api.client, demo.platform, id)).toMatchObject({ status: 'COMMITTED', proof: { customers: CUSTOMERS } });
  // Each database session reports its reads when it ends.
  await api[Symbol.asyncDispose]();
  await until(async () => {
    const others =
      await sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
    return others.count === 0;
  });
  const tables = await sql<{ name: string; reads: number }[]>`
    SELECT relname AS name, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer AS reads FROM pg_stat_user_tables
    WHERE relname IN ('import_row', 'imported', 'customer', 'reseller', 'customer_access')`;
  expect(tables).toHaveLength(5);
  for (const { name, reads } of tables) expect(reads / rows.length, name).toBeLessThan(READS);
  await sql.end();
  await database.drop();
});
