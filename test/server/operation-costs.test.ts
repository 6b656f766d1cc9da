import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { resellerId, signInAll } from '../../bench/signed-in.ts';
import { SECRETS_KEY } from '../support/clients/api.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { type CostProxy, startCostProxy } from '../support/processes/cost-proxy.ts';
import { type ServerProcess, startProcess } from '../support/processes/processes.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { expectPosted, LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';

/** The costs of one operation on a server of its own, in units that no machine and no neighbor changes. */
interface Costs {
  readonly statements: number;
  readonly roundTrips: number;
  /** Rows from Postgres. */
  readonly rows: number;
  /** Bytes between the server and Postgres, in both directions. */
  readonly bytes: number;
  readonly walBytes: number;
  /** Bytes that the server allocated on its heap. */
  readonly heapBytes: number;
  /** Bytes answered over HTTP and pushed to sockets. */
  readonly answerBytes: number;
}

type Count = keyof Costs;

const COUNTS = ['statements', 'roundTrips', 'rows', 'bytes', 'walBytes', 'heapBytes', 'answerBytes'] as const satisfies readonly Count[];

/**
 * The counted costs. A test fails above these and their head-room, and a lower cost is written here: one more
 * statement or row must be somebody's decision.
 */
const COUNTED: Readonly<Record<string, Costs>> = {
  viewer: { statements: 0, roundTrips: 0, rows: 0, bytes: 0, walBytes: 0, heapBytes: 18_000, answerBytes: 36 },
  'a transfer': { statements: 5, roundTrips: 2, rows: 3, bytes: 2_900, walBytes: 1_460, heapBytes: 240_000, answerBytes: 146 },
  'a batch of 64 transfers': {
    statements: 5,
    roundTrips: 2,
    rows: 3,
    bytes: 43_300,
    walBytes: 84_000,
    heapBytes: 1_480_000,
    answerBytes: 76,
  },
  // Five statements of posting, eight of numbering the event for the access feed.
  'an activation and the number of its event': {
    statements: 13,
    roundTrips: 9,
    rows: 7,
    bytes: 6_095,
    walBytes: 2_970,
    heapBytes: 500_000,
    answerBytes: 114,
  },
  'a page of 50 children': {
    statements: 3,
    roundTrips: 3,
    rows: 52,
    bytes: 48_430,
    walBytes: 0,
    heapBytes: 1_090_000,
    answerBytes: 6_309,
  },
  'a page of 50 entries': {
    statements: 1,
    roundTrips: 1,
    rows: 1,
    bytes: 15_420,
    walBytes: 0,
    heapBytes: 655_000,
    answerBytes: 6_570,
  },
  'a check of credentials': {
    statements: 1,
    roundTrips: 1,
    rows: 1,
    bytes: 413,
    walBytes: 0,
    heapBytes: 33_300,
    answerBytes: 116,
  },
  'a transfer pushed to 50 sockets': {
    statements: 5,
    roundTrips: 2,
    rows: 3,
    bytes: 2_900,
    walBytes: 1_461,
    heapBytes: 285_000,
    answerBytes: 6_250,
  },
};

/** For growing digits, pages that fill up, and occasional work of the server. */
const HEAD_ROOM: Readonly<Record<Count, (counted: number) => number>> = {
  statements: (counted) => counted + 0.5,
  // A message that is sent in pieces may be answered before its end: then one round trip counts as two.
  roundTrips: (counted) => counted + (counted > 1 ? 2 : 0),
  rows: (counted) => counted + 0.5,
  bytes: (counted) => counted * 1.03 + 20,
  walBytes: (counted) => counted * 1.08,
  heapBytes: (counted) => counted * 1.3,
  answerBytes: (counted) => counted * 1.02 + 2,
};

/** The server's allocations are read once a round. */
const TURNS = 5;
const ROUNDS = 10;
/** Documents are compiled from their fifth use on, and Postgres chooses a plan for any arguments after five. */
const WARM_UP_TURNS = 20;

const CHILDREN = 64;
const SOCKETS = 50;
const PAGE = 50;

