import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../support/until.ts';
import { RawSocket } from './sockets.ts';
import { bearer, type Running, serve } from './world.ts';

const TICKS = 'subscription { ticks(count: 2) }';

async function signedIn(running: Running): Promise<RawSocket> {
  running.world.signedIn('token');
  return (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
}

test('a second connection_init closes with 4429, acknowledged or not', async () => {
  await using running = await serve();
  const again = await (await new RawSocket(running.wsUrl).open()).init();
  again.send({ type: 'connection_init' });
  await again.until(() => again.closed !== null);
  expect(again.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
});

test('an id that is in use closes with 4409, however long it is', async () => {
  await using running = await serve();
  for (const id of ['1', 'ü'.repeat(300)]) {
    const socket = await signedIn(running);
    socket.subscribe(id, 'subscription { never }');
    socket.subscribe(id, '{ text }');
    await socket.until(() => socket.closed !== null);
    expect(socket.closed).toEqual({ code: 4409, reason: id === '1' ? 'Subscriber for 1 already exists' : 'Subscriber already exists' });
  }
  await until(() => running.world.openStreams === 0);
});

test('another subprotocol, or none, closes with 4406', async () => {
  await using running = await serve();
  const socket = new WebSocket(running.wsUrl);
  const [code, reason] = await once(socket, 'close');
  expect([code, String(reason)]).toEqual([4406, 'Subprotocol not acceptable']);
});

test('a message that only a server may send, or a wrong payload, closes with 4400', async () => {
  await using running = await serve();
  const bad = [
    { type: 'connection_ack' },
    { type: 'next', id: '1', payload: {} },
    { type: 'error', id: '1', payload: [] },
    { type: 'ping', payload: 7 },
    { type: 'pong', payload: [] },
    { type: 'complete' },
    { type: 'complete', id: '' },
    { type: 'subscribe', id: '', payload: { query: TICKS } },
    { type: 'subscribe', id: 1, payload: { query: TICKS } },
    { type: 'subscribe', id: '1', payload: { query: TICKS, variables: [] } },
    { type: 'subscribe', id: '1', payload: { query: TICKS, operationName: 7 } },
    { type: 'subscribe', id: '1', payload: { query: TICKS, extensions: 'x' } },
  ];
  for (const message of bad) {
    const socket = await signedIn(running);
    socket.send(message);
    await socket.until(() => socket.closed !== null);
    expect(socket.closed, JSON.stringify(message)).toEqual({ code: 4400, reason: 'Invalid message received' });
  }
});

test('a ping is answered with its payload, even before the acknowledgement; a pong is not answered', async () => {
  await using running = await serve();
  const socket = await new RawSocket(running.wsUrl).open();
  socket.send({ type: 'ping' });
  socket.send({ type: 'pong', payload: { late: true } });
  socket.send({ type: 'ping', payload: { sent: 1 } });
  await socket.init();
  expect(socket.frames).toEqual([{ type: 'pong' }, { type: 'pong', payload: { sent: 1 } }, { type: 'connection_ack' }]);
  socket.socket.terminate();
});

test('complete is the last message of an operation, and its id may then be used again', async () => {
  await using running = await serve();
  const socket = await signedIn(running);
  for (let time = 1; time <= 3; time += 1) {
    socket.subscribe('1', TICKS);
    await socket.until(() => socket.of('1').length === 3 * time);
  }
  socket.subscribe('1', '{ nothing }');
  await socket.until(() => socket.of('1').length === 10);
  socket.subscribe('1', '{ text }');
  await socket.until(() => socket.of('1').length === 12);
  const once = ['next', 'next', 'complete'];
  expect(socket.of('1').map(({ type }) => type)).toEqual([...once, ...once, ...once, 'error', 'next', 'complete']);
  expect(socket.closed).toBeNull();
  socket.socket.terminate();
});

test('a mutation that its client gives up runs to its end silently, and its id belongs to the next operation', async () => {
  await using running = await serve();
  const socket = await signedIn(running);
  const held = once(running.world.events, 'held');
  socket.subscribe('1', 'mutation { held }');
  await held;
  socket.send({ type: 'complete', id: '1' });
  socket.subscribe('1', 'subscription { never }');
  await until(() => running.world.openStreams === 1);
  running.world.letGo();
  await until(() => running.world.executed.includes('held'));
  socket.subscribe('2', TICKS);
  await socket.until(() => socket.of('2').length === 3);
  expect(socket.of('1')).toEqual([]);
  // The abandoned mutation does not end the other operation.
  expect(running.world.openStreams).toBe(1);
  socket.send({ type: 'complete', id: '1' });
  await until(() => running.world.openStreams === 0);
  socket.socket.terminate();
});

test('frames of every size arrive whole, with ids and texts outside ASCII', async () => {
  await using running = await serve();
  const socket = await signedIn(running);
  const around = (size: number) => [-3, -2, -1, 0, 1].map((off) => size + off);
  for (const size of [...around(126), ...around(65_536)]) {
    for (const letter of ['x', 'ü']) {
      const id = `"${letter}" ${size}`;
      const value = letter.repeat(Math.max(1, Math.ceil((size - 60) / Buffer.byteLength(letter))));
      socket.subscribe(id, 'query ($value: String) { text(value: $value) }', { variables: { value } });
      await socket.until(() => socket.of(id).length === 2);
      expect(socket.of(id)[0]).toEqual({ id, type: 'next', payload: { data: { text: value } } });
    }
  }
  socket.socket.terminate();
});

test('events collected between two turns of a socket are written together, in order, for every operation', async () => {
  await using running = await serve();
  const socket = await signedIn(running);
  for (const id of ['1', '2', 'another']) socket.subscribe(id, 'subscription { shared }');
  await until(() => running.world.events.listenerCount('shared') === 3);
  for (let value = 1; value <= 200; value += 1) running.world.events.emit('shared', { value });
  await socket.until(() => socket.frames.length === 1 + 3 * 200);
  const values = Array.from({ length: 200 }, (_, index) => ({ data: { shared: index + 1 } }));
  for (const id of ['1', '2', 'another']) expect(socket.of(id).map(({ payload }) => payload)).toEqual(values);
  socket.socket.terminate();
});

test('graphql-ws’ own client, with its keep-alive, gets its results and leaves nothing behind', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const pongs: boolean[] = [];
  const client = createClient({
    url: running.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: bearer('token'),
    keepAlive: 5,
    on: { pong: (received) => void pongs.push(received) },
  });
  const never = client.iterate({ query: 'subscription { never }' });
  const waiting = never.next();
  const ticks: unknown[] = [];
  for await (const { data } of client.iterate({ query: TICKS })) ticks.push(data);
  expect(ticks).toEqual([{ ticks: 1 }, { ticks: 2 }]);
  await expect(client.iterate({ query: '{ nothing }' }).next()).rejects.toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
  await until(() => pongs.includes(true));
  expect(running.world.openStreams).toBe(1);
  await never.return?.();
  await waiting;
  await until(() => running.world.openStreams === 0);
  await client.dispose();
});
