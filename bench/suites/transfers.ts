/** The suite on transfers of credits, against all peers. */

import { throughQueue } from '../contestants.ts';
import { type HttpClient, httpCell, KEY, openHttpClient, targetOf } from '../http-client.ts';
import type { Target } from '../load/http-load.ts';
import { callAgain, countTransfers } from '../measure.ts';
import { ONE_COMMIT_SQL, throughFunction } from '../one-commit.ts';
import { openPgledger, pgledgerCells } from '../pgledger.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section } from '../report.ts';
import { type Cell, runOnce, runRounds } from '../rounds.ts';
import { openServer, type Server } from '../server.ts';
import { resellerId, signInAll } from '../signed-in.ts';
import { throughQueueWithFeed } from '../subscribers.ts';
import { TRANSFER_DOCUMENT } from '../transfer-schema.ts';
import { type Edge, type Forest, hotly, openQueue, type Pick, plant, randomly } from '../world.ts';
import type { Bench } from './suite.ts';

const CALLERS = 64;
const MANY = 256;
const POOLS = [1, 8, 16, 64];
const SUBSCRIBERS = 1_000;
/**
 * The same with `--quick`: in a server's first seconds a request costs half as much again, and longer for a server
 * with more code.
 */
const FIRST_RUN_MS = 3_000;
const SHAPES = ['random', 'hot'] as const;
type Shape = (typeof SHAPES)[number];

const http = (who: string, shape: Shape, connections = CALLERS) => `HTTP, ${connections} connections, ${shape}: ${who}`;
const queued = (shape: Shape, callers = CALLERS) => `posting, ${callers} callers, ${shape}: our queue`;
const oneCommit = (pool: number, shape: Shape, callers = CALLERS) =>
  `posting, ${callers} callers, ${shape}: one function per commit, ${pool} connections`;
const WITH_FEED = `posting, ${CALLERS} callers, random: our queue with a feed and ${SUBSCRIBERS} subscribers`;

const OURS = 'Revenda';
const YOGA_HANDLER = "Revenda's Yoga handler";
const STOCK_YOGA = 'Yoga as documented, over our posting';
const BARE = 'bare node:http over our posting';
const PLAIN = 'graphql-js alone over our posting';
const POSTGRAPHILE = 'PostGraphile 5';
const APOLLO = (pool: number) => `Apollo Server + Prisma, pool of ${pool}`;
const APOLLO_POOLS = [10, 32];
const MERCURIUS_FUNCTION = 'Mercurius with JIT, one function per commit';
const MERCURIUS_OURS = 'Mercurius with JIT over our posting';

const bestOf = (shape: Shape, callers = CALLERS) => POOLS.map((pool) => oneCommit(pool, shape, callers));
const apollos = (shape: Shape) => APOLLO_POOLS.map((pool) => http(APOLLO(pool), shape));

const TRANSFER = `transferCredits over HTTP, ${CALLERS} connections`;
const ONE_COMMIT = 'best of one function per commit, without HTTP';

const GOALS: readonly Goal[] = [
  { what: `${TRANSFER}, random`, against: 'Apollo + Prisma', over: http(OURS, 'random'), under: apollos('random'), floor: 25, goal: 40 },
  { what: `${TRANSFER}, hot`, against: 'Apollo + Prisma', over: http(OURS, 'hot'), under: apollos('hot'), floor: 25, goal: 40 },
  { what: `${TRANSFER}, random`, against: ONE_COMMIT, over: http(OURS, 'random'), under: bestOf('random'), floor: 1.5, goal: 2.5 },
  { what: `${TRANSFER}, hot`, against: ONE_COMMIT, over: http(OURS, 'hot'), under: bestOf('hot'), floor: 2.5, goal: 4 },
  {
    what: `transferCredits over HTTP, ${MANY} connections, hot`,
    against: ONE_COMMIT,
    over: http(OURS, 'hot', MANY),
    under: bestOf('hot', MANY),
    floor: 4,
    goal: 6,
  },
  ...SHAPES.map((shape) => ({
    what: `${TRANSFER}, ${shape}`,
    against: 'PostGraphile 5',
    over: http(OURS, shape),
    under: [http(POSTGRAPHILE, shape)],
    floor: 6,
    goal: 10,
  })),
  ...SHAPES.map((shape) => ({
    what: `${TRANSFER}, ${shape}`,
    against: 'bare node:http with the same posting',
    over: http(OURS, shape),
    under: [http(BARE, shape)],
    floor: 0.85,
    goal: 0.95,
  })),
  {
    what: `posting without HTTP, ${CALLERS} callers, hot`,
    against: ONE_COMMIT,
    over: queued('hot'),
    under: bestOf('hot'),
    floor: 7,
    goal: 10,
  },
  {
    what: `posting with feed and ${SUBSCRIBERS} subscribers`,
    against: 'without',
    over: WITH_FEED,
    under: [queued('random')],
    floor: 0.9,
    goal: 0.97,
  },
];

