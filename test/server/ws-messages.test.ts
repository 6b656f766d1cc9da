import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { overSocket, RawSocket } from './sockets.ts';
import { bearer, post, serve } from './world.ts';

const TICKS = 'subscription { ticks(count: 2) }';
const codeOf = (error: unknown) => (Array.isArray(error) ? error[0]?.extensions?.code : undefined);

test('messages that are too large, too many or not messages close the socket, and the server serves on', async () => {
  await using running = await serve({ largeBodyBytes: 10_000, messagesPerSecond: 20 });
  running.world.signedIn('token');
  const large = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  large.subscribe('1', `{ text } # ${'x'.repeat(10_000)}`);
  await large.until(() => large.closed !== null);
  expect(large.closed?.code).toBe(1009);
  const many = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  for (let count = 0; count < 30; count += 1) many.send({ type: 'ping' });
  await many.until(() => many.closed !== null);
  expect(many.closed?.code).toBe(1008);
  const deep = `{"type":"ping","payload":{"a":${'['.repeat(4_500)}${']'.repeat(4_500)}}}`;
  const longId = JSON.stringify({ type: 'subscribe', id: 'x'.repeat(1_001), payload: { query: TICKS } });
  for (const message of [
    deep,
    longId,
    '{',
    '[]',
    '{"type":"other"}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","id":"1","payload":{"query":7}}',
  ]) {
    const bad = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
    bad.send(message);
    await bad.until(() => bad.closed !== null);
    expect(bad.closed?.code, message).toBe(4400);
  }
  expect(await overSocket(running.wsUrl, { query: TICKS }, bearer('token'))).toMatchObject({ results: [{}, {}] });
});

test('control frames count as messages, and a caller without a session may send less', async () => {
  await using running = await serve({ bodyBytes: 1_000, largeBodyBytes: 10_000, messagesPerSecond: 20 });
  running.world.signedIn('token');
  const pings = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  for (let count = 0; count < 30; count += 1) pings.socket.ping();
  await pings.until(() => pings.closed !== null);
  expect(pings.closed).toEqual({ code: 1008, reason: 'Too many messages' });
  const message = { type: 'ping', payload: { text: 'x'.repeat(1_500) } };
  const known = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  known.send(message);
  await known.until(() => known.frames.length === 2);
  const nobody = await (await new RawSocket(running.wsUrl).open()).init();
  nobody.send(message);
  await nobody.until(() => nobody.closed !== null);
  expect(nobody.closed?.code).toBe(1009);
  known.socket.terminate();
});

test('bytes of unfinished messages on all sockets share the limit of request bodies', async () => {
  await using running = await serve({ pendingBodyBytes: 20_000 });
  running.world.signedIn('token');
  const [first, second] = [await new RawSocket(running.wsUrl).open(), await new RawSocket(running.wsUrl).open()];
  const part = 'x'.repeat(12_000);
  first.socket.send(part, { fin: false });
  second.socket.send(part, { fin: false });
  const closed = () => [first, second].filter((socket) => socket.closed !== null);
  await Promise.race([first.until(() => first.closed !== null), second.until(() => second.closed !== null)]);
  expect(closed().map((socket) => socket.closed)).toEqual([{ code: 1013, reason: 'Try again later' }]);
  first.socket.terminate();
  second.socket.terminate();
  await until(async () => (await post(running.url, { query: `{ text } # ${part}` }, bearer('token'))).status === 200);
});

test("a message must end within a request's time, whatever is sent meanwhile", async () => {
  await using running = await serve({ headersTimeoutMs: 50, requestTimeoutMs: 50, pingIntervalMs: 30 });
  running.world.signedIn('token');
  // The time of the handshake may be over as well; then it is tried again.
  const opened = () =>
    until(() =>
      new RawSocket(running.wsUrl)
        .open()
        .then((socket) => socket.init(bearer('token')))
        .catch(() => undefined),
    );
  const [idle, slow] = [await opened(), await opened()];
  slow.socket.send('{', { fin: false });
  await slow.until(() => slow.closed !== null);
  expect(slow.closed).toEqual({ code: 1008, reason: 'A message took too long' });
  expect(idle.closed).toBeNull();
  idle.socket.terminate();
});

test('a message above 100 kB is refused unless it is a batch of transfers', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const item = { to: 'x'.repeat(200), amount: 1 };
  const variables = { input: Array.from({ length: 1000 }, () => item) };
  const batch = 'mutation ($input: [TransferInput!]!) { transferCreditsBatch(input: $input) }';
  expect(await overSocket(running.wsUrl, { query: batch, variables }, bearer('token'))).toEqual({
    results: [{ data: { transferCreditsBatch: 1000 } }],
  });
  const other = await overSocket(
    running.wsUrl,
    { query: 'query ($input: String) { text(value: $input) }', variables: { input: 'x'.repeat(200_000) } },
    bearer('token'),
  );
  expect(codeOf(other.error)).toBe('LIMIT_EXCEEDED');
});
