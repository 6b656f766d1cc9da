import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Ports } from '../src/domain/ports.ts';
import { createLogger } from '../src/kernel/log.ts';
import { createBareServer, portOf } from './bare-server.ts';
import type { Done, Job, Target } from './http-load.ts';
import type { Floor } from './report.ts';
import type { Cell } from './rounds.ts';
import { createStockYoga } from './stock-yoga.ts';
import { type Edge, type Panel, plant } from './world.ts';

const CONNECTIONS = 64;
const JSON_DOOR = `HTTP, ${CONNECTIONS} connections, JSON door`;
const YOGA_DOOR = `HTTP, ${CONNECTIONS} connections, Yoga door`;
const STOCK_YOGA = `HTTP, ${CONNECTIONS} connections, Yoga as documented`;
const BARE = `HTTP, ${CONNECTIONS} connections, bare node:http`;

export const HTTP_FLOORS: readonly Floor[] = [
  { what: 'HTTP JSON door ÷ bare node:http', over: JSON_DOOR, under: [BARE], atLeast: 0.7 },
  { what: 'HTTP JSON door ÷ Yoga door', over: JSON_DOOR, under: [YOGA_DOOR], atLeast: 2.5 },
  { what: 'HTTP JSON door ÷ Yoga as documented', over: JSON_DOOR, under: [STOCK_YOGA], atLeast: 2.5 },
];

const TRANSFER = `mutation Transfer($input: TransferCreditsInput!) {
  transferCredits(input: $input) {
    __typename
    ... on TransferCreditsPayload {
      replayed transfer { id amount createdAt } from { id balance version locked } to { id balance version locked }
    }
    ... on Error { code message }
  }
}`;

const CHILDREN = z.object({
  data: z.object({
    viewer: z.object({ reseller: z.object({ children: z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) }) }) }),
  }),
});

/** The Accept that leaves a request to Yoga: it may want an event stream. */
const ACCEPTS = { json: 'application/json', yoga: 'application/json, text/event-stream' };

/** A shared machine may make the event loop wait: that must not turn into refusals. */
const NEVER_OVERLOADED = { eventLoopDelayMs: 60_000 };

export interface HttpCells {
  readonly cells: readonly Cell[];
  close(): Promise<void>;
}

/** The doors of one app, a bare handler on the same ledger, and one client process for all. */
export async function httpCells(url: string): Promise<HttpCells> {
  const { edges } = await plant(url, 1);
  const config = readConfig({ DATABASE_URL: url, HOST: '127.0.0.1' });
  const app = await createApp({ ...config, port: 0 }, url, createLogger('warn'), NEVER_OVERLOADED);
  const { port } = await app.listen();
  const sessions = await signInAll(app.ports, edges);
  const bare = createBareServer(app.ports.ledger, sessions).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const stock = createStockYoga(url, app.ports).listen(0, '127.0.0.1');
  await once(stock, 'listening');
  const client = fork(new URL('http-load.ts', import.meta.url));

  const cell = (name: string, job: Omit<Job, 'connections' | 'forMs'>): Cell => ({
    name,
    async open() {
      return {
        async load(forMs) {
          client.send({ ...job, connections: CONNECTIONS, forMs });
          const [done]: Done[] = await once(client, 'message');
          if (done?.problem !== null) throw new Error(`${name}: ${done?.problem}`);
        },
        async close() {},
      };
    },
  });
  const asked = (await Promise.all([...sessions.keys()].map((token) => childrenOf(port, token)))).flat();
  const graphql = (accept: string, at = port) => ({
    port: at,
    expect: '"TransferCreditsPayload"',
    targets: asked.map(({ token, toResellerId }) => graphqlTarget(token, accept, toResellerId)),
  });
  const toBare = [...sessions].flatMap(([token, panel]) =>
    edges.filter(({ from }) => from.id === panel.id).map(({ toId }) => bareTarget(token, toId)),
  );
  return {
    cells: [
      cell(JSON_DOOR, graphql(ACCEPTS.json)),
      cell(YOGA_DOOR, graphql(ACCEPTS.yoga)),
      cell(STOCK_YOGA, graphql(ACCEPTS.json, portOf(stock))),
      cell(BARE, { port: portOf(bare), expect: '"balance"', targets: toBare }),
    ],
    async close() {
      client.disconnect();
      bare.close();
      stock.close();
      await app.close();
    },
  };
}

/** A session for every payer, by its token. */
async function signInAll({ sessions }: Pick<Ports, 'sessions'>, edges: readonly Edge[]): Promise<Map<string, Panel>> {
  const tokens = new Map<string, Panel>();
  for (const panel of new Map(edges.map(({ from }) => [from.id, from])).values()) {
    const opened = await sessions.open(panel);
    if (!opened) throw new Error('a payer may not sign in');
    tokens.set(opened.token, panel);
  }
  return tokens;
}

/** The ids of a panel's children as its client sees them. */
async function childrenOf(port: number, token: string): Promise<{ token: string; toResellerId: string }[]> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { reseller { children(first: 10) { edges { node { id } } } } } }' }),
  });
  const { data } = CHILDREN.parse(await response.json());
  return data.viewer.reseller.children.edges.map(({ node }) => ({ token, toResellerId: node.id }));
}

function graphqlTarget(token: string, accept: string, toResellerId: string): Target {
  const body = JSON.stringify({ query: TRANSFER, variables: { input: { toResellerId, amount: 1, idempotencyKey: KEY } } });
  return targetOf(`POST /graphql HTTP/1.1\r\naccept: ${accept}\r\n`, token, body);
}

function bareTarget(token: string, toId: string): Target {
  return targetOf('POST / HTTP/1.1\r\naccept: application/json\r\n', token, JSON.stringify({ toId, amount: 1, key: KEY }));
}

const KEY = 'THE KEY';

function targetOf(start: string, token: string, body: string): Target {
  const [bodyHead = '', bodyTail = ''] = body.split(KEY);
  return { headers: `${start}host: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`, bodyHead, bodyTail };
}