/** Measures every way to transfer credits, over HTTP and without, in the same rounds. */
export async function transfers(bench: Bench): Promise<readonly Section[]> {
  const { url, sql, rounds } = bench;
  // Plans live as long as connections, and plans made while tables are small would scan them for ever, for every
  // contestant.
  await sql.unsafe(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET enable_seqscan = off`).simple();
  await sql.unsafe(ONE_COMMIT_SQL).simple();
  await sql.unsafe('GRANT USAGE ON SCHEMA bench TO revenda_app').simple();
  const forest = await plant(url, 1);
  await sql`ANALYZE`;
  const client = openHttpClient();
  const servers: Server[] = [];
  const pgledger = bench.pgledger === null ? null : await openPgledger(await bench.database('pgledger', false), bench.pgledger);
  try {
    const overHttp = await httpCells(bench, forest, client, servers);
    const cells = [...overHttp, ...postingCells(bench, forest), ...(pgledger ? pgledgerCells(pgledger, CALLERS) : [])];
    // Node compiles code while it first runs. This run is not measured, because compiling takes longer than a
    // window's warm-up.
    for (const cell of cells) await runOnce(cell, { ...rounds, warmUpMs: 0, measureMs: FIRST_RUN_MS });
    const results = await runRounds(cells, rounds);
    return [{ id: 'transfers', title: 'Transfers', text: cellsTable(results, 'transfers'), outcomes: outcomesOf(rates(results), GOALS) }];
  } finally {
    for (const server of servers) await server.close();
    await client.close();
    await pgledger?.close();
  }
}

/** Each server runs in its own process and stays open from the first round to the last. One process sends all requests. */
async function httpCells(bench: Bench, forest: Forest, client: HttpClient, servers: Server[]): Promise<Cell[]> {
  const { url, sql, hasPeers } = bench;
  const rows = () => countTransfers(sql);
  const payers = [...new Map([...forest.edges, ...forest.fromRoot].map(({ from }) => [from.id, from])).values()];
  const sessions = await signInAll(url, payers);
  const tokens = new Map(sessions.map(([token, { id }]) => [id, token]));
  const cells: Cell[] = [];

  const start = async (file: string, options: Record<string, string | number> = {}): Promise<Server> => {
    const server = await openServer(file, { url, sessions, options });
    servers.push(server);
    return server;
  };
  const add = async (who: string, server: Server, expect: string, request: (token: string, edge: Edge) => Target) => {
    const targetsOf = (edges: readonly Edge[]) => edges.map((edge) => request(tokens.get(edge.from.id) ?? '', edge));
    const [any, hot] = [targetsOf(forest.edges), targetsOf(forest.fromRoot)];
    const random = await client.targets({ port: server.port, any, hot: [], expect });
    const hotly = await client.targets({ port: server.port, any, hot, expect });
    cells.push(httpCell(http(who, 'random'), rows, { client, server, targets: random, connections: CALLERS }));
    cells.push(httpCell(http(who, 'hot'), rows, { client, server, targets: hotly, connections: CALLERS }));
    if (who === OURS) cells.push(httpCell(http(who, 'hot', MANY), rows, { client, server, targets: hotly, connections: MANY }));
  };

  const ours = await start('./servers/revenda.ts');
  await add(OURS, ours, PAID, (token, edge) => targetOf('/graphql', token, bodyFor(resellerId(edge.from.tenantId, edge.toId))));
  await add(BARE, await start('./servers/bare.ts'), '"balance"', (token, { toId }) => targetOf('/', token, JSON.stringify(inputFor(toId))));
  await add(PLAIN, await start('./servers/plain-graphql.ts'), PAID, plainRequest);
  await add(YOGA_HANDLER, ours, PAID, (token, edge) =>
    targetOf('/graphql', token, bodyFor(resellerId(edge.from.tenantId, edge.toId)), 'application/json, text/event-stream'),
  );
  const stock = await start('./servers/stock-yoga.ts');
  await add(STOCK_YOGA, stock, PAID, (token, edge) => targetOf('/graphql', token, bodyFor(resellerId(edge.from.tenantId, edge.toId))));
  if (!hasPeers) return cells;
  for (const pool of APOLLO_POOLS) await add(APOLLO(pool), await start('./peers/apollo.ts', { pool }), PAID, plainRequest);
  await add(MERCURIUS_FUNCTION, await start('./peers/mercurius.ts', { posting: 'function', pool: 16 }), PAID, plainRequest);
  await add(MERCURIUS_OURS, await start('./peers/mercurius.ts', { posting: 'ours' }), PAID, plainRequest);
  await add(POSTGRAPHILE, await start('./peers/postgraphile.ts', { schemas: 'bench' }), '"fromBalance"', (token, { toId }) =>
    targetOf('/graphql', token, JSON.stringify({ query: POSTGRAPHILE_DOCUMENT, variables: { input: postgraphileInput(toId) } })),
  );
  return cells;
}

const PAID = '"TransferCreditsPayload"';

const POSTGRAPHILE_DOCUMENT = `mutation Transfer($input: TransferCreditsInput!) {
  transferCredits(input: $input) { result { transferId amount createdAt fromId fromBalance fromVersion toId toBalance toVersion } }
}`;

const postgraphileInput = (toId: string) => ({ toId, amount: '1', idempotencyKey: KEY });

const inputFor = (toResellerId: string) => ({ toResellerId, amount: 1, idempotencyKey: KEY });

const bodyFor = (toResellerId: string) => JSON.stringify({ query: TRANSFER_DOCUMENT, variables: { input: inputFor(toResellerId) } });

/** The peers use database ids. */
const plainRequest = (token: string, { toId }: Edge) => targetOf('/graphql', token, bodyFor(toId));

/** Posts without HTTP, in the process of the benchmark, which does nothing else meanwhile. */
function postingCells({ url, sql }: Bench, forest: Forest): Cell[] {
  const rows = () => countTransfers(sql);
  const picks: Record<Shape, Pick> = { random: randomly(forest), hot: hotly(forest) };
  const cell = (
    name: string,
    callers: number,
    shape: Shape,
    open: () => ReturnType<typeof throughQueue> | Promise<ReturnType<typeof throughQueue>>,
  ): Cell => ({
    name,
    rows,
    async open() {
      const contestant = await open();
      const post = async () => {
        await contestant.transfer(picks[shape]());
        return 1;
      };
      return { load: (forMs) => callAgain(callers, forMs, post), close: contestant.close };
    },
  });
  const queue = () => throughQueue(openQueue(url));
  return [
    ...SHAPES.map((shape) => cell(queued(shape), CALLERS, shape, queue)),
    cell(WITH_FEED, CALLERS, 'random', () => throughQueueWithFeed(url, forest, SUBSCRIBERS)),
    ...SHAPES.flatMap((shape) => POOLS.map((pool) => cell(oneCommit(pool, shape), CALLERS, shape, () => throughFunction(url, pool)))),
    ...POOLS.map((pool) => cell(oneCommit(pool, 'hot', MANY), MANY, 'hot', () => throughFunction(url, pool))),
  ];
}
