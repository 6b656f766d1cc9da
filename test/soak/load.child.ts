/**
 * Makes the load of the overload test in its own process, over plain keep-alive sockets. At a fixed rate each request
 * is sent when it is due, no matter how many are unanswered on its connection, so that the rate does not depend on
 * the server. One job arrives by IPC, and its result is sent back.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PATIENCE_MS } from '../support/until.ts';
import { KEY, type Latencies, type LoadJob, type LoadResult, type Waits } from './load-job.ts';

const END_OF_HEADERS = '\r\n\r\n';
const TICK_MS = 2;
/** The longest wait for answers after the last request was sent. */
const LAST_ANSWERS_MS = PATIENCE_MS;
const EXAMPLES = 3;
const KEY_DIGITS = 9;
const MICROSECONDS = 1e6;

/** Collects the latencies of one kind of answer. */
class Clocks {
  readonly #sinceDue: number[] = [];
  readonly #sinceSent: number[] = [];
  readonly #sinceItsTurn: number[] = [];

  get count(): number {
    return this.#sinceDue.length;
  }

  add(nowMs: number, dueMs: number, sentMs: number, turnMs: number): void {
    this.#sinceDue.push(nowMs - dueMs);
    this.#sinceSent.push(nowMs - sentMs);
    this.#sinceItsTurn.push(nowMs - Math.max(sentMs, turnMs));
  }

