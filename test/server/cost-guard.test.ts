import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_QUEUE_LIMITS } from '../../src/ledger/posting/limits.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { type CountingProxy, startCountingProxy } from '../support/processes/counting-proxy.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { expectPosted, LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { serve } from './world.ts';

/**
 * Costs counted in units that no machine and no neighbor changes: statements, bytes and writes. Times are the
 * benchmark's job.
 */
const BATCH = DEFAULT_QUEUE_LIMITS.commandsPerBatch;
/** BEGIN, the locks, the look-ups, the write, COMMIT. */
const STATEMENTS_A_BATCH = 5;
/** 870 were counted, in both directions: ids are sent once, and neither rows nor statements are repeated for each transfer. */
const MOST_BYTES_A_TRANSFER = 1_100;

let database: TestDatabase;
let world: LedgerWorld;
let proxy: CountingProxy;
let queue: PostingQueue;
let root: Panel;
let children: Panel[];

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  root = await world.root(1_000_000);
  children = await Promise.all(times(BATCH, () => world.child(root, 10)));
  proxy = await startCountingProxy(database.url);
  queue = world.openQueue({ ...PATIENT_QUEUE, batchesInFlight: 1 }, proxy.url);
  // The first statement on a connection is prepared, and costs more.
  await post(1);
});

afterAll(async () => {
  await queue.close();
  await proxy.close();
  await world.close();
  await database.drop();
});

async function post(count: number): Promise<{ statements: number; bytes: number }> {
  const before = { statements: proxy.statements(), bytes: proxy.bytes() };
  for (const outcome of await queue.postEach(children.slice(0, count).map((child) => world.transfer(root, child, 1))))
    expectPosted(outcome);
  return { statements: proxy.statements() - before.statements, bytes: proxy.bytes() - before.bytes };
}

test('a batch costs five statements, however many transfers it contains', async () => {
  expect((await post(1)).statements).toBe(STATEMENTS_A_BATCH);
  expect((await post(BATCH)).statements).toBe(STATEMENTS_A_BATCH);
});

test('transfers sent one by one at the same moment share batches', async () => {
  const before = proxy.statements();
  await Promise.all(children.map((child) => queue.post(world.transfer(root, child, 1))));
  expect(proxy.statements() - before).toBe(STATEMENTS_A_BATCH);
});

test('a transfer in a full batch costs a bounded number of bytes between the server and Postgres', async () => {
  const { bytes } = await post(BATCH);
  expect(bytes / BATCH).toBeLessThan(MOST_BYTES_A_TRANSFER);
});

/** Every chunk in which a request's answer arrived. */
async function chunksOf(socket: Socket, request: string): Promise<string[]> {
  const chunks: string[] = [];
  socket.write(request);
  do chunks.push(String((await once(socket, 'data'))[0]));
  while (!chunks.join('').endsWith('}'));
  return chunks;
}

test('an answer of the JSON handler is sent in one write, headers and body', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const { port } = new URL(running.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const body = JSON.stringify({ query: '{ text }' });
  const headers = ['POST /graphql HTTP/1.1', 'host: localhost', 'content-type: application/json', 'authorization: Bearer token'];
  const request = `${headers.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  for (const chunks of [await chunksOf(socket, request), await chunksOf(socket, request)]) expect(chunks).toHaveLength(1);
  socket.destroy();
});