const TRANSFER = `mutation ($input: TransferCreditsInput!) {
  transferCredits(input: $input) {
    ... on TransferCreditsPayload { transfer { id } from { balance version } to { balance version } }
    ... on Error { code message }
  }
}`;
const TRANSFER_BATCH = `mutation ($input: TransferCreditsBatchInput!) {
  transferCreditsBatch(input: $input) {
    ... on TransferCreditsBatchPayload { from { balance version } }
    ... on Error { code message }
  }
}`;
const ACTIVATE = `mutation ($input: ActivateCustomerInput!) {
  activateCustomer(input: $input) {
    ... on ActivateCustomerPayload { customer { id expiresAt } }
    ... on Error { code message }
  }
}`;
const CHILDREN_PAGE = `{ viewer { reseller { children(first: ${PAGE}) { edges { node { id name account { balance locked } branch { creditsHeld } } } } } } }`;
const STATEMENT_PAGE = `{ viewer { reseller { account { statement(first: ${PAGE}) { edges { node { id delta balanceAfter transfer { kind amount } } } } } } } }`;
const VIEWER = '{ viewer { role } }';
const CREDENTIALS = { login: 'maria', secret: 'right secret' };
const PUSHED = 'subscription { balanceChanged { version balance delta locked } }';

let database: TestDatabase;
let ledger: LedgerWorld;
let proxy: CostProxy;
let server: ServerProcess;
let root: Panel;
let children: string[];
let token: string;
let service: string;
let answered = 0;
let keys = 0;
let received = 0;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  database = await createDatabase();
  ledger = await LedgerWorld.open(database.url);
  root = await ledger.root(1_000_000);
  const creations = times(CHILDREN, () => ledger.creation(root, 10));
  for (const outcome of await ledger.queue.postEach(creations)) expectPosted(outcome);
  children = creations.map(({ resellerId: id }) => resellerId(root.tenantId, id));
  proxy = await startCostProxy(database.url);
  const preload = new URL('../support/processes/allocations.child.ts', import.meta.url).href;
  server = await startProcess(proxy.url, { SECRETS_KEY, NODE_OPTIONS: `--max-semi-space-size=64 --import=${preload}` });
  token = (await signInAll(database.url, [root]))[0]?.[0] ?? '';
  service = await serviceKeyOf(server.client, token);
  const { customer } = JSON.parse(await activate()).data.activateCustomer;
  await server.client.mutate(token, 'resetAccess', { customerId: customer.id, ...CREDENTIALS });
});

afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await server[Symbol.asyncDispose]();
  await proxy.close();
  await ledger.close();
  await database.drop();
});

