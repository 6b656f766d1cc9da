import { once } from 'node:events';
import { connect } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServerSocket, type SocketEvents } from '../../src/server/websocket/server-socket.ts';
import { BINARY, CLOSE, CONTINUATION, closeFrameOf, frameOf, PING, PONG, TEXT } from './frames.ts';
import { serve } from './world.ts';

const MAX_BYTES = 1_000;
const MAX_FRAMES = 30_000;

/** A server's end with its events, and the client's end of the connection. */
class Pair implements SocketEvents<string> {
  readonly messages: string[] = [];
  frames = 0;
  heldBytes = 0;
  mayHold = true;
  problems: string[] = [];
  isClosed = false;
  readonly socket: ServerSocket<string>;
  readonly far: Duplex;
  readonly near: Duplex;
  /** Bytes that the server sent. */
  answered = Buffer.alloc(0);

  constructor(head = Buffer.alloc(0)) {
    [this.near, this.far] = duplexPair();
    this.far.on('data', (chunk: Buffer) => {
      this.answered = Buffer.concat([this.answered, chunk]);
    });
    this.socket = new ServerSocket(this.near, 'client', this);
    this.socket.begin(head);
  }

  frame(): boolean {
    this.frames += 1;
    return this.frames <= MAX_FRAMES;
  }

  message(_client: string, text: string, bytes: number): void {
    expect(Buffer.byteLength(text)).toBe(bytes);
    if (text === 'a bug') throw new Error('found by a message');
    this.messages.push(text);
  }

  mostBytes(): number {
    return MAX_BYTES;
  }

  holds(_client: string, bytes: number): boolean {
    this.heldBytes += bytes;
    return this.mayHold;
  }

  failed(_client: string, why: string): void {
    this.problems.push(why);
  }

  threw(_client: string, error: unknown): void {
    this.problems.push(String(error));
  }

  closed(): void {
    this.isClosed = true;
  }

  async send(bytes: Buffer): Promise<void> {
    await new Promise((resolve) => this.far.write(bytes, resolve));
  }

  /** Waits until the connection has ended on both sides. */
  async ended(): Promise<void> {
    if (!this.far.readableEnded) await once(this.far, 'end');
    this.far.end();
    if (!this.isClosed) await once(this.near, 'close');
  }

  /** The code in the close frame, the last thing the server sent; null if it has none. */
  closeCode(): number | null {
    const at = this.answered.lastIndexOf(0x88);
    return this.answered[at + 1] === 0 ? null : this.answered.readUInt16BE(at + 2);
  }
}

test('messages arrive whole and in order, however they are cut into frames and the frames into pieces', async () => {
  const message = fc.record({
    text: fc.string({ unit: 'grapheme', maxLength: 60 }),
    cuts: fc.array(fc.nat({ max: 300 }), { maxLength: 4 }),
    pingBetween: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      async (sent, pieces) => {
        const pair = new Pair();
        const frames = sent.flatMap(({ cuts, pingBetween, text }) => {
          const bytes = Buffer.from(text);
          const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          return ends.flatMap((end, index) => [
            frameOf(index === 0 ? TEXT : CONTINUATION, bytes.subarray(ends[index - 1] ?? 0, end), { isFinal: index === ends.length - 1 }),
            ...(pingBetween ? [frameOf(PING, 'still there?')] : []),
          ]);
        });
        const all = Buffer.concat([...frames, closeFrameOf(1000)]);
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = pieces[turn % pieces.length] ?? 1;
          await pair.send(all.subarray(at, at + size));
          at += size;
        }
        await pair.ended();
        expect(pair.messages).toEqual(sent.map(({ text }) => text));
        expect(pair.problems).toEqual([]);
        expect(pair.closeCode()).toBe(1000);
      },
    ),
    { numRuns: 60 },
  );
});

test('bytes that came with the handshake are read first', async () => {
  const [first, second] = [frameOf(TEXT, 'first'), frameOf(TEXT, 'second')];
  const pair = new Pair(Buffer.concat([first, second.subarray(0, 3)]));
  await pair.send(Buffer.concat([second.subarray(3), closeFrameOf(null)]));
  await pair.ended();
  expect(pair.messages).toEqual(['first', 'second']);
  expect(pair.closeCode()).toBeNull();
});

test('a message may have the allowed number of bytes and not one more, whole or in parts', async () => {
  const fits = new Pair();
  await fits.send(Buffer.concat([frameOf(TEXT, 'x'.repeat(MAX_BYTES)), frameOf(BINARY, 'y'.repeat(MAX_BYTES)), closeFrameOf(1001)]));
  await fits.ended();
  expect(fits.messages.map(({ length }) => length)).toEqual([MAX_BYTES, MAX_BYTES]);
  expect(fits.closeCode()).toBe(1001);
  const tooLarge = {
    whole: frameOf(TEXT, 'x'.repeat(MAX_BYTES + 1)),
    'in parts': Buffer.concat([frameOf(TEXT, 'x'.repeat(MAX_BYTES), { isFinal: false }), frameOf(CONTINUATION, 'x')]),
    // The payloads are never sent: the announced length is enough.
    'announced in two bytes': Buffer.from([0x81, 0xfe, 0x03, 0xe9, 0, 0, 0, 0]),
    'announced in eight bytes': Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
  };
  for (const [name, bytes] of Object.entries(tooLarge)) {
    const pair = new Pair();
    await pair.send(bytes);
    await pair.ended();
    expect([pair.closeCode(), pair.messages, pair.problems], name).toEqual([1009, [], ['a message is too large']]);
  }
});

