// Measures how 10,000 deliveries waiting for a dead endpoint affect the others: counted in rows read, and in attempts.
import { expect, test } from 'vitest';
import type { Transaction } from '../../src/db/sql.ts';
import { giveBack, readDue, takeEndpoints } from '../../src/domain/endpoint/turn-rows.ts';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase } from '../support/worlds/database.ts';
import { plantPanel } from '../support/worlds/demo.ts';
import { hook } from './hook-api.ts';
import { Receiver } from './receiver.ts';

const WAITING = 10_000;
const AT_ONCE = 8;
const TENANT = '01900000-0000-7000-8000-0000000000aa';
const DEAD = '01900000-0000-7000-8000-0000000000dd';
const WELL = '01900000-0000-7000-8000-0000000000ee';

/** Deliveries read in this transaction so far: in the table, and in each of its indexes. */
async function read(tx: Transaction): Promise<number> {
  const [row] = await tx<{ rows: number }[]>`
    SELECT sum(pg_stat_get_xact_tuples_returned(c.oid))::integer AS rows FROM pg_class c
    WHERE c.oid = 'webhook_delivery'::regclass OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'webhook_delivery'::regclass)`;
  return row?.rows ?? Number.NaN;
}

test("an endpoint's turn reads as many deliveries next to a dead endpoint with 10,000 as next to one with one (R50)", async () => {
  const database = await createDatabase();
  const sql = openTestSql(database.url);
  await sql`INSERT INTO tenant VALUES (${TENANT}, 'Crowded', now())`;
  await sql`INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at) VALUES (${TENANT}, ${TENANT}, NULL, '0.', 0, 'Root', now())`;
  await sql`
    INSERT INTO webhook_endpoint (tenant_id, id, reseller_id, url, scope, events, secret, created_at, access_version, accounts_since, due_at)
    SELECT ${TENANT}, id, ${TENANT}, 'https://example.com', 'PANEL', '{CUSTOMER_RENEWED}', 'none', now(), 0, now(), now()
    FROM unnest(${`{${DEAD},${WELL}}`}::uuid[]) AS id`;
  const wait = (endpoint: string, first: number, last: number) => sql`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at, due_at)
    SELECT ${TENANT}, gen_random_uuid(), ${endpoint}, 'CUSTOMER_RENEWED', 'customer ' || n, 1, '{}', now(), now()
    FROM generate_series(${first}::integer, ${last}::integer) AS n`;
  /** A turn of each endpoint, as it is before and after the attempts. */
  const turns = async () => {
    await sql`ANALYZE webhook_delivery`;
    const counts: Record<string, number> = {};
    const taken = await takeEndpoints({ sql, topology: 'single' }, { limit: 32, leaseMs: 60_000, takenBy: TENANT });
    expect(taken).toHaveLength(2);
    await sql.begin(async (tx) => {
      for (const one of taken) {
        const before = await read(tx);
        expect((await readDue(tx, one, AT_ONCE)).length).toBeGreaterThan(0);
        await giveBack(tx, one, { failedTurns: 0, pauseMs: 0 });
        counts[one.id === DEAD ? 'dead' : 'well'] = (await read(tx)) - before;
      }
    });
    return { dead: counts.dead ?? Number.NaN, well: counts.well ?? Number.NaN };
  };
  await wait(DEAD, 1, 1);
  await wait(WELL, 1, AT_ONCE);
  const alone = await turns();
  await wait(DEAD, 2, WAITING);
  const beside = await turns();
  expect(beside.well).toBeLessThanOrEqual(alone.well);
  // The dead endpoint's own turn does not read them either, which would delay the process.
  expect(beside.dead).toBeLessThan(4 * AT_ONCE);
  await sql.end();
  await database.drop();
});

test('while an endpoint does not answer the first of 10,000, another gets each of its own once (R50)', async () => {
  const receiver = await Receiver.open();
  await using world = await CustomersWorld.open({ limits: { webhooks: { allowLoopback: true } } });
  const { client, demo, sql } = world;
  const panel = await plantPanel(client, demo.root, 'crowd@demo.test', 100);
  const register = (path: string) =>
    hook(client, panel.token, 'createWebhookEndpoint', { url: receiver.origin + path, scope: 'PANEL', events: ['CUSTOMER_ACTIVATED'] });
  await register('/dead');
  const silence = Promise.withResolvers<number>();
  receiver.answer = ({ path }) => (path === '/dead' ? silence.promise : 204);
  await sql`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at, due_at)
    SELECT tenant_id, gen_random_uuid(), id, 'CUSTOMER_ACTIVATED', 'customer ' || n, 1, '{"type":"customer.activated","data":{"version":1}}', now(), now()
    FROM webhook_endpoint, generate_series(1, ${WAITING}::integer) AS n`;
  await sql`UPDATE webhook_endpoint SET due_at = now()`;
  await receiver.at('/dead', AT_ONCE);
  await register('/well');
  const customers = await Promise.all(Array.from({ length: 20 }, () => world.activated(panel)));
  const got = await receiver.at('/well', customers.length);
  expect(new Set(got.map(({ id }) => id)).size).toBe(customers.length);
  expect(got).toHaveLength(customers.length);
  // One turn's attempts at once, and those of one more turn if they have timed out meanwhile: it pauses after each.
  expect(receiver.got.filter(({ path }) => path === '/dead').length).toBeLessThanOrEqual(3 * AT_ONCE);
  silence.resolve(204);
});
