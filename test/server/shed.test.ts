import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { readyRefusal } from '../../src/server/http/exchange.ts';
import { createLoadShedder, type LoadShedderPorts, usualRequests } from '../../src/server/overload/valve.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

interface Behind {
  isCalm: boolean;
  isBusy: boolean;
  /** For reads and for requests without credentials. */
  hasRoom: boolean;
}

const LONGEST_TURNS = 10;

/** Some requests are answered later than the next one arrives. */
function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns === 0 ? then() : afterTurns(turns - 1, then)));
}

/** A server that reports the given load, and answers each request with its body, some turns later. */
async function serve(behind: Behind) {
  const reached: string[] = [];
  const senders: unknown[] = [];
  const guard: LoadShedderPorts['guard'] = {
    isCalm: () => behind.isCalm,
    isBusy: () => behind.isBusy,
    hasRoom: (kind) => kind !== 'mutation' && behind.hasRoom,
    refused: () => {},
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    shed.saw(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      reached.push(body);
      senders.push(request.headers['x-from']);
      afterTurns(body.length % LONGEST_TURNS, () => response.end(body));
    });
  };
  const server = createServer(
    { keepAliveTimeout: PATIENCE_MS, shouldUpgradeCallback: (request) => request.headers.upgrade === 'websocket' },
    onRequest,
  );
  const shed = createLoadShedder(server, { guard, isDraining: () => false, refusalText: readyRefusal(1).text });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    reached,
    senders,
    sockets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const post = (body: string, headers = 'authorization: Bearer x\r\n') =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
const mutation = (name: string) => post(`mutation ${name}`);

/** The answers in order of arrival: a body, or OVERLOADED. */
class Client {
  readonly socket: Socket;
  readonly answers: string[] = [];
  #text = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    this.socket.on('error', () => {});
    this.socket.on('data', (text: string) => this.#receive(text));
  }

