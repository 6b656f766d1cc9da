/**
 * The clients of the socket benchmark, in their own process. They read WebSockets on plain sockets, because thousands
 * of ws clients would use more CPU than the server. Each client counts its frames and keeps the last one.
 */
import { connect, type Socket } from 'node:net';
import { answerParent } from '../child.ts';

export interface SocketJob {
  readonly port: number;
  readonly count: number;
  /** One token for each socket, or one for all. If empty, there is no protocol: the server sends without a subscription. */
  readonly tokens: readonly string[];
  readonly document: string;
  /** Whether a subscription is answered with the current state before anything changes. */
  readonly hasFirst: boolean;
}

const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
/** Masked with zeros, which the protocol allows. The servers' pings have no payload. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
/** The marker of a 16-bit length. No frame here needs a 64-bit length. */
const LONG_LENGTH = 126;
const OPENING_AT_ONCE = 200;

let received = 0;
let wanted = { count: Number.POSITIVE_INFINITY, reached: () => {} };
let clients: Client[] = [];

class Client {
  frames = 0;
  readonly #socket: Socket;
  readonly #onText: (client: Client, text: Buffer) => void;
  #isOpen = false;
  #rest: Buffer = Buffer.alloc(0);
  #lastText: Buffer | null = null;

  constructor(port: number, onOpen: (client: Client) => void, onText: (client: Client, text: Buffer) => void) {
    this.#onText = onText;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay();
    this.#socket.write(
      'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    );
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#isOpen) this.#read(chunk);
      else if (chunk.includes('\r\n\r\n')) {
        if (!chunk.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) throw new Error(chunk.toString());
        this.#isOpen = true;
        onOpen(this);
        const rest = chunk.subarray(chunk.indexOf('\r\n\r\n') + 4);
        if (rest.length > 0) this.#read(rest);
      }
    });
    this.#socket.on('error', (error) => {
      throw error;
    });
    this.#socket.on('end', () => {
      throw new Error('the server closed a connection');
    });
  }

  send(message: object): void {
    const text = Buffer.from(JSON.stringify(message));
    const header = text.length < LONG_LENGTH ? [TEXT, 0x80 | text.length] : [TEXT, 0x80 | LONG_LENGTH, text.length >> 8, text.length & 255];
    // Masked with zeros, which the protocol allows.
    this.#socket.write(Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), text]));
  }

  text(): string {
    return this.#lastText?.toString() ?? '';
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1] ?? 0;
      const start = at + (short === LONG_LENGTH ? 4 : 2);
      if (start > bytes.length) break;
      const end = start + (short === LONG_LENGTH ? bytes.readUInt16BE(at + 2) : short);
      if (end > bytes.length) break;
      if (bytes[at] === CLOSE) throw new Error(`closed: ${bytes.subarray(start + 2, end)}`);
      // A server drops a client that does not answer its pings.
      if (bytes[at] === PING) this.#socket.write(PONG);
      if (bytes[at] === TEXT) {
        this.#lastText = bytes.subarray(start, end);
        this.#onText(this, this.#lastText);
      }
      at = end;
    }
    this.#rest = at === bytes.length ? EMPTY : bytes.subarray(at);
  }
}

const EMPTY = Buffer.alloc(0);

function count(client: Client): void {
  client.frames += 1;
  received += 1;
  if (received >= wanted.count) {
    const { reached } = wanted;
    wanted = { count: Number.POSITIVE_INFINITY, reached: () => {} };
    reached();
  }
}

/** Resolves when the socket is open and subscribed; if the server sends the current state, when that has arrived. */
function open(job: SocketJob, index: number): Promise<Client> {
  return new Promise((resolve) => {
    const token = job.tokens[index % job.tokens.length];
    let isReady = token === undefined;
    const onOpen = (client: Client) => {
      if (token === undefined) resolve(client);
      else client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    };
    const client = new Client(job.port, onOpen, (from, text) => {
      if (isReady) count(from);
      else if (text.includes('"connection_ack"')) {
        from.send({ id: '1', type: 'subscribe', payload: { query: job.document } });
        if (job.hasFirst) return;
        isReady = true;
        resolve(from);
      } else if (text.includes('"next"')) {
        isReady = true;
        resolve(from);
      } else throw new Error(`answered: ${text}`);
    });
    void client;
  });
}

async function openAll(job: SocketJob): Promise<void> {
  for (let opened = 0; opened < job.count; opened += OPENING_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPENING_AT_ONCE, job.count - opened) }, (_, index) => open(job, opened + index));
    clients.push(...(await Promise.all(some)));
  }
}

/** Throws unless every socket received `frames` frames, and the last one has this version. */
function check({ frames, version }: { frames: number; version: number }): void {
  for (const client of clients) {
    if (client.frames !== frames) throw new Error(`a socket received ${client.frames} frames of ${frames}`);
    if (frames > 0 && !client.text().includes(`"version":${version}`)) throw new Error(`the last frame was ${client.text()}`);
  }
}

answerParent((question, value) => {
  if (question === 'open') return openAll(value as SocketJob);
  if (question === 'check') return check(value as { frames: number; version: number });
  if (question === 'close') {
    for (const client of clients) client.destroy();
    clients = [];
    received = 0;
    return undefined;
  }
  // 'until': resolves when all sockets together have received this many frames.
  const frames = Number(value);
  if (received >= frames) return undefined;
  return new Promise<void>((resolve) => {
    wanted = { count: frames, reached: resolve };
  });
});
