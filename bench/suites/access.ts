/** The suite on checks of customers' credentials. */

import { httpCell, openHttpClient, targetOf } from '../http-client.ts';
import type { Latencies } from '../latency.ts';
import { median } from '../measure.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section, table, type Values, whole } from '../report.ts';
import { runOnce, runRounds } from '../rounds.ts';
import { openServed, type ServedTenant } from '../served-world.ts';
import { openServer } from '../server.ts';
import type { Bench } from './suite.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const QUICK_MANY = 50_000;
const CONNECTIONS = 64;
/** The rate for latencies. It is far below the capacity of one process, so that they measure a check and not a queue. */
const PER_SECOND = 500;
const WAIT_MS = 4_000;
const QUICK_WAIT_MS = 1_000;
/** Windows of latencies in each round of rates: a p99 needs more samples. */
const WINDOWS = 3;

const VIEWER = '{ viewer { role } }';
const ofConstant = 'node:http, answering a constant';
const ofViewer = '{ viewer { role } } over the JSON handler';
const ofFew = 'POST /access/check, 1,000 customers';
const ofMany = 'POST /access/check, 20,000 of a million customers';
/** As many customers as in the small tenant, so that only the size of the tables differs. */
const ofManyAsFew = 'POST /access/check, 1,000 of a million customers';
/** The most checks that one request may contain. */
const TOGETHER = 50;
const ofTogether = `POST /access/check, ${TOGETHER} in a request`;

const GOALS: readonly Goal[] = [
  { what: 'checks of 1,000 customers', against: 'node:http alone', over: ofFew, under: [ofConstant], floor: 0.4, goal: 0.8 },
  { what: 'checks of 1,000 customers', against: VIEWER, over: ofFew, under: [ofViewer], floor: 0.8, goal: 5 },
  {
    what: `requests of ${TOGETHER} checks`,
    against: VIEWER,
    over: ofTogether,
    under: [ofViewer],
    floor: 5 / TOGETHER,
    goal: 10 / TOGETHER,
  },
];
const WAIT_GOALS: readonly Goal[] = [
  {
    what: 'p99 of checks, 1,000 of a million',
    against: 'of a thousand',
    over: ofManyAsFew,
    under: [ofFew],
    floor: 2,
    goal: 1.5,
    isCeiling: true,
  },
  {
    what: 'p99 of checks, 20,000 of a million',
    against: 'of a thousand',
    over: ofMany,
    under: [ofFew],
    floor: 2,
    goal: 1.5,
    isCeiling: true,
  },
];

/**
 * Compares checks of customers' credentials with the cheapest operation and with a bare server, and their latency
 * with few and with many customers.
 */
export async function access(bench: Bench): Promise<readonly Section[]> {
  const { isQuick, rounds } = bench;
  const client = openHttpClient();
  const few = await openServed(bench.url, FEW);
  const many = await openServed(await bench.database('access_many', true), isQuick ? QUICK_MANY : MANY);
  const constant = await openServer('./servers/constant.ts', { url: bench.url, sessions: [], options: {} });
  try {
    const cell = async (name: string, { server }: Pick<ServedTenant, 'server'>, any: ServedTenant['targets'], expect = '"active":true') => {
      const targets = await client.targets({ port: server.port, any, hot: [], expect });
      return { name, targets, cell: httpCell(name, null, { client, server, targets, connections: CONNECTIONS }) };
    };
    const viewers = [targetOf('/graphql', few.token, JSON.stringify({ query: VIEWER }))];
    const checks = [
      await cell(ofFew, few, few.targets),
      await cell(ofMany, many, many.targets),
      await cell(ofManyAsFew, many, many.targets.slice(0, FEW)),
    ];
    const others = [
      await cell(ofConstant, { server: constant }, few.targets),
      await cell(ofViewer, few, viewers, '"OWNER"'),
      await cell(ofTogether, few, arraysOf(few)),
    ];
    const cells = [...others, ...checks].map((one) => one.cell);
    for (const one of cells) await runOnce(one, { ...rounds, warmUpMs: 0 });
    const results = await runRounds(cells, rounds);

    const waits = new Map<string, Latencies[]>(checks.map(({ name }) => [name, []]));
    for (let window = 0; window < rounds.rounds * WINDOWS; window += 1) {
      // Each cell begins equally often, so that no cell always follows the same one.
      const first = window % checks.length;
      for (const { name, targets } of [...checks.slice(first), ...checks.slice(0, first)]) {
        const job = { targets, connections: CONNECTIONS, forMs: isQuick ? QUICK_WAIT_MS : WAIT_MS, perSecond: PER_SECOND };
        waits.get(name)?.push((await client.load(job)).latencies);
      }
    }
    const outcomes = [...outcomesOf(rates(results), GOALS), ...outcomesOf(p99s(waits), WAIT_GOALS)];
    return [{ id: 'access', title: 'Checks of credentials', text: textOf(cellsTable(results, 'answers'), waits), outcomes }];
  } finally {
    for (const { server } of [few, many]) await server.close();
    await constant.close();
    await client.close();
  }
}

function arraysOf({ bodies, service }: ServedTenant): ServedTenant['targets'] {
  return bodies.flatMap((_, index) => {
    const some = bodies.slice(index, index + TOGETHER);
    return index % TOGETHER === 0 && some.length === TOGETHER ? [targetOf('/access/check', service, `[${some.join(',')}]`)] : [];
  });
}

function p99s(waits: ReadonlyMap<string, readonly Latencies[]>): Values {
  return new Map([...waits].map(([name, latencies]) => [name, latencies.map(({ p99 }) => p99)]));
}

function textOf(cells: string, waits: ReadonlyMap<string, readonly Latencies[]>): string {
  const rows = [...waits].map(([name, latencies]) => {
    const of = (value: (one: Latencies) => number) => latencies.map(value);
    const slowest = of(({ p99 }) => p99);
    return [
      name,
      whole(median(of(({ p50 }) => p50))),
      whole(median(slowest)),
      `${whole(Math.min(...slowest))} to ${whole(Math.max(...slowest))}`,
    ];
  });
  const head = [`at ${PER_SECOND} a second`, 'p50 ms', 'p99 ms', 'spread'];
  return `${CONNECTIONS} connections. A request of ${TOGETHER} checks is counted as one answer. Waits are medians over alternating windows; each wait counts from when the request was due.\n\n${cells}\n\n${table(head, rows)}`;
}
