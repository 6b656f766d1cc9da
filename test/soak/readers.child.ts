/**
 * Thousands of subscribers in their own process. They read WebSockets on plain sockets, because as many ws clients
 * would use more CPU than the server. A transfer's memo is the time it was sent, so each delivery shows its delay.
 */
import { connect, type Socket } from 'node:net';

export type ReadersQuestion =
  | { readonly kind: 'open'; readonly port: number; readonly groups: readonly Group[] }
  /** The first `count` sockets of a group stop reading, or continue. */
  | { readonly kind: 'stall' | 'resume'; readonly group: number }
  /** `count` sockets of a group are cut and reconnect all at once. They are not counted until the next `mark`. */
  | { readonly kind: 'storm'; readonly group: number; readonly count: number }
  /** Forgets the delays so far. */
  | { readonly kind: 'mark' }
  | { readonly kind: 'report' };

export interface Group {
  /** Used in rotation. */
  readonly tokens: readonly string[];
  readonly count: number;
  /** A subscription with a variable `after`. */
  readonly document: string;
}

export interface ReadersReport {
  readonly open: number;
  readonly missed: number;
  readonly doubled: number;
  readonly errors: readonly string[];
  /** Of all deliveries since `mark`: milliseconds from when the change was sent. */
  readonly deliveries: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** For each group, the newest version that every socket has seen, and the version of the socket furthest behind. */
  readonly newest: readonly number[];
  readonly furthestBehind: readonly number[];
}

const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
const MEDIUM = 126;
const EMPTY: Buffer = Buffer.alloc(0);
const SOCKETS_OF_AN_ADDRESS = 100;
const OPENING_AT_ONCE = 200;

let missed = 0;
let doubled = 0;
let delays: number[] = [];
const errors = new Set<string>();
const groups: Reader[][] = [];
let port = 0;

class Reader {
  readonly #token: string;
  readonly #document: string;
  readonly #address: string;
  #socket: Socket | null = null;
  #rest: Buffer = EMPTY;
  #isUpgraded = false;
  isReady = false;
  /** Whether its deliveries count as delays. A socket that was away does not count. */
  isCounted = true;
  last: number | null = null;
  #onReady: () => void = () => {};

  constructor(index: number, token: string, document: string) {
    this.#token = token;
    this.#document = document;
    const network = Math.floor(index / SOCKETS_OF_AN_ADDRESS);
    this.#address = `10.${network >> 8}.${network & 255}.1`;
  }

  /** Resolves when it is subscribed: at once if it resumes, or else with the current state. */
  open(): Promise<void> {
    this.#rest = EMPTY;
    this.#isUpgraded = false;
    const socket = connect(port, '127.0.0.1').setNoDelay();
    this.#socket = socket;
    socket.write(
      `GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-forwarded-for: ${this.#address}\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
    );
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error) => errors.add(error.message));
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.isReady = false;
    });
    return new Promise((resolve) => {
      this.#onReady = () => {
        this.isReady = true;
        resolve();
      };
    });
  }

  cut(): void {
    this.isReady = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  stall(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  #send(message: object, type = TEXT): void {
    const text = Buffer.from(JSON.stringify(message));
    const header = text.length < MEDIUM ? [type, 0x80 | text.length] : [type, 0x80 | MEDIUM, text.length >> 8, text.length & 255];
    // Masked with zeros, which the protocol allows.
    this.#socket?.write(Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), text]));
  }

  #onData(chunk: Buffer): void {
    if (this.#isUpgraded) {
      this.#onBytes(chunk);
      return;
    }
    const end = chunk.indexOf('\r\n\r\n');
    if (end < 0) return;
    const status = chunk.toString('latin1', 9, 12);
    if (status !== '101') {
      // The server refuses for now: retries later, as it asks.
      this.cut();
      setTimeout(() => void this.#again(), 1_000);
      return;
    }
    this.#isUpgraded = true;
    this.#send({ type: 'connection_init', payload: { authorization: `Bearer ${this.#token}` } });
    this.#onBytes(chunk.subarray(end + 4));
  }

  async #again(): Promise<void> {
    const ready = this.#onReady;
    await this.open();
    ready();
  }

  #onBytes(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1] ?? 0;
      const start = at + (short === MEDIUM ? 4 : 2);
      if (start > bytes.length) break;
      const end = start + (short === MEDIUM ? bytes.readUInt16BE(at + 2) : short);
      if (end > bytes.length) break;
      if (bytes[at] === TEXT) this.#onText(bytes.toString('latin1', start, end));
      else if (bytes[at] === CLOSE) errors.add(`closed: ${bytes.toString('latin1', start + 2, end)}`);
      else if (bytes[at] === PING) this.#socket?.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
      at = end;
    }
    this.#rest = at === bytes.length ? EMPTY : bytes.subarray(at);
  }

  #onText(text: string): void {
    if (text.includes('"connection_ack"')) {
      this.#send({ id: '1', type: 'subscribe', payload: { query: this.#document, variables: { after: this.last } } });
      if (this.last !== null) this.#onReady();
    } else if (text.includes('"next"')) this.#onEvent(text);
    else errors.add(text);
  }

  #onEvent(text: string): void {
    const version = Number(/"version":(\d+)/.exec(text)?.[1]);
    const askedMs = /"memo":"([\d.]+)"/.exec(text)?.[1];
    if (askedMs !== undefined && this.isCounted) delays.push(Date.now() - Number(askedMs));
    if (this.last !== null && version <= this.last) doubled += 1;
    else {
      if (this.last !== null && version > this.last + 1) missed += version - this.last - 1;
      this.last = version;
    }
    if (!this.isReady) this.#onReady();
  }
}

async function open(given: readonly Group[]): Promise<void> {
  let index = 0;
  for (const { tokens, count, document } of given) {
    const readers = Array.from({ length: count }, (_, of) => {
      index += 1;
      return new Reader(index, tokens[of % tokens.length] ?? '', document);
    });
    groups.push(readers);
    for (let from = 0; from < count; from += OPENING_AT_ONCE) {
      await Promise.all(readers.slice(from, from + OPENING_AT_ONCE).map((reader) => reader.open()));
    }
  }
}

function report(): ReadersReport {
  const sorted = Float64Array.from(delays).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const lasts = groups.map((readers) => readers.map(({ last }) => last ?? 0));
  return {
    open: groups.flat().filter(({ isReady }) => isReady).length,
    missed,
    doubled,
    errors: [...errors].slice(0, 5),
    deliveries: delays.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    newest: lasts.map((versions) => Math.max(0, ...versions)),
    furthestBehind: lasts.map((versions) => Math.min(...versions)),
  };
}

async function answer(question: ReadersQuestion): Promise<ReadersReport> {
  if (question.kind === 'open') {
    port = question.port;
    await open(question.groups);
  } else if (question.kind === 'mark') {
    delays = [];
    for (const reader of groups.flat()) reader.isCounted = true;
  } else if (question.kind === 'storm') {
    const some = (groups[question.group] ?? []).slice(0, question.count);
    for (const reader of some) {
      reader.isCounted = false;
      reader.cut();
    }
    await Promise.all(some.map((reader) => reader.open()));
  } else if (question.kind !== 'report') for (const reader of groups[question.group] ?? []) reader[question.kind]();
  return report();
}

process.on('message', async (question: ReadersQuestion) => process.send?.(await answer(question)));
process.once('disconnect', () => process.exit(0));
