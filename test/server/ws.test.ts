import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PATIENCE_MS, until } from '../support/until.ts';
import { overSocket, RawSocket } from './sockets.ts';
import { bearer, serve } from './world.ts';

const TICKS = 'subscription { ticks(count: 2) }';
const codeOf = (error: unknown) => (Array.isArray(error) ? error[0]?.extensions?.code : undefined);

test('queries, mutations and subscriptions work over a socket, with the token in connectionParams in any case', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const { wsUrl } = running;
  const credentials = { AuthoriZation: 'Bearer token' };
  expect(await overSocket(wsUrl, { query: TICKS }, credentials)).toEqual({ results: [{ data: { ticks: 1 } }, { data: { ticks: 2 } }] });
  expect(await overSocket(wsUrl, { query: '{ me { name } }' }, credentials)).toEqual({
    results: [{ data: { me: { name: 'user-token' } } }],
  });
  const transfer = 'mutation ($input: TransferInput!) { transfer(input: $input) { __typename } }';
  expect(await overSocket(wsUrl, { query: transfer, variables: { input: { to: 'x', amount: 1 } } }, credentials)).toEqual({
    results: [{ data: { transfer: { __typename: 'Panel' } } }],
  });
});

test('the session cookie opens a socket for the own site and for allowed ones, and for no other', async () => {
  await using running = await serve({}, { corsOrigins: ['https://panel.example.test'] });
  running.world.signedIn('token');
  const cookie = 'other=1; revenda_session=token';
  for (const origin of [undefined, running.url.replace('/graphql', ''), 'https://panel.example.test']) {
    const socket = await (await new RawSocket(running.wsUrl, { cookie, ...(origin && { origin }) }).open()).init();
    socket.subscribe('1', TICKS);
    await socket.until(() => socket.of('1').length === 3);
    expect(socket.of('1').at(-1)?.type).toBe('complete');
    socket.socket.terminate();
  }
  const foreign = await (await new RawSocket(running.wsUrl, { cookie, origin: 'https://evil.example.test' }).open()).init();
  foreign.subscribe('1', TICKS);
  await foreign.until(() => foreign.of('1').length === 1);
  expect(codeOf(foreign.of('1')[0]?.payload)).toBe('UNAUTHENTICATED');
  foreign.socket.terminate();
});

test('the token of a subscribe message counts for its operation, as GraphiQL sends it', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const extensions = { headers: { Authorization: 'Bearer token' } };
  expect(await overSocket(running.wsUrl, { query: TICKS, extensions })).toMatchObject({ results: [{}, {}] });
});