async function post(path: string, as: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${as}` };
  const response = await fetch(`${server.client.origin}${path}`, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.status !== 200 || /"(errors|code)"/.test(text)) throw new Error(text);
  answered += text.length;
  return text;
}

/** As long as any other key. */
function newKey(): string {
  keys += 1;
  return `key ${String(keys).padStart(8, '0')}`;
}

const activate = () => ask(ACTIVATE, { name: 'Maria', periods: 1, screens: 1, idempotencyKey: newKey() });
const ask = (query: string, input?: object) => post('/graphql', token, JSON.stringify({ query, ...(input && { variables: { input } }) }));
const transferTo = (toResellerId = '') => ({ toResellerId, amount: 1, idempotencyKey: newKey() });
const transfer = () => ask(TRANSFER, transferTo(children[0]));

/** Bytes that the server allocated since the last call; null if something was collected meanwhile. */
async function allocated(): Promise<number | null> {
  const before = server.output.length;
  server.signal('SIGWINCH');
  const line = await until(() => server.output.slice(before).find((one) => one.startsWith('allocated ')));
  const bytes = Number(line.split(' ')[1]);
  return Number.isNaN(bytes) ? null : bytes;
}

/** Opens this many sockets that watch the root's account, each after the current state has arrived. */
async function subscribe(): Promise<void> {
  const url = `${server.client.origin.replace(/^http/, 'ws')}/graphql`;
  for (let count = 0; count < SOCKETS; count += 1) {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    sockets.push(socket);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
    socket.on('message', (data) => {
      const text = String(data);
      const { type } = JSON.parse(text);
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: PUSHED } }));
      if (type !== 'next') return;
      received += 1;
      answered += text.length;
    });
  }
  await until(() => received === SOCKETS);
}

/** Makes a transfer, and waits until every socket has got it. */
async function pushed(): Promise<void> {
  const before = received;
  await transfer();
  await until(() => received === before + SOCKETS);
}

/**
 * Activates, and waits until the event has its number in the access feed. The server numbers in the background: one round of
 * numbering may cover several activations, so without this wait the costs would depend on the machine's speed.
 */
async function activateAndNumber(): Promise<void> {
  await activate();
  await until(async () => {
    const [left] = await ledger.sql<{ isNumbered: boolean }[]>`
      SELECT NOT EXISTS (SELECT FROM access_posted) AND NOT EXISTS (SELECT FROM access_waiting) AS "isNumbered"`;
    return left?.isNumbered;
  });
}

type Turn = Omit<Costs, 'heapBytes'>;

interface Round {
  readonly turns: readonly Turn[];
  /** The mean of its turns. */
  readonly heapBytes: number;
}

/** Measures each turn of a round; null if some heap was collected meanwhile. */
async function round(operation: () => Promise<unknown>): Promise<Round | null> {
  await allocated();
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const [before, answeredBefore] = [proxy.costs(), answered];
    await operation();
    const after = proxy.costs();
    const of = (count: keyof typeof before) => after[count] - before[count];
    turns.push({
      ...{ statements: of('statements'), roundTrips: of('roundTrips'), rows: of('rows'), bytes: of('bytes') },
      ...{ walBytes: of('walBytes'), answerBytes: answered - answeredBefore },
    });
  }
  const heapBytes = await allocated();
  return heapBytes === null ? null : { turns, heapBytes: heapBytes / TURNS };
}

/**
 * The lower quartile of each count, and the least heap of a round. The server also looks for work in the background, several times
 * a second. That only adds: on a slow machine to most rounds, but not to a quarter of the turns.
 */
async function costsOf(operation: () => Promise<unknown>): Promise<Costs> {
  for (let time = 0; time < WARM_UP_TURNS; time += 1) await operation();
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS) {
    const counted = await round(operation);
    if (counted) rounds.push(counted);
  }
  const turns = rounds.flatMap((one) => one.turns);
  const of = (count: keyof Turn) => lowerQuartile(turns.map((turn) => turn[count]));
  return {
    ...{ statements: of('statements'), roundTrips: of('roundTrips'), rows: of('rows'), bytes: of('bytes') },
    ...{ walBytes: of('walBytes'), answerBytes: of('answerBytes'), heapBytes: Math.min(...rounds.map((one) => one.heapBytes)) },
  };
}

function lowerQuartile(counts: readonly number[]): number {
  return counts.toSorted((a, b) => a - b)[counts.length >> 2] ?? Number.NaN;
}

const OPERATIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  viewer: () => ask(VIEWER),
  'a transfer': transfer,
  'a batch of 64 transfers': () => ask(TRANSFER_BATCH, { transfers: children.map((id) => transferTo(id)) }),
  'an activation and the number of its event': activateAndNumber,
  'a page of 50 children': () => ask(CHILDREN_PAGE),
  'a page of 50 entries': () => ask(STATEMENT_PAGE),
  'a check of credentials': () => post('/access/check', service, JSON.stringify(CREDENTIALS)),
  'a transfer pushed to 50 sockets': pushed,
};

test.each(Object.entries(OPERATIONS))('%s costs no statement, row, byte or allocation more than was counted', async (name, operation) => {
  if (operation === pushed) await subscribe();
  const counted = await costsOf(operation);
  const written = COUNTED[name];
  if (!written) throw new Error('not in the table');
  const above = COUNTS.filter((count) => counted[count] > HEAD_ROOM[count](written[count]));
  expect(above.map((count) => `${count}: ${counted[count]}, and ${written[count]} were counted`)).toEqual([]);
});
