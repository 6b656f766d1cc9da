import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../support/clients/api.ts';
import { type ServerProcess, startProcess } from '../support/processes/processes.ts';
import { until } from '../support/until.ts';
import { type Demo, issue, platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase, type DemoDatabase } from '../support/worlds/planted-demo.ts';
import { range, versionsOf, watchBalance } from './watch.ts';

const CALLS = 10;
const CHANGES_PER_CALL = 100;
const CHANGES = CALLS * CHANGES_PER_CALL;
/** Each uses other field names, so that no answer is shared. */
const STALLED_OPERATIONS = 40;
const MEMO = 'm'.repeat(500);
const MEMOS_PER_EVENT = 40;

let database: DemoDatabase;
let server: ServerProcess;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  database = await createDemoDatabase();
  server = await startProcess(database.url);
  ({ client } = server);
  ({ demo } = database);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to move');
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database.drop();
});

/** Events of 20 kB: all events for all these operations are 800 MB. */
function hungry(name: number): string {
  const memos = range(1, MEMOS_PER_EVENT).map((number) => `m${name}x${number}: memo`);
  return `subscription { event: balanceChanged { version entry { transfer { ${memos.join(' ')} } } } }`;
}

/** A socket whose frames are counted by operation while it is read. */
class Reader {
  readonly versions = new Map<string, number[]>();
  readonly #socket: WebSocket;
  closed: number | null = null;

  constructor(url: string, token: string, operations: readonly string[]) {
    this.#socket = new WebSocket(url, 'graphql-transport-ws');
    this.#socket.on('close', (code) => {
      this.closed = code;
    });
    this.#socket.on('open', () => this.#send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    this.#socket.on('message', (data) => {
      const { id, payload, type } = JSON.parse(String(data));
      if (type === 'connection_ack')
        for (const [index, query] of operations.entries()) this.#send({ type: 'subscribe', id: String(index), payload: { query } });
      if (type === 'next') this.versions.set(id, [...(this.versions.get(id) ?? []), payload.data.event.version]);
    });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Stops reading from the network. */
  stall(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Bytes of the server's objects and buffers. */
async function memory(): Promise<number> {
  const text = await (await fetch(`${client.origin}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes');
}

test('readers that stop cost the server bounded memory and nobody a change, and one that reads again misses nothing', async () => {
  const [stalled, later] = [
    new Reader(client.socketUrl, demo.root.token, range(1, STALLED_OPERATIONS).map(hungry)),
    new Reader(client.socketUrl, demo.root.token, [hungry(0)]),
  ];
  await until(() => stalled.versions.size === STALLED_OPERATIONS && later.versions.size === 1);
  stalled.stall();
  later.stall();
  const before = await memory();
  const socket = client.socket(demo.root.token);
  const healthy = watchBalance(socket);
  const { version } = await healthy.next();

  const read = healthy.take(CHANGES);
  for (const call of range(1, CALLS)) {
    const transfers = range(1, CHANGES_PER_CALL).map((number) => ({
      toResellerId: demo.ana.id,
      amount: 1,
      memo: MEMO,
      idempotencyKey: `${call} ${number}`,
    }));
    await client.data(
      demo.root.token,
      'mutation ($input: TransferCreditsBatchInput!) { transferCreditsBatch(input: $input) { __typename } }',
      { input: { transfers } },
    );
  }
  expect(versionsOf(await read)).toEqual(range(version + 1, version + CHANGES));
  expect((await memory()) - before).toBeLessThan(150_000_000);

  later.resume();
  await until(() => later.closed !== null || later.versions.get('0')?.at(-1) === version + CHANGES);
  expect(later.closed).toBeNull();
  expect(later.versions.get('0')).toEqual(range(version, version + CHANGES));
  expect(await client.query(demo.platform, '{ ledgerHealth { ok } }')).toEqual({ ledgerHealth: { ok: true } });
  for (const reader of [stalled, later]) reader.terminate();
  await socket.dispose();
});