test('without credentials the connection is acknowledged, and only the operation is refused', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init();
  socket.subscribe('1', TICKS);
  await socket.until(() => socket.of('1').length > 0);
  expect(socket.of('1')).toMatchObject([{ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
  socket.subscribe('2', TICKS, { extensions: { headers: { authorization: 'Bearer token' } } });
  await socket.until(() => socket.of('2').length === 3);
  expect(socket.closed).toBeNull();
  socket.socket.terminate();
});

test('invalid credentials close the socket with 4403, wherever they are sent', async () => {
  await using running = await serve();
  for (const payload of [{ authorization: 'Bearer nobody' }, { authorization: 'Basic x' }, { authorization: 7 }]) {
    const socket = await (await new RawSocket(running.wsUrl).open()).init(payload);
    expect(socket.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  }
  const withCookie = await (await new RawSocket(running.wsUrl, { cookie: 'revenda_session=nobody' }).open()).init();
  expect(withCookie.closed?.code).toBe(4403);
  const socket = await (await new RawSocket(running.wsUrl).open()).init();
  socket.subscribe('1', TICKS, { extensions: { headers: bearer('nobody') } });
  await socket.until(() => socket.closed !== null);
  expect(socket.closed?.code).toBe(4403);
});

test('a refused document ends its operation and no other', async () => {
  await using running = await serve({ documentAliases: 5 });
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  socket.subscribe('live', 'subscription { never }');
  const refused: Record<string, [string, string]> = {
    syntax: ['{', 'GRAPHQL_PARSE_FAILED'],
    unknown: ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    value: ['{ echo(value: -1) }', 'BAD_USER_INPUT'],
    aliases: ['{ a:text b:text c:text d:text e:text f:text }', 'LIMIT_EXCEEDED'],
    name: ['query A { text } query B { text }', 'OPERATION_RESOLUTION_FAILURE'],
    source: ['subscription { fails(after: 0) }', 'NOT_FOUND'],
  };
  for (const [id, [query]] of Object.entries(refused)) socket.subscribe(id, query);
  socket.subscribe('variable', 'query ($v: Credits!) { echo(value: $v) }', { variables: { v: 1.5 } });
  await socket.until(() => socket.frames.length === 2 + Object.keys(refused).length);
  for (const [id, [, code]] of Object.entries(refused)) {
    expect(socket.of(id), id).toMatchObject([{ type: 'error', payload: [{ extensions: { code } }] }]);
  }
  expect(socket.of('variable')).toMatchObject([{ type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT', path: 'value' } }] }]);
  expect(socket.of('live')).toEqual([]);
  expect(running.world.openStreams).toBe(1);
  socket.socket.terminate();
  await once(running.world.events, 'stream ended');
});

test('an error that an iterator throws ends its operation with its code, after earlier results', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  socket.subscribe('1', 'subscription { fails(after: 2) }');
  await socket.until(() => socket.of('1').length === 3);
  expect(socket.of('1').map(({ type }) => type)).toEqual(['next', 'next', 'error']);
  expect(codeOf(socket.of('1')[2]?.payload)).toBe('NOT_FOUND');
  socket.subscribe('1', TICKS);
  await socket.until(() => socket.of('1').length === 6);
  expect(socket.closed).toBeNull();
  socket.socket.terminate();
});

test('an operation that finds its session ended closes the socket with 4403 instead of ending alone', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  for (const after of [0, 2]) {
    const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
    socket.subscribe('other', 'subscription { never }');
    socket.subscribe('1', `subscription { fails(after: ${after}, how: "signed out") }`);
    await socket.until(() => socket.closed !== null);
    expect(socket.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    expect(socket.of('1').map(({ type }) => type)).toEqual(Array.from({ length: after }, () => 'next'));
  }
  await until(() => running.world.openStreams === 0);
});

test('a client that completes an operation ends its iterator, and one that disconnects ends all of its own', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  for (const id of ['1', '2', '3']) socket.subscribe(id, 'subscription { never }');
  await until(() => running.world.openStreams === 3);
  socket.send({ id: '1', type: 'complete' });
  await once(running.world.events, 'stream ended');
  expect(running.world.openStreams).toBe(2);
  socket.socket.terminate();
  await until(() => running.world.openStreams === 0);
});

test('a subscribe before the acknowledgement closes with 4401, and a silent connection with 4408', async () => {
  await using patient = await serve();
  const early = await new RawSocket(patient.wsUrl).open();
  early.subscribe('1', TICKS);
  await early.until(() => early.closed !== null);
  expect(early.closed?.code).toBe(4401);
  await using running = await serve({ connectionInitTimeoutMs: 50 });
  const silent = await new RawSocket(running.wsUrl).open();
  await silent.until(() => silent.closed !== null);
  expect(silent.closed?.code).toBe(4408);
});

test('a socket has a bounded number of operations, and the next one is refused alone', async () => {
  await using running = await serve({ operationsPerSocket: 3 });
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  for (const id of ['1', '2', '3', '4']) socket.subscribe(id, 'subscription { never }');
  await socket.until(() => socket.of('4').length > 0);
  expect(socket.of('4')).toMatchObject([{ type: 'error', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] }]);
  socket.send({ id: '1', type: 'complete' });
  await once(running.world.events, 'stream ended');
  socket.subscribe('5', TICKS);
  await socket.until(() => socket.of('5').length === 3);
  socket.socket.terminate();
});

test('an address has a bounded number of sockets, and gets another when one closes', async () => {
  await using running = await serve({ socketsPerAddress: 2 });
  const sockets = [await new RawSocket(running.wsUrl).open(), await new RawSocket(running.wsUrl).open()];
  await expect(new RawSocket(running.wsUrl).open()).rejects.toThrow('429');
  sockets[0]?.socket.terminate();
  const third = await until(() =>
    new RawSocket(running.wsUrl).open().then(
      (socket) => socket,
      () => false as const,
    ),
  );
  for (const socket of [...sockets, third]) socket.socket.terminate();
});

test('a reader that stops costs a bounded amount, harms nobody, and loses nothing', async () => {
  const socketBufferBytes = 100_000;
  const bytes = 50_000;
  await using running = await serve({ socketBufferBytes });
  running.world.signedIn('token');
  const stalled = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  stalled.socket.pause();
  stalled.subscribe('1', 'subscription F($bytes: Int!) { flood(bytes: $bytes) }', { variables: { bytes } });
  // What both kernels buffer before the server has to wait; then no more events are produced.
  const made = await until(async () => {
    const before = running.world.flooded;
    for (let time = 0; time < 3; time += 1) await overSocket(running.wsUrl, { query: TICKS }, bearer('token'));
    return before > 2 && running.world.flooded === before && before;
  });
  expect(await overSocket(running.wsUrl, { query: '{ me { name } }' }, bearer('token'))).toMatchObject({ results: [{}] });
  expect(running.world.flooded).toBe(made);
  stalled.socket.resume();
  await until(() => stalled.of('1').length > made);
  expect(running.world.flooded).toBeGreaterThan(made);
  stalled.socket.terminate();
});

test('a socket that neither reads nor answers is dropped after the configured time', async () => {
  await using running = await serve({ pingIntervalMs: 20, stalledSocketMs: 1_000 });
  running.world.signedIn('token');
  const healthy = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  const dead = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  dead.subscribe('1', 'subscription { never }');
  await until(() => running.world.openStreams === 1);
  // A pause of the server itself is not the silence of its clients. After it, timers fire before sockets are read.
  await setImmediate();
  const pausedUntilMs = performance.now() + 1_100;
  while (performance.now() < pausedUntilMs);
  await overSocket(running.wsUrl, { query: TICKS }, bearer('token'));
  expect([healthy.closed, running.world.openStreams]).toEqual([null, 1]);
  dead.socket.pause();
  await until(() => running.world.openStreams === 0);
  expect(healthy.closed).toBeNull();
  healthy.socket.terminate();
  dead.socket.terminate();
});

test('the end of a session closes its sockets with 4403, by a hint at once and by the check without one', async () => {
  await using running = await serve({ sessionRecheckMs: 30 });
  running.world.signedIn('a');
  running.world.signedIn('b');
  running.world.signedIn('c');
  const [a, b, c] = await Promise.all(
    ['a', 'b', 'c'].map(async (token) => (await new RawSocket(running.wsUrl).open()).init(bearer(token))),
  );
  running.world.end('a');
  await a?.until(() => a.closed !== null);
  expect(a?.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  running.world.actors.delete('b');
  await b?.until(() => b.closed !== null);
  expect(b?.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  c?.subscribe('1', TICKS);
  await c?.until(() => c.of('1').length === 3);
  c?.socket.terminate();
});

test('when the check of open sessions fails, sockets stay open, and the next check is made', async () => {
  let asked = 0;
  await using running = await serve(
    { sessionRecheckMs: 10 },
    {
      stillValid: async () => {
        asked += 1;
        throw new Error('no database');
      },
    },
  );
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  await until(() => asked > 3);
  expect(socket.closed).toBeNull();
  socket.socket.terminate();
});

test('a drain finishes accepted mutations, then closes with 1001; sockets that only listen close at once', async () => {
  const running = await serve({ drainMs: PATIENCE_MS });
  running.world.signedIn('token');
  const busy = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  const idle = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  idle.subscribe('1', 'subscription { never }');
  busy.subscribe('1', 'mutation { held }');
  await once(running.world.events, 'held');
  const closed = running.server.close();
  await idle.until(() => idle.closed !== null);
  expect(idle.closed).toEqual({ code: 1001, reason: 'Going away' });
  expect(busy.closed).toBeNull();
  busy.subscribe('2', '{ text }');
  await busy.until(() => busy.of('2').length > 0);
  expect(codeOf(busy.of('2')[0]?.payload)).toBe('OVERLOADED');
  running.world.letGo();
  await busy.until(() => busy.closed !== null);
  expect(busy.of('1').map(({ type }) => type)).toEqual(['next', 'complete']);
  expect(busy.closed?.code).toBe(1001);
  await closed;
  expect(running.world.openStreams).toBe(0);
});

test('a client that disconnects does not cancel its mutation', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  socket.subscribe('1', 'mutation { held }');
  await once(running.world.events, 'held');
  socket.socket.terminate();
  running.world.letGo();
  await until(() => running.world.executed.includes('held'));
});

test('subscribers with equal documents and rights share one execution of a change, and nobody else does', async () => {
  await using running = await serve();
  running.world.signedIn('a');
  running.world.signedIn('b');
  const twice = 'subscription ($times: Int!) { shared(times: $times) }';
  const open = async (token: string) => (await new RawSocket(running.wsUrl).open()).init(bearer(token));
  const sockets = [await open('a'), await open('a'), await open('b')];
  for (const socket of sockets) {
    for (const id of ['1', '2']) socket.subscribe(id, 'subscription { shared }');
    socket.subscribe('3', twice, { variables: { times: 2 } });
  }
  await until(() => running.world.events.listenerCount('shared') === 9);
  for (const value of [5, 6]) running.world.events.emit('shared', { value });
  for (const socket of sockets) {
    await socket.until(() => ['1', '2', '3'].every((id) => socket.of(id).length === 2));
    expect(socket.of('1').map(({ payload }) => payload)).toEqual([{ data: { shared: 5 } }, { data: { shared: 6 } }]);
    expect(socket.of('2').map(({ payload }) => payload)).toEqual([{ data: { shared: 5 } }, { data: { shared: 6 } }]);
    expect(socket.of('3').map(({ payload }) => payload)).toEqual([{ data: { shared: 10 } }, { data: { shared: 12 } }]);
  }
  const each = ['for panel-a times 1', 'for panel-a times 2', 'for panel-b times 1', 'for panel-b times 2'];
  expect(running.world.executed.toSorted()).toEqual([...each, ...each].toSorted());
  for (const socket of sockets) socket.socket.terminate();
  await until(() => running.world.events.listenerCount('shared') === 0);
});
