/** A proxy between a server and Postgres. It counts the traffic of the server's statements and their cost in the database. */

import { closedAtEnd } from '../leftovers.ts';
import { openTestSql } from '../sql.ts';
import { messageCounter } from './counting-proxy.ts';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';

/**
 * Counts since the start of the proxy. Connections that announce commits to other processes are left out: under load, one
 * announcement stands for many commits.
 */
interface DatabaseCosts {
  readonly statements: number;
  /** How often something was sent on a connection whose earlier messages were all answered. */
  readonly roundTrips: number;
  /** Rows that Postgres returned. */
  readonly rows: number;
  /** Bytes in both directions, without the explanations. */
  readonly bytes: number;
  /** Bytes that statements wrote to the write-ahead log, without the records of the commits. */
  readonly walBytes: number;
}

export interface CostProxy extends DatabaseProxy {
  costs(): DatabaseCosts;
}

/**
 * Postgres sends the plan of every statement to its client as a notice, which the proxy removes. The nodes of a plan are not
 * timed: that would cost more than the statement.
 */
const EXPLAIN = {
  session_preload_libraries: "'auto_explain'",
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_wal': 'on',
  'auto_explain.log_format': "'json'",
  client_min_messages: "'log'",
};

const NOT_COUNTED = 'application_name\0revenda feed hints\0';

const [EXECUTE, QUERY, SYNC, READY, ROW, NOTICE] = Buffer.from(['E', 'Q', 'S', 'Z', 'D', 'N'].join(''));

/** `databaseUrl` names a database of the test, with a superuser. From now on all sessions of the database explain their statements. */
export async function startCostProxy(databaseUrl: string): Promise<CostProxy> {
  const admin = openTestSql(databaseUrl);
  const database = new URL(databaseUrl).pathname.slice(1);
  for (const [name, value] of Object.entries(EXPLAIN)) await admin.unsafe(`ALTER DATABASE "${database}" SET ${name} = ${value}`);
  // Without statistics, plans stay the same and use indexes. With them, plans of small tables would change after each ANALYZE.
  const tables =
    await admin`SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  for (const { name } of tables) await admin.unsafe(`ALTER TABLE ${name} SET (autovacuum_enabled = false)`);
  // The clone has the statistics of the template's empty tables. Reset them, as if no table had ever been analyzed.
  await admin`UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  await admin.end();

  const costs = { statements: 0, roundTrips: 0, rows: 0, bytes: 0, walBytes: 0 };
  const proxy = await startDatabaseProxy(databaseUrl, (client, upstream) => {
    let isCounted: boolean | null = null;
    // The startup message is answered by ReadyForQuery, as a statement is.
    let unanswered = 1;
    let isAsking = true;
    const read = messageCounter((type) => {
      if (!isCounted) return;
      if (!isAsking) costs.roundTrips += 1;
      isAsking = true;
      if (type === EXECUTE || type === QUERY) costs.statements += 1;
      if (type === SYNC || type === QUERY) unanswered += 1;
    });
    const answer = messageCounter((type, body, whole) => {
      const plan = type === NOTICE ? planIn(body) : null;
      if (!plan) client.write(whole);
      if (!isCounted) return;
      if (plan) {
        costs.walBytes += walOf(plan);
        return;
      }
      if (type === ROW) costs.rows += 1;
      if (type === READY) unanswered -= 1;
      if (unanswered === 0) isAsking = false;
      costs.bytes += whole.length;
    }, false);
    client.on('data', (chunk: Buffer) => {
      // The startup message names the application, and arrives in one chunk.
      isCounted ??= !chunk.includes(NOT_COUNTED);
      if (isCounted) costs.bytes += chunk.length;
      read(chunk);
    });
    upstream.on('data', answer);
    client.pipe(upstream);
  });
  return { ...proxy, costs: () => ({ ...costs }), close: closedAtEnd(proxy.close) };
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'WAL Bytes'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Returns the plan in a notice of auto_explain, or null for any other notice. */
function planIn(body: Buffer): PlanNode | null {
  const [, json] = /duration: [\d.]+ ms {2}plan:\n(\{[^\0]*)/.exec(body.toString('utf8')) ?? [];
  return json === undefined ? null : JSON.parse(json).Plan;
}

/** Sums a plan's WAL bytes. A node includes the nodes below it, except writes in WITH, which are added separately. */
function walOf(root: PlanNode): number {
  return [root, ...writesBelow(root)].reduce((total, node) => total + (node['WAL Bytes'] ?? 0), 0);
}

function writesBelow({ Plans = [] }: PlanNode): readonly PlanNode[] {
  return Plans.flatMap((node) => (node['Node Type'] === 'ModifyTable' ? [node] : writesBelow(node)));
}
