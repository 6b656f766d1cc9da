/**
 * The load of the overload test, in a process of its own. Plain sockets with keep-alive: at a fixed rate a request is
 * sent when it is due, behind those of its connection that are not answered yet, so that the rate holds whatever the
 * server does. One job comes by IPC, and its result goes back.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { KEY, type LoadJob, type LoadResult, type Waits } from './load-job.ts';

const END_OF_HEADERS = '\r\n\r\n';
const TICK_MS = 2;
/** Requests of one connection that are under way: together eight times what a server is asked by callers who wait. */
const PIPELINED = 8;
/** After the last request was sent. */
const LAST_ANSWERS_MS = 15_000;
const EXAMPLES = 3;

const accepted: number[] = [];
const overloaded: number[] = [];
const others: string[] = [];
let otherCount = 0;
let withoutRetryTime = 0;
let keys = 0;
let heldBack = 0;
let endMs = 0;
let acceptedInTime = 0;

class Connection {
  readonly #socket: Socket;
  readonly #job: LoadJob;
  readonly #onAnswer: (connection: Connection) => void;
  readonly #due: number[] = [];
  #received = '';

  constructor(job: LoadJob, onAnswer: (connection: Connection) => void) {
    this.#job = job;
    this.#onAnswer = onAnswer;
    this.#socket = connect(job.port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#receive(chunk));
    this.#socket.on('error', (error) => other(error.message));
    this.#socket.on('close', () => {
      for (const _ of this.#due.splice(0)) other('the connection was closed');
    });
  }

  get unanswered(): number {
    return this.#due.length;
  }

  opened(): Promise<unknown> {
    return once(this.#socket, 'connect');
  }

  ask(dueMs: number): void {
    const { requests } = this.#job;
    const request = requests[Math.floor(Math.random() * requests.length)];
    if (!request) throw new Error('a job without requests');
    keys += 1;
    const body = request.body.replace(KEY, `load-${process.pid}-${keys}`);
    this.#due.push(dueMs);
    this.#socket.write(
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-type: application/json\r\nauthorization: Bearer ${request.token}\r\ncontent-length: ${body.length}${END_OF_HEADERS}${body}`,
      'latin1',
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    for (;;) {
      const end = this.#received.indexOf(END_OF_HEADERS);
      if (end < 0) return;
      const headers = this.#received.slice(0, end + 2);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1]);
      const next = end + END_OF_HEADERS.length + length;
      if (this.#received.length < next) return;
      count(headers, this.#received.slice(end + END_OF_HEADERS.length, next), performance.now() - (this.#due.shift() ?? 0));
      this.#received = this.#received.slice(next);
      this.#onAnswer(this);
    }
  }
}

function count(headers: string, body: string, waitMs: number): void {
  if (body.includes('"TransferCreditsPayload"')) {
    accepted.push(waitMs);
    if (performance.now() <= endMs) acceptedInTime += 1;
  } else if (body.includes('"OVERLOADED"')) {
    overloaded.push(waitMs);
    if (!body.includes('"retryAfterSeconds"')) withoutRetryTime += 1;
  } else other(`${headers.slice(0, headers.indexOf('\r\n'))} ${body}`);
}

function other(what: string): void {
  otherCount += 1;
  if (others.length < EXAMPLES && !others.includes(what)) others.push(what);
}

function waitsOf(waitsMs: readonly number[]): Waits {
  const sorted = Float64Array.from(waitsMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function load(job: LoadJob): Promise<LoadResult> {
  const connections = Array.from(
    { length: job.connections },
    () =>
      new Connection(job, (connection) => {
        if (job.perSecond === null && performance.now() < endMs) connection.ask(performance.now());
      }),
  );
  await Promise.all(connections.map((connection) => connection.opened()));
  endMs = performance.now() + job.forMs;
  if (job.perSecond === null) for (const connection of connections) connection.ask(performance.now());
  else await sendAtRate(connections, job.perSecond, job.forMs);
  await quiet(connections);
  for (const connection of connections) for (let left = connection.unanswered; left > 0; left -= 1) other('never answered');
  for (const connection of connections) connection.close();
  return {
    sent: keys,
    heldBack,
    accepted: accepted.length,
    acceptedInTime,
    overloaded: overloaded.length,
    withoutRetryTime,
    others,
    otherCount,
    seconds: job.forMs / 1_000,
    acceptedWaits: waitsOf(accepted),
    overloadedWaits: waitsOf(overloaded),
  };
}

function sendAtRate(connections: readonly Connection[], perSecond: number, forMs: number): Promise<void> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let sent = 0;
    const tick = setInterval(() => {
      const elapsedMs = Math.min(performance.now() - startMs, forMs);
      const due = Math.floor((elapsedMs * perSecond) / 1_000);
      for (; sent < due; sent += 1) {
        const connection = connections[sent % connections.length];
        if (connection && connection.unanswered < PIPELINED) connection.ask(startMs + (sent * 1_000) / perSecond);
        else heldBack += 1;
      }
      if (elapsedMs < forMs) return;
      clearInterval(tick);
      resolve();
    }, TICK_MS);
  });
}

/** Resolves when everything sent is answered, or when it surely never is. */
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
