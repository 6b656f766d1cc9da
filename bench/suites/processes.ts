/** The suite on several processes behind one port. */

import { httpCell, KEY, openHttpClient, targetOf } from '../http-client.ts';
import { countTransfers } from '../measure.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section } from '../report.ts';
import { type Cell, runOnce, runRounds } from '../rounds.ts';
import type { Server } from '../server.ts';
import { openSeveral } from '../several.ts';
import { resellerId, signInAll } from '../signed-in.ts';
import { TRANSFER_DOCUMENT } from '../transfer-schema.ts';
import { type Edge, plant } from '../world.ts';
import type { Bench } from './suite.ts';

const CONNECTIONS = 128;
const PROCESSES = [1, 2, 4];
const PANELS = 32;
const TENANTS = 256;
/** The same with `--quick`: each process compiles its own code. */
const FIRST_RUN_MS = 3_000;

const nameOf = (world: string, processes: number) => `${world}: ${processes === 1 ? 'one process' : `${processes} processes`}`;
const ONE_PANEL = 'all debit one panel';
const WORLDS = [ONE_PANEL, `${PANELS} panels of one tenant`, `${TENANTS} tenants`];

const GOALS: readonly Goal[] = WORLDS.flatMap((world) =>
  PROCESSES.filter((processes) => processes > 1).map((processes) => ({
    what: `transferCredits over HTTP, ${CONNECTIONS} connections, ${processes} processes, ${world}`,
    against: 'one process',
    over: nameOf(world, processes),
    under: [nameOf(world, 1)],
    floor: 0.9,
    goal: 1,
  })),
);

/** Compares one port served by one, two and four processes under the same callers. */
export async function processes(bench: Bench): Promise<readonly Section[]> {
  const { rounds, sql, url } = bench;
  await sql.unsafe(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET enable_seqscan = off`).simple();
  const [one, many] = [await plant(url, 1), await plant(url, TENANTS)];
  await sql`ANALYZE`;
  const payers = new Set([...new Set(one.edges.map(({ from }) => from.id))].slice(0, PANELS));
  const edges = [one.fromRoot, one.edges.filter(({ from }) => payers.has(from.id)), many.edges];
  const panels = [...new Map(edges.flat().map(({ from }) => [from.id, from])).values()];
  const tokens = new Map((await signInAll(url, panels)).map(([token, { id }]) => [id, token]));
  const request = ({ from, toId }: Edge) => {
    const input = { toResellerId: resellerId(from.tenantId, toId), amount: 1, idempotencyKey: KEY };
    return targetOf('/graphql', tokens.get(from.id) ?? '', JSON.stringify({ query: TRANSFER_DOCUMENT, variables: { input } }));
  };
  const client = openHttpClient();
  const servers: Server[] = [];
  try {
    const cells: Cell[] = [];
    for (const count of PROCESSES) {
      const server = await openSeveral(url, count);
      servers.push(server);
      for (const [index, world] of WORLDS.entries()) {
        const any = (edges[index] ?? []).map(request);
        const targets = await client.targets({ port: server.port, any, hot: [], expect: '"TransferCreditsPayload"' });
        cells.push(httpCell(nameOf(world, count), () => countTransfers(sql), { client, server, targets, connections: CONNECTIONS }));
      }
    }
    for (const cell of cells) await runOnce(cell, { ...rounds, warmUpMs: 0, measureMs: FIRST_RUN_MS });
    const results = await runRounds(cells, rounds);
    const about = `The same ${CONNECTIONS} connections to one port, on ${PROCESSES.join(', ')} processes of one machine. Node's CPU is the sum of the serving processes, without the first process, which relays their messages.`;
    const text = `${about}\n\n${cellsTable(results, 'transfers')}`;
    return [{ id: 'processes', title: 'Processes', text, outcomes: outcomesOf(rates(results), GOALS) }];
  } finally {
    for (const server of servers) await server.close();
    await client.close();
  }
}