const MASK = Buffer.alloc(4);
const BROKEN: Record<string, [number, Buffer]> = {
  'not masked': [1002, Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
  'the first reserved bit': [1002, Buffer.concat([Buffer.from([0xc1, 0x80]), MASK])],
  'the second reserved bit': [1002, Buffer.concat([Buffer.from([0xa1, 0x80]), MASK])],
  'the third reserved bit': [1002, Buffer.concat([Buffer.from([0x91, 0x80]), MASK])],
  'a kind of message that is not known': [1002, frameOf(0x3, '')],
  'a kind of control frame that is not known': [1002, frameOf(0xb, '')],
  'a rest of nothing': [1002, frameOf(CONTINUATION, 'x')],
  'a message inside another': [1002, Buffer.concat([frameOf(TEXT, 'x', { isFinal: false }), frameOf(TEXT, 'y')])],
  'a ping in parts': [1002, frameOf(PING, 'x', { isFinal: false })],
  'a ping of 126 bytes': [1002, frameOf(PING, 'x'.repeat(126))],
  'a close of one byte': [1002, frameOf(CLOSE, 'x')],
  'a close with a code nobody may send': [1002, closeFrameOf(1005)],
  'a close with a code of no range': [1002, closeFrameOf(2999)],
  'a close with a reason that is not UTF-8': [1007, closeFrameOf(1000, Buffer.from([0xc3, 0x28]))],
  'a text that is not UTF-8': [1007, frameOf(TEXT, Buffer.from([0xc3, 0x28]))],
  'a character cut off': [
    1007,
    Buffer.concat([frameOf(TEXT, Buffer.from([0xf0, 0x9f]), { isFinal: false }), frameOf(CONTINUATION, Buffer.from([0x98]))]),
  ],
};

test.each(Object.entries(BROKEN))('%s closes the socket, and nothing more is read', async (_name, [code, bytes]) => {
  const pair = new Pair();
  await pair.send(Buffer.concat([frameOf(TEXT, 'before'), bytes, frameOf(TEXT, 'after')]));
  await pair.ended();
  expect(pair.closeCode()).toBe(code);
  expect(pair.messages).toEqual(['before']);
  expect(pair.problems).toHaveLength(1);
  expect(pair.socket.isOpen).toBe(false);
});

test('a close is answered with its code, and our own close waits for the answer', async () => {
  for (const code of [1000, 1014, 3000, 4999]) {
    const theirs = new Pair();
    await theirs.send(closeFrameOf(code, 'because'));
    await theirs.ended();
    expect(theirs.closeCode()).toBe(code);
  }
  const ours = new Pair();
  ours.socket.close(4403, 'Forbidden');
  expect(ours.socket.isOpen).toBe(false);
  await ours.send(frameOf(TEXT, 'sent before the close was read'));
  expect(ours.near.writableEnded).toBe(false);
  await ours.send(closeFrameOf(4403));
  await ours.ended();
  expect(ours.answered).toEqual(Buffer.concat([Buffer.from([0x88, 11, 0x11, 0x33]), Buffer.from('Forbidden')]));
  expect(ours.messages).toEqual([]);
});

test('a connection that ends without a close is closed, and a lost one reports why', async () => {
  const halves = new Pair();
  halves.far.end();
  await halves.ended();
  expect([halves.socket.isOpen, halves.isClosed, halves.problems]).toEqual([false, true, []]);
  const lost = new Pair();
  const gone = new Promise((resolve) => lost.near.on('close', resolve));
  lost.near.destroy(new Error('the cable'));
  await gone;
  expect([lost.socket.isOpen, lost.isClosed, lost.problems]).toEqual([false, true, ['the cable']]);
});

test('a ping is answered with its payload; of many in one piece only the last is answered', async () => {
  const pair = new Pair();
  await pair.send(frameOf(PING, 'one'));
  await pair.send(Buffer.concat([frameOf(PING, 'two'), frameOf(PONG, ''), frameOf(PING, '')]));
  await pair.send(closeFrameOf(1000));
  await pair.ended();
  const pongs = Buffer.concat([Buffer.from([0x8a, 3]), Buffer.from('one'), Buffer.from([0x8a, 0])]);
  expect(pair.answered.subarray(0, pongs.length + 1)).toEqual(Buffer.concat([pongs, Buffer.from([0x88])]));
});

test('a client that pings and reads nothing is answered once it reads', async () => {
  const stalled = new Pair();
  stalled.far.pause();
  const pings = Buffer.concat(Array.from({ length: 10 }, () => frameOf(PING, 'x'.repeat(125))));
  for (let time = 0; time < 2_000; time += 1) await stalled.send(pings);
  expect(stalled.frames).toBe(20_000);
  expect(stalled.near.writableLength).toBeLessThan(200_000);
  await stalled.send(frameOf(PING, 'last'));
  stalled.far.resume();
  while (!stalled.answered.includes('last')) await once(stalled.far, 'data');
});

test('more frames than allowed, of any kind, close with 1008', async () => {
  const pair = new Pair();
  const parts = Buffer.concat(Array.from({ length: MAX_FRAMES }, () => frameOf(CONTINUATION, '', { isFinal: false })));
  await pair.send(Buffer.concat([frameOf(TEXT, '', { isFinal: false }), parts]));
  await pair.ended();
  expect([pair.closeCode(), pair.frames, pair.heldBytes]).toEqual([1008, MAX_FRAMES + 1, 0]);
});

test('bytes held for unfinished frames and messages are reported, and released', async () => {
  const half = frameOf(TEXT, 'x'.repeat(800)).subarray(0, 700);
  const gone = new Pair();
  await gone.send(
    Buffer.concat([frameOf(TEXT, 'y'.repeat(300), { isFinal: false }), frameOf(CONTINUATION, 'z'.repeat(600)).subarray(0, 500)]),
  );
  expect(gone.heldBytes).toBeGreaterThanOrEqual(800);
  gone.far.destroy();
  await once(gone.near, 'close');
  expect(gone.heldBytes).toBe(0);
  const tooMuch = new Pair();
  tooMuch.mayHold = false;
  await tooMuch.send(half);
  await tooMuch.ended();
  expect([tooMuch.closeCode(), tooMuch.heldBytes]).toEqual([1013, 0]);
});

test('a message that causes a bug ends its own socket, and nothing else', async () => {
  const pair = new Pair();
  await pair.send(Buffer.concat([frameOf(TEXT, 'before'), frameOf(TEXT, 'a bug'), frameOf(TEXT, 'after')]));
  await pair.ended();
  expect([pair.closeCode(), pair.messages, pair.problems]).toEqual([1011, ['before'], ['Error: found by a message', 'an internal error']]);
});

const HANDSHAKE: Record<string, string> = {
  Host: 'x',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': 'graphql-transport-ws',
};

/** The server's answer to a handshake, until it is accepted or the connection ends. */
async function shake(wsUrl: string, changes: Record<string, string | null>, line = 'GET /graphql HTTP/1.1'): Promise<string> {
  const headers = Object.entries({ ...HANDSHAKE, ...changes }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  const socket = connect(Number(new URL(wsUrl).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (text.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  socket.write(`${line}\r\n${headers.join('')}\r\n`);
  await once(socket, 'close');
  return text;
}

test('a handshake is accepted as in RFC 6455, and any other is refused with a status that says why', async () => {
  await using running = await serve();
  const agreed = await shake(running.wsUrl, { Upgrade: 'WebSocket', 'Sec-WebSocket-Protocol': 'graphql-ws, graphql-transport-ws' });
  // The key and its answer are the RFC's own (1.3).
  expect(agreed.split('\r\n').slice(0, 5)).toEqual([
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
  ]);
  expect(await shake(running.wsUrl, { 'Sec-WebSocket-Protocol': 'graphql-ws' })).not.toMatch(/sec-websocket-protocol/i);
  const refused: [string, Record<string, string | null>, string?][] = [
    ['400 Bad Request', { 'Sec-WebSocket-Key': null }],
    ['400 Bad Request', { 'Sec-WebSocket-Key': 'short' }],
    ['400 Bad Request', { 'Sec-WebSocket-Protocol': 'graphql-transport-ws,,' }],
    ['405 Method Not Allowed', {}, 'PUT /graphql HTTP/1.1'],
    ['404 Not Found', {}, 'GET /other HTTP/1.1'],
  ];
  for (const [status, changes, line] of refused) expect(await shake(running.wsUrl, changes, line)).toContain(`HTTP/1.1 ${status}\r\n`);
  const old = await shake(running.wsUrl, { 'Sec-WebSocket-Version': '8' });
  expect(old).toContain('HTTP/1.1 426 Upgrade Required\r\n');
  expect(old).toContain('Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n');
});

test('a refused handshake leaves no connection open, even if the client keeps its half open', async () => {
  await using running = await serve();
  const connections = () => new Promise<number>((resolve) => running.server.server.getConnections((_error, count) => resolve(count)));
  const socket = connect({ port: Number(new URL(running.wsUrl).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  socket.write(
    `GET /other HTTP/1.1\r\n${Object.entries(HANDSHAKE)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );
  socket.resume();
  await once(socket, 'end');
  while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
});