  #receive(text: string): void {
    this.#text += text;
    for (;;) {
      const [head, status, length] = /^HTTP\/1\.1 (\d+).*?\r\ncontent-length: (\d+)(?=\r\n).*?\r\n\r\n/is.exec(this.#text) ?? [];
      if (head === undefined || this.#text.length < head.length + Number(length)) return;
      this.answers.push(status === '503' ? 'OVERLOADED' : this.#text.slice(head.length, head.length + Number(length)));
      this.#text = this.#text.slice(head.length + Number(length));
      this.socket.emit('answer');
    }
  }

  /** Sends the pieces one by one, each as its own segment where possible, and waits for this many answers in all. */
  async send(pieces: readonly string[], answers: number): Promise<readonly string[]> {
    for (const piece of pieces) await new Promise((sent) => this.socket.write(piece, 'latin1', sent));
    while (this.answers.length < answers) await once(this.socket, 'answer');
    return this.answers;
  }
}

const BUSY: Readonly<Behind> = { isCalm: false, isBusy: true, hasRoom: false };

test("while the server is busy requests are refused without reaching it, from a connection's second request on", async () => {
  await using served = await serve({ ...BUSY });
  const client = new Client(served.port);
  await client.send([mutation('a')], 1);
  expect(await client.send([mutation('b') + mutation('c') + mutation('d')], 4)).toEqual([
    'mutation a',
    'mutation b',
    'OVERLOADED',
    'OVERLOADED',
  ]);
  expect(served.reached).toEqual(['mutation a', 'mutation b']);
  client.socket.destroy();
});

test('a refusal has the code, a retry time and an id, and leaves the connection open', async () => {
  await using served = await serve({ ...BUSY });
  const socket = connect(served.port, '127.0.0.1').setEncoding('latin1');
  for (const name of ['a', 'b']) {
    socket.write(mutation(name));
    await once(socket, 'data');
  }
  socket.write(mutation('c'));
  const [text] = await once(socket, 'data');
  expect(text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\nx-request-id: [0-9a-f-]{36}\r\n/);
  expect(text).toMatch(/\r\nretry-after: 1\r\n/);
  const body = String(text).slice(String(text).indexOf('\r\n\r\n') + 4);
  expect(JSON.parse(body).errors[0].extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 1 });
  expect(Number(/content-length: (\d+)/.exec(text)?.[1])).toBe(Buffer.byteLength(body));
  socket.destroy();
});

test('reads, and requests without credentials, pass while they have room', async () => {
  await using served = await serve({ ...BUSY, hasRoom: true });
  const client = new Client(served.port);
  await client.send([mutation('a')], 1);
  await client.send([mutation('b')], 2);
  const pieces = [mutation('c'), post('{ viewer }'), mutation('d'), post('mutation signIn', '')];
  const answers = ['mutation a', 'mutation b', 'OVERLOADED', '{ viewer }', 'OVERLOADED', 'mutation signIn'];
  expect(await client.send([pieces.join('')], 6)).toEqual(answers);
  client.socket.destroy();
});

/** Requests that no shortcut may handle: each reaches the parser, in order. */
const unusual: Readonly<Record<string, string>> = {
  'a chunked body': 'POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'a browser of another site': post('mutation x', 'origin: https://else.test\r\ncookie: a=b\r\n'),
  'a GET': 'GET /graphql HTTP/1.1\r\nhost: x\r\n\r\n',
  'another path': 'POST /other HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi',
  'who waits to be told to continue': `POST /graphql HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\nhi`,
};

test.for(Object.entries(unusual))('%s reaches the server even behind refused requests', async ([, request]) => {
  await using served = await serve({ ...BUSY });
  const client = new Client(served.port);
  await client.send([mutation('a')], 1);
  await client.send([mutation('b')], 2);
  await client.send([mutation('c') + request], 4);
  expect(client.answers.slice(0, 3)).toEqual(['mutation a', 'mutation b', 'OVERLOADED']);
  expect(client.answers[3]).not.toBe('OVERLOADED');
  client.socket.destroy();
});

test('two lengths, or a length and chunks, are never refused here: the parser closes the connection', async () => {
  for (const headers of ['content-length: 4\r\n', 'transfer-encoding: chunked\r\n', 'Transfer-Encoding : chunked\r\n']) {
    expect(usualRequests(Buffer.from(post('mutation', headers))).requests).toEqual([]);
    await using served = await serve({ ...BUSY });
    const client = new Client(served.port);
    await client.send([mutation('a')], 1);
    await client.send([mutation('b')], 2);
    client.socket.write(post('mutation', headers));
    await once(client.socket, 'close');
    expect(served.reached).toEqual(['mutation a', 'mutation b']);
  }
});

/** A body that contains a request is still a body, wherever the network cuts it. */
const bodies = fc.oneof(
  fc.stringMatching(/^[a-z ]{0,40}$/).map((text) => `mutation ${text}`),
  fc.stringMatching(/^[a-z]{0,20}$/).map((text) => `{ ${text} }`),
  fc.constantFrom('x', 'mutation').map((text) => `${post(text)}${post(text).slice(0, 30)}`),
  // Its rest would be the next request.
  fc.nat(20).map((missing) => post('mutation with more to come').slice(0, -1 - missing)),
  fc.nat(300).map((length) => `mutation ${'\r\n\r\n'.repeat(length)}`),
);
const requests = fc.array(
  fc.record({
    body: bodies,
    headers: fc.constantFrom(
      'authorization: Bearer x\r\n',
      'cookie: a=b\r\nconnection: keep-alive\r\n',
      'origin: https://x.test\r\n',
      // Cut before its value, the rest of this is a request too.
      'authorization: Bearer x\r\nx-note: POST /graphql HTTP/1.1\r\n',
      '',
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Cuts anywhere, or where a request begins or seems to begin. */
const cuttings = fc.oneof(
  fc.array(fc.nat(4_000), { maxLength: 12 }).map((cuts) => (text: string) => cuts.map((cut) => cut % text.length).sort((a, b) => a - b)),
  fc
    .array(fc.boolean(), { minLength: 1, maxLength: 8 })
    .map(
      (mask) => (text: string) => Array.from(text.matchAll(/POST /g), ({ index }) => index).filter((_, index) => mask[index % mask.length]),
    ),
);

test('however requests are cut, and however busy the server is, each has one answer, in order, its own or OVERLOADED', async () => {
  const behind = { ...BUSY };
  await using served = await serve(behind);
  const moods = fc.array(fc.record({ isCalm: fc.boolean(), isBusy: fc.boolean(), hasRoom: fc.boolean() }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(requests, cuttings, moods, async (sent, cutting, mood) => {
      const text = sent.map(({ body, headers }) => post(body, headers)).join('');
      const at = [0, ...cutting(text), text.length];
      const client = new Client(served.port);
      Object.assign(behind, BUSY);
      for (const [index, end] of at.slice(1).entries()) {
        await new Promise((sent) => client.socket.write(text.slice(at[index], end), 'latin1', sent));
        Object.assign(behind, mood[index % mood.length]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await client.send([], sent.length);
      expect(client.answers).toHaveLength(sent.length);
      for (const [index, answer] of client.answers.entries()) if (answer !== 'OVERLOADED') expect(answer).toBe(sent[index]?.body);
      client.socket.destroy();
    }),
    { numRuns: 500 },
  );
});

/**
 * Behind a proxy a connection is shared. If the valve and the parser could be made to disagree about where a request
 * begins, an attacker could put its own headers before another client's request.
 */
test.for([0, 1])(
  'a body that looks like a request up to the middle of a head, with %i requests between, does not confuse them',
  async (between) => {
    const behind = { ...BUSY };
    await using served = await serve(behind);
    const client = new Client(served.port);
    const body = 'mutation';
    const note = `POST /graphql HTTP/1.1\r\nauthorization: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const upToNote = `${mutation('between').repeat(between)}POST /graphql HTTP/1.1\r\nhost: x\r\nx-from: attacker\r\nx-note: `;
    const inner = `POST /graphql HTTP/1.1\r\nauthorization: x\r\ncontent-length: ${upToNote.length}\r\n\r\n`;
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: x\r\ncontent-length: ${inner.length}\r\n\r\n`;
    const victim = post('mutation of another', 'authorization: y\r\nx-from: victim\r\n');
    client.socket.write(head);
    await until(() => [...served.sockets].some(({ bytesRead }) => bytesRead === head.length));
    await client.send([inner + upToNote + note], 2 + between);
    behind.isBusy = false;
    await client.send([victim], 3 + between);
    expect(served.senders).not.toContain('attacker, victim');
    expect(client.answers[2 + between]).toBe('mutation of another');
    client.socket.destroy();
  },
);

test('a client that does not read answers is not read from, and gets all of them once it reads', async () => {
  await using served = await serve({ ...BUSY });
  const client = new Client(served.port);
  await client.send([mutation('a')], 1);
  await client.send([mutation('b')], 2);
  client.socket.pause();
  const many = 60_000;
  const chunk = mutation('c').repeat(1_000);
  for (let sent = 0; sent < many; sent += 1_000) client.socket.write(chunk);
  const [there] = served.sockets;
  await until(() => there?.writableNeedDrain === true);
  expect(there?.writableLength).toBeLessThan(1_000_000);
  client.socket.resume();
  const answers = await client.send([], many + 2);
  expect(new Set(answers.slice(2))).toEqual(new Set(['OVERLOADED', ...served.reached.slice(2)]));
  // Sometimes a request is cut at the end of a chunk, and the parser has to find the next one.
  expect(served.reached.length).toBeLessThan(many / 20);
  client.socket.destroy();
});

test('a connection that becomes a WebSocket is left alone', async () => {
  await using served = await serve({ ...BUSY });
  const sockets = new WebSocketServer({ noServer: true });
  served.server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => opened.on('message', (data) => opened.send(data))),
  );
  const socket = connect(served.port, '127.0.0.1').setEncoding('latin1');
  for (const name of ['a', 'b', 'c']) {
    socket.write(mutation(name));
    await once(socket, 'data');
  }
  const headers =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
  socket.write(`GET /graphql HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
  expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1\.1 101 /);
  // A text frame of two letters, masked with zeros.
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
  expect((await once(socket, 'data'))[0]).toContain('hi');
  socket.destroy();
});

test('bytes held for a connection that leaves with an upgrade never reach the parser, which serves another by then', async () => {
  const guard: LoadShedderPorts['guard'] = { isCalm: () => false, isBusy: () => false, hasRoom: () => true, refused: () => {} };
  const reached: string[] = [];
  let endSoon = () => {};
  const big = Promise.withResolvers<void>();
  const server = createServer({ shouldUpgradeCallback: (request) => request.headers.upgrade === 'websocket' }, (request, response) => {
    shed.saw(request, response);
    reached.push(`${request.url} ${request.headers['x-from']}`);
    if (request.url === '/big') response.once('close', big.resolve).end(Buffer.alloc(300_000));
    else if (request.url === '/soon') endSoon = () => response.end('soon');
    else if (request.url === '/graphql') request.resume().on('end', () => response.end('answered'));
  });
  const shed = createLoadShedder(server, { guard, isDraining: () => false, refusalText: readyRefusal(1).text });
  const upgraded = once(server, 'upgrade');
  const open = () => {
    const [near, far] = duplexPair();
    server.emit('connection', near);
    return far;
  };
  const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: x\r\nx-from: one\r\n${headers}\r\n`;
  const one = open();
  one.write(post('{}', 'x-from: one\r\n'));
  await once(one, 'data');
  one.pause();
  const cutOff = 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-from: one\r\ncontent-length: 500\r\n\r\n';
  one.write(get('/big') + get('/slow') + get('/soon') + get('/x', 'connection: upgrade\r\nupgrade: websocket\r\n') + cutOff);
  const [, socket] = await upgraded;
  socket.on('error', () => {});
  endSoon();
  const other = open();
  // Its first answer is read, and the requests that waited for that continue.
  one.resume();
  await big.promise;
  other.write(post('{}', 'x-from: other\r\n'));
  expect(String((await once(other, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 [\s\S]*answered$/);
  expect(reached).toEqual(['/graphql one', '/big one', '/slow one', '/soon one', '/graphql other']);
  one.destroy();
  other.destroy();
});
