/** Stands between a server and Postgres, and counts what the server's statements cost on the way and in the database. */
import { openSql } from '../../../src/db/sql.ts';
import { closedAtEnd } from '../leftovers.ts';
import { messageCounter } from './counting-proxy.ts';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';

/** Since the proxy began, of all connections but those that tell other processes of commits: when there is much to tell they do so once for many. */
interface DatabaseCosts {
  readonly statements: number;
  /** Times that something was sent on a connection when everything before it was answered. */
  readonly roundTrips: number;
  /** Rows that were answered. */
  readonly rows: number;
  /** Both ways, of everything but explanations. */
  readonly bytes: number;
  /** Of the write-ahead log, by statements; a commit's own record is not counted. */
  readonly walBytes: number;
}

export interface CostProxy extends DatabaseProxy {
  costs(): DatabaseCosts;
}

/** Postgres explains every statement to its own client, as a notice, which the proxy takes out. Timing every node would cost more than the statement. */
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

/** `databaseUrl` is a superuser's, of a database of the test's own: from now on its sessions explain what they do. */
export async function startCostProxy(databaseUrl: string): Promise<CostProxy> {
  const admin = openSql(databaseUrl, { name: 'test explain', max: 1, role: null });
  const database = new URL(databaseUrl).pathname.slice(1);
  for (const [name, value] of Object.entries(EXPLAIN)) await admin.unsafe(`ALTER DATABASE "${database}" SET ${name} = ${value}`);
  // Plans stay what they are without statistics, by indexes: those of small tables flip whenever a table was analyzed.
  const tables =
    await admin`SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  for (const { name } of tables) await admin.unsafe(`ALTER TABLE ${name} SET (autovacuum_enabled = false)`);
  // What the template was analyzed as, empty, came with it: its tables are as if they never had been.
  await admin`UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  await admin.end();

  const costs = { statements: 0, roundTrips: 0, rows: 0, bytes: 0, walBytes: 0 };
  const proxy = await startDatabaseProxy(databaseUrl, (client, upstream) => {
    let isCounted: boolean | null = null;
    // The startup is answered as a statement is.
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
      // Its first message says who it is, and comes in one piece.
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

/** What auto_explain says of a statement; null: another notice. */
function planIn(body: Buffer): PlanNode | null {
  const [, json] = /duration: [\d.]+ ms {2}plan:\n(\{[^\0]*)/.exec(body.toString('utf8')) ?? [];
  return json === undefined ? null : JSON.parse(json).Plan;
}

/** A node counts those below it, too, but writes that stand in WITH run beside the rest and count for themselves. */
function walOf(root: PlanNode): number {
  return [root, ...writesBelow(root)].reduce((total, node) => total + (node['WAL Bytes'] ?? 0), 0);
}

function writesBelow({ Plans = [] }: PlanNode): readonly PlanNode[] {
  return Plans.flatMap((node) => (node['Node Type'] === 'ModifyTable' ? [node] : writesBelow(node)));
}
