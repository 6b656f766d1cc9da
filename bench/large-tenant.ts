/** A tenant of 100,000 panels, and what its reads cost the database. */

import { connect, createServer } from 'node:net';
import { execute, parse } from 'graphql';
import type { Context } from '../schema/core/context.ts';
import { encodeId } from '../schema/core/global-id.ts';
import { schema } from '../schema/index.ts';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openPrisma } from '../src/db/prisma.ts';
import { openSql } from '../src/db/sql.ts';
import { createFeed } from '../src/feed/create-feed.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { createLogger } from '../src/kernel/log.ts';
import type { Panel } from './world.ts';

/** The tree: the root has 100 children, and each child is a branch of 1,000 panels: 100,001 in all. */
const TENANT_ID = '01900000-0000-7000-8000-0000000000ff';
const ENTRIES_OF_ROOT = 100_000;

function fillSql(entries: number): string {
  return `
  SET statement_timeout = 0;
  INSERT INTO tenant VALUES ('${TENANT_ID}', 'Large', now());
  CREATE TEMP TABLE panel (number int PRIMARY KEY, parent int, depth int, path text COLLATE "C");
  INSERT INTO panel VALUES (0, NULL, 0, '0.');
  INSERT INTO panel SELECT n, 0, 1, '0.' || to_hex(n) || '.' FROM generate_series(1, 100) n;
  INSERT INTO panel SELECT 1000 + p.number * 10 + n, p.number, 2, p.path || to_hex(1000 + p.number * 10 + n) || '.'
    FROM panel p, generate_series(0, 9) n WHERE p.depth = 1;
  INSERT INTO panel SELECT 10000 + p.number * 10 + n, p.number, 3, p.path || to_hex(10000 + p.number * 10 + n) || '.'
    FROM panel p, generate_series(0, 9) n WHERE p.depth = 2;
  INSERT INTO panel SELECT 1000000 + p.number * 10 + n, p.number, 4, p.path || to_hex(1000000 + p.number * 10 + n) || '.'
    FROM panel p, generate_series(0, 8) n WHERE p.depth = 3 AND NOT (p.number % 100 = 0 AND n = 8);
  INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
    SELECT '${TENANT_ID}', pg_temp_id(number), pg_temp_id(parent), path, depth, 'Panel ' || md5(number::text), now() FROM panel ORDER BY number;
  INSERT INTO account (tenant_id, id, balance, version, locked_since, consumed, changed_at)
    SELECT '${TENANT_ID}', pg_temp_id(number), number % 20, 1, CASE WHEN number % 20 = 0 THEN now() END, 7, now() FROM panel ORDER BY number;
  INSERT INTO entry SELECT '${TENANT_ID}', pg_temp_id(0), n, 'ISSUE', 1, n, pg_temp_id(n), now() - interval '1 minute' * (${entries} - n)
    FROM generate_series(1, ${entries}) n;
  INSERT INTO transfer SELECT '${TENANT_ID}', pg_temp_id(n), 'ISSUE', NULL, pg_temp_id(0), 1, pg_temp_id(0), NULL, now()
    FROM generate_series(1, ${entries}) n;
  UPDATE account SET balance = ${entries}, version = ${entries}, locked_since = NULL WHERE id = pg_temp_id(0);
  INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    VALUES ('${TENANT_ID}', pg_temp_id(0), pg_temp_id(0), 'root@large.test', 'none', 'OWNER', now());
  ANALYZE;
`.replaceAll(/pg_temp_id\((\w+)\)/g, "('01900000-0000-7000-8000-' || lpad(to_hex($1), 12, '0'))::uuid");
}

/**
 * What PostGraphile needs to know about the tables. Branch sums are a function over the range of a branch's paths, as
 * in our own reads. A smart comment names the entry's transfer, which has no foreign key. PostGraphile cannot read
 * the type of one function, which only postings need.
 */
export const LARGE_TENANT_SQL = `
  CREATE TYPE branch_sums AS (resellers bigint, locked_resellers bigint, credits_held bigint, credits_consumed bigint);
  CREATE FUNCTION reseller_branch(reseller reseller) RETURNS branch_sums LANGUAGE sql STABLE AS $$
    SELECT count(*), count(*) FILTER (WHERE a.locked), sum(a.balance)::bigint, sum(a.consumed)::bigint
    FROM reseller r JOIN account a USING (tenant_id, id)
    WHERE r.tenant_id = reseller.tenant_id AND r.path >= reseller.path AND r.path < rtrim(reseller.path, '.') || '/'
  $$;
  DROP FUNCTION assert_same_transaction;
  COMMENT ON TABLE entry IS '@foreignKey (tenant_id, transfer_id) references transfer (tenant_id, id)|@fieldName transfer';
`;

