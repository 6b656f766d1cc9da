/** The suite on latency at fixed rates. */

import { KEY, openHttpClient, targetOf } from '../http-client.ts';
import { type Section, table, whole } from '../report.ts';
import { openServer, type Server } from '../server.ts';
import { resellerId, signInAll } from '../signed-in.ts';
import { TRANSFER_DOCUMENT } from '../transfer-schema.ts';
import { type Edge, plant } from '../world.ts';
import type { Bench } from './suite.ts';

const CONNECTIONS = 256;
const FOR_MS = 6_000;
const QUICK_FOR_MS = 1_000;
const OUR_RATES = [250, 500, 1_000, 1_500, 2_000, 3_000];
const APOLLO_RATES = [25, 50, 100, 200];

const bodyOf = (toResellerId: string) =>
  JSON.stringify({ query: TRANSFER_DOCUMENT, variables: { input: { toResellerId, amount: 1, idempotencyKey: KEY } } });

/**
 * Measures latency when requests arrive at a fixed rate, whether or not earlier requests are answered. Each wait
 * counts from the time the request was due, so that a stalled server is charged for all requests that were due
 * meanwhile.
 */
export async function openLoop(bench: Bench): Promise<readonly Section[]> {
  const { url, hasPeers, isQuick } = bench;
  const forest = await plant(url, 1);
  const sessions = await signInAll(url, [...new Map(forest.edges.map(({ from }) => [from.id, from])).values()]);
  const tokens = new Map(sessions.map(([token, { id }]) => [id, token]));
  const client = openHttpClient();
  const rows: string[][] = [];

  const measure = async (who: string, server: Server, rates: readonly number[], idOf: (edge: Edge) => string) => {
    const any = forest.edges.map((edge) => targetOf('/graphql', tokens.get(edge.from.id) ?? '', bodyOf(idOf(edge))));
    const targets = await client.targets({ port: server.port, any, hot: [], expect: '"TransferCreditsPayload"' });
    await client.load({ targets, connections: 64, forMs: isQuick ? 500 : 5_000 });
    for (const perSecond of rates) {
      const forMs = isQuick ? QUICK_FOR_MS : FOR_MS;
      const startedMs = performance.now();
      const { answers, latencies } = await client.load({ targets, connections: CONNECTIONS, forMs, perSecond });
      const answered = answers / ((performance.now() - startedMs) / 1_000);
      const { p50, p99, p999, max } = latencies;
      rows.push([who, String(perSecond), whole(answered), ...[p50, p99, p999, max].map(whole)]);
      process.stderr.write(`${who} at ${perSecond}/s: half within ${whole(p50)} ms, 99 % within ${whole(p99)} ms\n`);
    }
    await server.close();
  };

  try {
    const ours = await openServer('./servers/revenda.ts', { url, sessions, options: {} });
    await measure('Revenda', ours, OUR_RATES, ({ from, toId }) => resellerId(from.tenantId, toId));
    if (hasPeers) {
      const apollo = await openServer('./peers/apollo.ts', { url, sessions, options: { pool: 10 } });
      await measure('Apollo Server + Prisma', apollo, APOLLO_RATES, ({ toId }) => toId);
    }
  } finally {
    await client.close();
  }
  const head = ['transferCredits over HTTP, random', 'offered a second', 'answered a second', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms'];
  const text = `${CONNECTIONS} connections at most; a wait counts from when the request was due.\n\n${table(head, rows)}`;
  return [{ id: 'open-loop', title: 'Latency at a fixed rate', text, outcomes: [] }];
}
