/** The suite on deliveries to sockets, and on their memory. */

import { type Child, openChild } from '../child.ts';
import type { SocketJob } from '../load/socket-load.ts';
import type { Loaded } from '../measure.ts';
import { median } from '../measure.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section, table, whole } from '../report.ts';
import { type Cell, runRounds } from '../rounds.ts';
import { openServer, type Server, type Setup } from '../server.ts';
import { signInAll } from '../signed-in.ts';
import { INITIAL_VERSION, SUBSCRIPTION_DOCUMENT } from '../subscription-schema.ts';
import { plantChildren } from '../world.ts';
import type { Bench } from './suite.ts';

const SOCKETS = 5_000;
const QUICK_SOCKETS = 500;
/** Rounds that are published and not yet received by every socket. */
const ROUNDS_IN_FLIGHT = 4;
const MEMORY_ROUNDS = 3;
/** Opened before the first reading of memory, so that loading and compiling code is not counted. */
const FIRST_SOCKETS = 100;

/** Whose changes the sockets subscribe to. */
type Spread = 'one account' | 'own accounts';

export interface SocketContestant {
  readonly name: string;
  readonly file: string;
  readonly hasProtocol: boolean;
  readonly hasFirst: boolean;
}

export const OURS: SocketContestant = { name: 'Revenda', file: './servers/revenda-sockets.ts', hasProtocol: true, hasFirst: true };
const GRAPHQL_WS: SocketContestant = {
  name: 'graphql-ws as documented',
  file: './peers/graphql-ws.ts',
  hasProtocol: true,
  hasFirst: false,
};
const BARE_WS: SocketContestant = { name: 'bare ws broadcast', file: './servers/bare-ws.ts', hasProtocol: false, hasFirst: false };

const cellName = (spread: Spread, who: SocketContestant) => `${spread}: ${who.name}`;

const ONE: Spread = 'one account';
const OWN: Spread = 'own accounts';

function goalsFor(sockets: number): readonly Goal[] {
  const over = cellName(ONE, OURS);
  const what = `delivery to ${sockets} sockets on one account`;
  return [
    { what, against: GRAPHQL_WS.name, over, under: [cellName(ONE, GRAPHQL_WS)], floor: 3.5, goal: 4.5 },
    { what, against: BARE_WS.name, over, under: [cellName(ONE, BARE_WS)], floor: 1, goal: 1.2 },
    {
      what: `${sockets} sockets, each its own account`,
      against: GRAPHQL_WS.name,
      over: cellName(OWN, OURS),
      under: [cellName(OWN, GRAPHQL_WS)],
      floor: 1.5,
      goal: 2.5,
    },
  ];
}

const MEMORY_GOAL: Goal = {
  what: 'memory per idle socket',
  against: GRAPHQL_WS.name,
  over: OURS.name,
  under: [GRAPHQL_WS.name],
  floor: 0.4,
  goal: 0.25,
  isCeiling: true,
};

/** Measures the delivery of committed changes to thousands of sockets, and the memory of an idle socket. */
export async function sockets(bench: Bench): Promise<readonly Section[]> {
  const count = bench.isQuick ? QUICK_SOCKETS : SOCKETS;
  const sessions = await signInAll(bench.url, await plantChildren(bench.url, count));
  await bench.sql`ANALYZE`;
  const load = openChild('./load/socket-load.ts');
  try {
    const peers = bench.hasPeers ? [GRAPHQL_WS] : [];
    const contestants = (spread: Spread) => [OURS, ...peers, ...(spread === ONE ? [BARE_WS] : [])];
    const cells = ([ONE, OWN] as const).flatMap((spread) =>
      contestants(spread).map((who) => socketCell(cellName(spread, who), who, setupOf(bench.url, sessions, spread), count, load)),
    );
    const rounds = { ...bench.rounds, rounds: Math.min(bench.rounds.rounds, 3) };
    const results = await runRounds(cells, rounds);
    const delivery = { text: cellsTable(results, 'deliveries'), outcomes: outcomesOf(rates(results), goalsFor(count)) };
    const memory = await memorySection([OURS, ...peers], setupOf(bench.url, sessions, OWN), count, load, bench.isQuick ? 1 : MEMORY_ROUNDS);
    return [{ id: 'sockets', title: `Delivery to ${count} sockets`, ...delivery }, memory];
  } finally {
    await load.close();
  }
}

export function setupOf(url: string, sessions: Setup['sessions'], spread: Spread): Setup {
  return { url, sessions: spread === ONE ? sessions.slice(0, 1) : sessions, options: {} };
}

/** In a round every account changes once, and each socket receives one of the changes. */
export function socketCell(name: string, who: SocketContestant, setup: Setup, count: number, load: Child): Cell {
  return {
    name,
    rows: null,
    async open() {
      const server = await openServer(who.file, setup);
      await openSockets(who, server, setup, count, load);
      let published = 0;
      const publish = async () => {
        await server.ask('publish');
        published += 1;
      };
      return {
        async load(forMs): Promise<Loaded> {
          const untilMs = performance.now() + forMs;
          const before = published;
          while (published < before + ROUNDS_IN_FLIGHT) await publish();
          while (performance.now() < untilMs) {
            await load.ask('until', count * (published - ROUNDS_IN_FLIGHT + 1));
            await publish();
          }
          await load.ask('until', count * published);
          await load.ask('check', { frames: published, version: INITIAL_VERSION + published });
          return { answers: count * (published - before) };
        },
        cpuMicros: server.cpuMicros,
        async close() {
          await load.ask('close');
          await server.close();
        },
      };
    },
  };
}

/** Opens sockets in addition to `open` others. */
async function openSockets(who: SocketContestant, server: Server, setup: Setup, count: number, load: Child, open = 0): Promise<void> {
  const tokens = who.hasProtocol ? setup.sessions.map(([token]) => token) : [];
  const job: SocketJob = { port: server.port, count, tokens, document: SUBSCRIPTION_DOCUMENT, hasFirst: who.hasFirst };
  await load.ask('open', job);
  // A server without a first answer does not say when a subscription has started: polls until all have.
  while (Number(await server.ask('subscribers')) < open + count);
}

/**
 * Measures resident memory per socket: the difference before and after this many sockets have subscribed. Every
 * measurement uses a new process, and contestants alternate.
 */
async function memorySection(
  contestants: readonly SocketContestant[],
  setup: Setup,
  count: number,
  load: Child,
  rounds: number,
): Promise<Section> {
  const bytes = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const who of contestants) {
      const server = await openServer(who.file, setup, ['--expose-gc']);
      await openSockets(who, server, setup, FIRST_SOCKETS, load);
      const before = Number(await server.ask('memory'));
      await openSockets(who, server, setup, count, load, FIRST_SOCKETS);
      const after = Number(await server.ask('memory'));
      bytes.get(who.name)?.push((after - before) / count);
      await load.ask('close');
      await server.close();
    }
  }
  const rows = [...bytes].map(([name, values]) => [
    name,
    whole(median(values)),
    `${whole(Math.min(...values))} to ${whole(Math.max(...values))}`,
  ]);
  const text = table(['', 'bytes a socket', 'spread'], rows);
  return { id: 'socket-memory', title: 'Memory of an idle, subscribed socket', text, outcomes: outcomesOf(bytes, [MEMORY_GOAL]) };
}