const panelId = (number: number) => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** The root of the large tenant, with its owner. */
export const ROOT: Panel = { tenantId: TENANT_ID, id: panelId(0), userId: panelId(0) };

/**
 * Creates a tenant of 100,000 panels whose root has this many entries, in an empty, migrated database. `url` must
 * connect as superuser; `more` is SQL that runs afterwards.
 */
export async function fillLargeTenant(url: string, entries: number, more = ''): Promise<void> {
  const admin = openSql(url, { name: 'fill', max: 1, role: null });
  await admin.unsafe(fillSql(entries) + more).simple();
  await admin.end();
}

/** One statement with the work it cost the database. */
export interface WorkedStatement {
  /** Execution time in the database. */
  readonly ms: number;
  /** Pages of 8 kB that the statement read or hit. */
  readonly pages: number;
  readonly plan: string;
}

export interface LargeTenant {
  /** Runs a document and returns the statements it needed. Throws if the answer has errors. */
  ask(document: string): Promise<WorkedStatement[]>;
  /** The id of the root's first child, a branch of 1,000. */
  readonly branchId: string;
  close(): Promise<void>;
}

/**
 * Creates a tenant of 100,000 panels in an empty, migrated database, and runs the schema over it. `url` must connect
 * as superuser.
 */
export async function openLargeTenant(url: string): Promise<LargeTenant> {
  await fillLargeTenant(url, ENTRIES_OF_ROOT);
  const admin = openSql(url, { name: 'explain', max: 1, role: null });
  const database = new URL(url).pathname.slice(1);
  for (const [name, value] of Object.entries(EXPLAIN)) await admin.unsafe(`ALTER DATABASE "${database}" SET ${name} = ${value}`);
  await admin.end();

  const worked: WorkedStatement[] = [];
  const proxy = await startNoticeProxy(url, (notice) => {
    const [, ms, plan] = /duration: ([\d.]+) ms {2}plan:\n([^\0]*)/.exec(notice) ?? [];
    if (ms === undefined || plan === undefined) return;
    // The first Buffers line is for the whole statement.
    const [, hit = 0, read = 0] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan) ?? [];
    worked.push({ ms: Number(ms), pages: Number(hit) + Number(read), plan });
  });
  const sql = openSql(proxy.url, { name: 'plans', max: 1, role: 'revenda_app' });
  const prisma = openPrisma(proxy.url, { name: 'plans', max: 1 });
  const { feed } = createFeed({ url, topology: 'single', log: createLogger('silent') });
  const actor: Actor = {
    userId: panelId(0),
    tenantId: TENANT_ID,
    email: 'root@large.test',
    role: 'OWNER',
    sessionId: panelId(0),
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: { id: panelId(0), path: '0.', depth: 0 },
  };
  const app = await createApp(readConfig({ DATABASE_URL: url }), url, createLogger('silent'));
  const ports: Context['ports'] = { ...app.ports, sql, reports: sql, prisma };
  const context = (): Context => ({ actor, ports, feed, address: '127.0.0.1', userAgent: null, cookies: null });

  return {
    branchId: encodeId(context(), 'Reseller', { tenantId: TENANT_ID, id: panelId(1) }),
    async ask(document) {
      worked.length = 0;
      const { errors } = await execute({ schema, document: parse(document), contextValue: context() });
      if (errors?.[0]) throw errors[0];
      return [...worked];
    },
    async close() {
      await sql.end();
      await prisma.$disconnect();
      await app.close();
      proxy.close();
    },
  };
}

/** Makes Postgres explain every statement to its own client in a notice. Timing every node would cost more than the statement. */
const EXPLAIN = {
  session_preload_libraries: "'auto_explain'",
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_buffers': 'on',
  client_min_messages: "'log'",
};

const NOTICE = 'N'.charCodeAt(0);
const HEADER_BYTES = 5;

/** A proxy between a client and Postgres that reads the notices, which our clients do not expose. */
async function startNoticeProxy(databaseUrl: string, onNotice: (text: string) => void) {
  const target = new URL(databaseUrl);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    let rest: Buffer = Buffer.alloc(0);
    upstream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER_BYTES) {
        const length = rest.readUInt32BE(1) + 1;
        if (rest.length < length) break;
        if (rest[0] === NOTICE) onNotice(rest.toString('utf8', HEADER_BYTES, length));
        rest = rest.subarray(length);
      }
    });
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return { url: url.href, close: () => server.close() };
}
