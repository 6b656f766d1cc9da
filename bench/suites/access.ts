import { randomBytes } from 'node:crypto';
import { openSql } from '../../src/db/sql.ts';
import { sealedSecret } from '../../src/domain/access/credentials.ts';
import { newApiKey } from '../../src/domain/identity/sessions.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { httpCell, openHttpClient, targetOf } from '../http-client.ts';
import { cellsTable, outcomesOf, rates, type Section, table, whole } from '../report.ts';
import { runOnce, runRounds } from '../rounds.ts';
import { openServer, type Server } from '../server.ts';
import { signInAll } from '../signed-in.ts';
import type { Panel } from '../world.ts';
import type { Bench } from './suite.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const MANY_FOR_A_LOOK = 50_000;
/** Customers who sign in, drawn from all. */
const ASKED = 20_000;
const CONNECTIONS = 64;
const PER_SECOND = 500;
const SECRET = 'a secret of all';

const VIEWER = '{ viewer { role } }';
const ofFew = 'POST /access/check, 1,000 customers';
const ofMany = 'POST /access/check, a million customers';
/** What one request may ask for. */
const TOGETHER = 50;
const ofTogether = `POST /access/check, ${TOGETHER} in a request`;
const ofViewer = '{ viewer { role } } over the JSON door';

interface Tenant {
  readonly server: Server;
  readonly token: string;
  readonly service: string;
  /** The checks, one each. */
  readonly bodies: readonly string[];
  readonly targets: readonly ReturnType<typeof targetOf>[];
}

/** Checks of customers' credentials beside the cheapest operation, and how long they take where there are few customers and many. */
export async function access(bench: Bench): Promise<readonly Section[]> {
  const { isQuick, rounds } = bench;
  const client = openHttpClient();
  const few = await open(bench.url, FEW);
  const many = await open(await bench.database('access_many', true), isQuick ? MANY_FOR_A_LOOK : MANY);
  try {
    const cell = async (name: string, { server }: Tenant, any: Tenant['targets'], expect: string) => {
      const targets = await client.targets({ port: server.port, any, hot: [], expect });
      return { targets, cell: httpCell(name, null, { client, server, targets, connections: CONNECTIONS }) };
    };
    const viewers = [targetOf('/graphql', few.token, JSON.stringify({ query: VIEWER }))];
    const [viewer, fewChecks, manyChecks] = [
      await cell(ofViewer, few, viewers, '"OWNER"'),
      await cell(ofFew, few, few.targets, '"active":true'),
      await cell(ofMany, many, many.targets, '"active":true'),
    ];
    const arrays = few.bodies.flatMap((_, index) => {
      const some = few.bodies.slice(index, index + TOGETHER);
      return index % TOGETHER === 0 && some.length === TOGETHER ? [targetOf('/access/check', few.service, `[${some.join(',')}]`)] : [];
    });
    const together = await cell(ofTogether, few, arrays, '"active":true');
    const cells = [viewer.cell, fewChecks.cell, manyChecks.cell, together.cell];
    for (const one of cells) await runOnce(one, { ...rounds, warmUpMs: 0 });
    const results = await runRounds(cells, rounds);
    const waits: string[][] = [];
    for (const [name, { targets }] of [
      [ofFew, fewChecks],
      [ofMany, manyChecks],
    ] as const) {
      const { latencies } = await client.load({ targets, connections: CONNECTIONS, forMs: isQuick ? 2_000 : 8_000, perSecond: PER_SECOND });
      waits.push([name, whole(latencies.p50), whole(latencies.p99), whole(latencies.max)]);
    }
    const latencyTable = table([`at ${PER_SECOND} a second`, 'p50 ms', 'p99 ms', 'max ms'], waits);
    const goals = [
      { what: 'checks of 1,000 customers', against: VIEWER, over: ofFew, under: [ofViewer], floor: 0.5, goal: 1 },
      {
        what: `requests of ${TOGETHER} checks`,
        against: VIEWER,
        over: ofTogether,
        under: [ofViewer],
        floor: 5 / TOGETHER,
        goal: 10 / TOGETHER,
      },
    ];
    const text = `${CONNECTIONS} connections. A request of ${TOGETHER} checks is counted as one answer.\n\n${cellsTable(results, 'answers')}\n\n${latencyTable}`;
    return [{ id: 'access', title: 'Checks of credentials', text, outcomes: outcomesOf(rates(results), goals) }];
  } finally {
    for (const { server } of [few, many]) await server.close();
    await client.close();
  }
}

async function open(url: string, customers: number): Promise<Tenant> {
  const key = randomBytes(32);
  const tenantId = '01900000-0000-7000-8000-0000000000aa';
  const root: Panel = { tenantId, id: idOf(0), userId: idOf(0) };
  const { prefix, token: service, tokenHash } = newApiKey('SERVICE');
  const sql = openSql(url, { name: 'bench', max: 1, role: null });
  await sql`SET statement_timeout = 0`;
  // Autovacuum may hold what was just filled.
  await sql`SET lock_timeout = 0`;
  await sql`INSERT INTO tenant VALUES (${tenantId}, 'Served', now())`;
  await sql`INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at) VALUES (${tenantId}, ${root.id}, NULL, '0.', 0, 'Root', now())`;
  await sql`INSERT INTO account (tenant_id, id, balance, version, locked_since, consumed, changed_at) VALUES (${tenantId}, ${root.id}, 0, 0, now(), 0, now())`;
  await sql`
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    VALUES (${tenantId}, ${root.userId}, ${root.id}, 'root@served.test', 'none', 'OWNER', now())`;
  await sql`
    INSERT INTO api_key (tenant_id, id, reseller_id, user_id, name, prefix, token_hash, scope, created_at)
    VALUES (${tenantId}, ${root.id}, ${root.id}, ${root.userId}, 'server', ${prefix}, ${tokenHash}, 'SERVICE', now())`;
  await sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, credits_spent, created_at, has_access)
    SELECT ${tenantId}, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${root.id}, 'c', 'c', 1, 1, false, now() + interval '30 days', 0, now(), true
    FROM generate_series(1, ${customers}::integer) AS n`;
  // Those who are never asked for need no right secret.
  await sql`
    INSERT INTO customer_access (tenant_id, customer_id, login, secret, proof, updated_at)
    SELECT tenant_id, id, 'user.' || id, 'none', 'none', now() FROM customer`;
  const step = Math.max(1, Math.floor(customers / ASKED));
  const asked = Array.from({ length: Math.min(ASKED, customers) }, (_, index) => idOf(1 + index * step));
  const secrets = createSecretBox([key]);
  const sealed = JSON.stringify(asked.map((id) => ({ id, ...sealedSecret(secrets, { tenantId, id }, SECRET) })));
  await sql`
    UPDATE customer_access a SET secret = w.secret, proof = w.proof
    FROM jsonb_to_recordset(${sealed}::text::jsonb) AS w (id uuid, secret text, proof text) WHERE a.customer_id = w.id`;
  await sql`VACUUM ANALYZE`;
  await sql.end();
  const sessions = await signInAll(url, [root]);
  const server = await openServer('./servers/revenda.ts', { url, sessions, options: { secretsKey: key.toString('base64') } });
  const bodies = asked.map((id) => JSON.stringify({ login: `user.${id}`, secret: SECRET }));
  const targets = bodies.map((body) => targetOf('/access/check', service, body));
  return { server, token: sessions[0]?.[0] ?? '', service, bodies, targets };
}

function idOf(number: number): string {
  return `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