  read(): Latencies {
    return { sinceDue: waitsOf(this.#sinceDue), sinceSent: waitsOf(this.#sinceSent), sinceItsTurn: waitsOf(this.#sinceItsTurn) };
  }
}

function waitsOf(waitsMs: readonly number[]): Waits {
  const sorted = Float64Array.from(waitsMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

const accepted = new Clocks();
const overloaded = new Clocks();
const transfers: string[] = [];
const others: string[] = [];
let otherCount = 0;
let withoutRetryTime = 0;
let unconfirmed = 0;
let sent = 0;
let endMs = 0;
let acceptedInTime = 0;

/** A request, split around its key. */
interface Template {
  readonly before: string;
  readonly after: string;
}

function templateOf({ token, body }: LoadJob['requests'][number]): Template {
  const [start = '', end = ''] = body.split(KEY);
  const length = start.length + keyOf(0).length + end.length;
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${length}`;
  return { before: head + END_OF_HEADERS + start, after: end };
}

const keyOf = (index: number) => `load-${process.pid}-${String(index).padStart(KEY_DIGITS, '0')}`;

class Connection {
  readonly #socket: Socket;
  readonly #onAnswer: (connection: Connection) => void;
  /** Of each unanswered request, oldest first, two numbers: when it was due, and when it was sent. */
  readonly #times: number[] = [];
  #lastAnswerMs = 0;
  #received = '';

  constructor(port: number, onAnswer: (connection: Connection) => void) {
    this.#onAnswer = onAnswer;
    this.#socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    this.#socket.on('error', (error) => other(error.message));
    this.#socket.on('close', () => {
      for (let left = this.unanswered; left > 0; left -= 1) other('the connection was closed');
      this.#times.length = 0;
    });
  }

  get unanswered(): number {
    return this.#times.length / 2;
  }

  /**
   * Resolves when the server has accepted the connection: node:http accepts one connection per turn of the event
   * loop, which is slow under load.
   */
  async opened(): Promise<void> {
    await once(this.#socket, 'connect');
    this.#socket.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(this.#socket, 'data');
    this.#socket.on('data', (chunk: string) => this.#receive(chunk));
  }

  ask({ before, after }: Template, dueMs: number, nowMs: number): void {
    sent += 1;
    this.#times.push(dueMs, nowMs);
    this.#socket.write(before + keyOf(sent) + after, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    const nowMs = performance.now();
    this.#received += chunk;
    let start = 0;
    for (;;) {
      const end = this.#received.indexOf(END_OF_HEADERS, start);
      if (end < 0) break;
      const headers = this.#received.slice(start, end + 2);
      const next = end + END_OF_HEADERS.length + Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1]);
      if (this.#received.length < next) break;
      const [dueMs = 0, sentMs = 0] = this.#times.splice(0, 2);
      const clocks = count(headers, this.#received.slice(end + END_OF_HEADERS.length, next), nowMs);
      clocks?.add(nowMs, dueMs, sentMs, this.#lastAnswerMs);
      this.#lastAnswerMs = nowMs;
      start = next;
      this.#onAnswer(this);
    }
    this.#received = this.#received.slice(start);
  }
}

function count(headers: string, body: string, nowMs: number): Clocks | null {
  const id = /"TransferCreditsPayload".*"transfer":\{"id":"([^"]+)"/.exec(body)?.[1];
  if (id !== undefined) {
    transfers.push(id);
    if (nowMs <= endMs) acceptedInTime += 1;
    return accepted;
  }
  if (body.includes('"OVERLOADED"')) {
    if (!body.includes('"retryAfterSeconds"')) withoutRetryTime += 1;
    if (body.includes('could not be confirmed')) unconfirmed += 1;
    return overloaded;
  }
  other(`${headers.slice(0, headers.indexOf('\r\n'))} ${body}`);
  return null;
}

function other(what: string): void {
  otherCount += 1;
  if (others.length < EXAMPLES && !others.includes(what)) others.push(what);
}

const draw = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)];

async function load(job: LoadJob): Promise<LoadResult> {
  const templates = job.requests.map(templateOf);
  const ask = (connection: Connection, dueMs: number, nowMs: number) => {
    const template = draw(templates);
    if (template) connection.ask(template, dueMs, nowMs);
  };
  const askNow = (connection: Connection) => {
    const nowMs = performance.now();
    ask(connection, nowMs, nowMs);
  };
  const onAnswer = (connection: Connection) => {
    if (job.perSecond === null && performance.now() < endMs) askNow(connection);
  };
  const connections = Array.from({ length: job.connections }, () => new Connection(job.port, onAnswer));
  await Promise.all(connections.map((connection) => connection.opened()));
  const cpuBefore = process.cpuUsage();
  endMs = performance.now() + job.forMs;
  if (job.perSecond === null) for (const connection of connections) askNow(connection);
  else await sendAtRate(job.perSecond, job.forMs, (dueMs, nowMs) => ask(lessLoaded(connections), dueMs, nowMs));
  await quiet(connections);
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const connection of connections) for (let left = connection.unanswered; left > 0; left -= 1) other('never answered');
  for (const connection of connections) connection.close();
  return {
    sent,
    accepted: accepted.count,
    acceptedInTime,
    transfers,
    overloaded: overloaded.count,
    withoutRetryTime,
    unconfirmed,
    others,
    otherCount,
    seconds: job.forMs / 1_000,
    cpuShare: (user + system) / MICROSECONDS / (job.forMs / 1_000),
    acceptedAfter: accepted.read(),
    overloadedAfter: overloaded.read(),
  };
}

/** The one with fewer unanswered requests of two connections drawn at random. */
function lessLoaded(connections: readonly Connection[]): Connection {
  const [one, two] = [draw(connections), draw(connections)];
  if (!one || !two) throw new Error('a load without connections');
  return one.unanswered <= two.unanswered ? one : two;
}

/** Sends every request that is due: a late tick sends more. */
function sendAtRate(perSecond: number, forMs: number, send: (dueMs: number, nowMs: number) => void): Promise<void> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let index = 0;
    const tick = setInterval(() => {
      const nowMs = performance.now();
      const elapsedMs = Math.min(nowMs - startMs, forMs);
      const due = Math.floor((elapsedMs * perSecond) / 1_000);
      for (; index < due; index += 1) send(startMs + (index * 1_000) / perSecond, nowMs);
      if (elapsedMs < forMs) return;
      clearInterval(tick);
      resolve();
    }, TICK_MS);
  });
}

/** Resolves when every request is answered, or certainly never will be. */
function quiet(connections: readonly Connection[]): Promise<void> {
  return new Promise((resolve) => {
    const tick = setInterval(() => {
      const nowMs = performance.now();
      const isQuiet = nowMs > endMs && connections.every(({ unanswered }) => unanswered === 0);
      if (!isQuiet && nowMs < endMs + LAST_ANSWERS_MS) return;
      clearInterval(tick);
      resolve();
    }, TICK_MS);
  });
}

process.on('message', async (job: LoadJob) => {
  const result = await load(job);
  process.send?.(result, () => process.exit(0));
});
