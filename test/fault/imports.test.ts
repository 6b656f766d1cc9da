import { expect, inject, test } from 'vitest';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { Client, PASSWORD, PLATFORM_EMAIL, SECRETS_KEY } from '../support/clients/api.ts';
import { IMPORT, preview, upload } from '../support/clients/import-api.ts';
import { type ServerProcess, startServer } from '../support/processes/server-process.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase } from '../support/worlds/database.ts';
import { plantTenant } from '../support/worlds/demo.ts';

const ROWS = 1_200;

test('servers killed repeatedly during a preview and a commit end in the same sums, each row once (R55)', async () => {
  const database = await createDatabase();
  const sql = openTestSql(database.url);
  const serve = async () => {
    const settings = { DATABASE_URL: database.url, PORT: '0', HOST: '127.0.0.1', SECRETS_KEY, PLATFORM_EMAIL, PLATFORM_PASSWORD: PASSWORD };
    const server = startServer({ ...settings, NODE_ENV: 'production' });
    return { server, client: new Client((await server.ready).url) };
  };
  const kill = async ({ child, ended }: ServerProcess) => {
    child.kill('SIGKILL');
    await ended;
    // As if the lease had ended meanwhile.
    await sql`UPDATE import SET taken_until = now() WHERE taken_until IS NOT NULL`;
  };
  const progress = async () => (await sql<{ status: string; progress: number }[]>`SELECT status, progress FROM import`)[0];

  let { client, server } = await serve();
  const platform = await client.signIn(PLATFORM_EMAIL);
  const root = await plantTenant(client, platform, 'root@kill.test', 10);
  const end = new Date(Date.now() + 60 * 86_400_000).toISOString();
  const rows = Array.from({ length: ROWS }, (_, index) => `,kill.${index},,,${end},customer,p${index % 20}`);
  const panels = Array.from(
    { length: 20 },
    (_, index) => `p${index},,p${index}@kill.test,${index},,reseller,${index < 5 ? '' : `p${index - 5}`}`,
  );
  const file = ['id,login,email,credits,expiry,kind,parent', ...rows, ...panels].join('\n');
  const { id } = await upload(client, root.token, file);
  await until(async () => ((await progress())?.progress ?? 0) > 0);
  await kill(server);

  ({ client, server } = await serve());
  const now = async () => {
    const { viewer } = await client.query(platform, `{ viewer { imports { edges { node ${IMPORT} } } } }`);
    return viewer.imports.edges[0]?.node ?? Promise.reject(new Error(`${id} is gone`));
  };
  const previewed = await until(async () => ((await progress())?.status === 'READING' ? undefined : now()));
  expect(previewed).toMatchObject({ status: 'PREVIEWED', rows: ROWS + 20, validRows: ROWS + 20 });
  const input = { importId: previewed.id, hash: previewed.hash, idempotencyKey: 'kill' };
  const send = () => client.mutate(platform, 'commitImport', input);
  await send();
  for (const percent of [3, 20, 45, 70]) {
    await until(async () => ((await progress())?.progress ?? 0) >= percent);
    await kill(server);
    ({ client, server } = await serve());
    // The answer may have been lost, so the call is repeated.
    expect(await send()).toMatchObject({ replayed: true });
  }
  const done = await until(async () => ((await progress())?.status === 'COMMITTING' ? undefined : now()));
  expect(done).toMatchObject({ status: 'COMMITTED', totals: previewed.totals, proof: previewed.totals });
  expect((await sql`SELECT FROM customer`).count).toBe(ROWS);
  expect((await sql`SELECT FROM transfer WHERE kind = 'ISSUE'`).count).toBe(20);
  expect(await ledgerHealth(sql, null, inject('topology'))).toMatchObject({ ok: true, problems: [] });
  expect(await preview(client, root.token, file)).toMatchObject({ validRows: ROWS + 20, knownRows: ROWS + 20 });
  await kill(server);
  await sql.end();
  await database.drop();
});
