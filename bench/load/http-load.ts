/**
 * The HTTP client of the benchmark. It runs in its own process, so that its CPU is not counted as the server's. It
 * uses plain keep-alive sockets with one request at a time on each. autocannon would use several times the CPU for
 * requests with a fresh body, on the same cores as the server and Postgres.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerParent } from '../child.ts';
import { type Latencies, latenciesOf } from '../latency.ts';

/** A request whose ids and token are fixed. The body is head, fresh key, tail; if the tail is null it is the head alone. */
export interface Target {
  /** The request line and the headers, without content-length. */
  readonly headers: string;
  readonly bodyHead: string;
  readonly bodyTail: string | null;
}

export interface Targets {
  readonly port: number;
  readonly any: readonly Target[];
  /** If there are any, half of all requests go to these. */
  readonly hot: readonly Target[];
  /** A string that every answer must contain. */
  readonly expect: string;
}

export interface Job {
  /** The number that `targets` returned. */
  readonly targets: number;
  readonly connections: number;
  readonly forMs: number;
  /**
   * Requests a second, sent whether or not earlier requests are answered. If absent, each connection sends its next
   * request on an answer.
   */
  readonly perSecond?: number;
}

export interface Done {
  readonly answers: number;
  /** Time to the answer from when a request was due (at a fixed rate) or sent. */
  readonly latencies: Latencies;
}

const END_OF_HEADERS = '\r\n\r\n';
const END_OF_CHUNKS = '0\r\n\r\n';

const known: Targets[] = [];
let keys = 0;

function nextRequest({ any, hot }: Targets): string {
  const from = hot.length > 0 && Math.random() < 0.5 ? hot : any;
  const target = from[Math.floor(Math.random() * from.length)];
  if (!target) throw new Error('a job without targets');
  keys += 1;
  const body = target.bodyTail === null ? target.bodyHead : `${target.bodyHead}bench-${process.pid}-${keys}${target.bodyTail}`;
  return `${target.headers}content-length: ${body.length}${END_OF_HEADERS}${body}`;
}

/** One connection. `ask` sends a request; the answer calls `onAnswer`, and any error calls `onProblem`. */
class Connection {
  readonly #socket: Socket;
  readonly #targets: Targets;
  readonly #onAnswer: (connection: Connection) => void;
  #received = '';
  dueMs = 0;

  constructor(targets: Targets, onAnswer: (connection: Connection) => void, onProblem: (problem: Error) => void) {
    this.#targets = targets;
    this.#onAnswer = onAnswer;
    this.#socket = connect(targets.port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    this.#socket.on('error', onProblem);
    this.#socket.on('data', (chunk: string) => {
      try {
        this.#receive(chunk);
      } catch (error) {
        onProblem(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  async opened(): Promise<void> {
    await once(this.#socket, 'connect');
  }

  ask(dueMs: number): void {
    this.dueMs = dueMs;
    this.#socket.write(nextRequest(this.#targets), 'latin1');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#received = this.#received === '' ? chunk : this.#received + chunk;
    const received = this.#received;
    if (!isWhole(received)) return;
    if (!received.startsWith('HTTP/1.1 200') || !received.includes(this.#targets.expect) || received.includes('"errors":')) {
      throw new Error(`answered: ${received.slice(0, 2_000)}`);
    }
    this.#received = '';
    this.#onAnswer(this);
  }
}

/** Only one request is in flight at a time, so everything received belongs to it. */
function isWhole(received: string): boolean {
  const end = received.indexOf(END_OF_HEADERS);
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end + 2))?.[1];
  if (length === undefined) return received.endsWith(END_OF_CHUNKS);
  return received.length >= end + END_OF_HEADERS.length + Number(length);
}

async function load(job: Job): Promise<Done> {
  const targets = known[job.targets];
  if (!targets) throw new Error('unknown targets');
  const waits: number[] = [];
  const problem = Promise.withResolvers<never>();
  const finished = Promise.withResolvers<void>();
  const untilMs = performance.now() + job.forMs;
  const arrivals = job.perSecond === undefined ? null : new Arrivals(job.perSecond, job.forMs);
  let asked = 0;
  const idle: Connection[] = [];

  /** Keeps a connection busy while there are requests to send. */
  const next = (connection: Connection) => {
    const nowMs = performance.now();
    const dueMs = arrivals === null ? (nowMs < untilMs ? nowMs : null) : arrivals.take(nowMs);
    if (dueMs !== null) {
      asked += 1;
      connection.ask(dueMs);
    } else idle.push(connection);
    if (idle.length === connections.length && (arrivals?.isOver() ?? true)) finished.resolve();
  };
  const onAnswer = (connection: Connection) => {
    waits.push(performance.now() - connection.dueMs);
    next(connection);
  };
  const connections = Array.from({ length: job.connections }, () => new Connection(targets, onAnswer, problem.reject));
  // An idle connection sends a request that is due, or else the next connection with an answer. The wait counts from
  // the due time.
  const tick = setInterval(() => {
    for (const connection of idle.splice(0)) next(connection);
  }, 1);
  if (arrivals === null) clearInterval(tick);
  try {
    await Promise.race([Promise.all(connections.map((connection) => connection.opened())), problem.promise]);
    arrivals?.begin(performance.now());
    for (const connection of connections) next(connection);
    await Promise.race([finished.promise, problem.promise]);
    if (waits.length !== asked) throw new Error(`${asked} sent, ${waits.length} answered`);
    return { answers: waits.length, latencies: latenciesOf(waits) };
  } finally {
    clearInterval(tick);
    for (const connection of connections) connection.destroy();
  }
}

/** The times at which requests are due: evenly spaced, whatever happens to the requests. */
class Arrivals {
  readonly #everyMs: number;
  readonly #count: number;
  #startMs = Number.POSITIVE_INFINITY;
  #taken = 0;

  constructor(perSecond: number, forMs: number) {
    this.#everyMs = 1_000 / perSecond;
    this.#count = Math.floor((forMs * perSecond) / 1_000);
  }

  begin(nowMs: number): void {
    this.#startMs = nowMs;
  }

  /** Returns the due time of the next request, or null if it is not due yet. */
  take(nowMs: number): number | null {
    const dueMs = this.#startMs + this.#taken * this.#everyMs;
    if (this.#taken >= this.#count || dueMs > nowMs) return null;
    this.#taken += 1;
    return dueMs;
  }

  isOver(): boolean {
    return this.#taken >= this.#count;
  }
}

answerParent((question, value) => {
  if (question === 'targets') return known.push(value as Targets) - 1;
  return load(value as Job);
});
