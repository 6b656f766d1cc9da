/**
 * The HTTP client of the benchmark, in a process of its own so that its CPU is not counted as the server's. Plain
 * sockets with keep-alive, one request at a time on each: autocannon builds and parses a request with a fresh body at
 * several times the CPU, on the cores that the server and Postgres are measured on.
 *
 * Told what to do over IPC: a Job, answered by a Done.
 */
import { connect, type Socket } from 'node:net';

/** Ids and tokens are fixed for a load; the body is `head`, a fresh key, `tail`. */
export interface Target {
  /** The request line and the headers, without content-length. */
  readonly headers: string;
  readonly bodyHead: string;
  readonly bodyTail: string;
}

export interface Job {
  readonly port: number;
  readonly connections: number;
  readonly forMs: number;
  readonly targets: readonly Target[];
  /** What every answer must contain. */
  readonly expect: string;
}

export interface Done {
  readonly answers: number;
  /** What the first connection at fault met; null: nothing went wrong. */
  readonly problem: string | null;
}

const END_OF_HEADERS = '\r\n\r\n';

let keys = 0;

function nextRequest(job: Job): string {
  const target = job.targets[Math.floor(Math.random() * job.targets.length)];
  if (!target) throw new Error('a job without targets');
  keys += 1;
  const body = `${target.bodyHead}bench-${process.pid}-${keys}${target.bodyTail}`;
  return `${target.headers}content-length: ${body.length}${END_OF_HEADERS}${body}`;
}

/** Asks again as soon as it is answered, until the time is up; answers how often it was answered. */
function askAgain(job: Job, socket: Socket, untilMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let received = '';
    const ask = () => {
      if (performance.now() < untilMs) socket.write(nextRequest(job), 'latin1');
      else socket.end(() => resolve(answers));
    };
    socket.setEncoding('latin1');
    socket.setNoDelay();
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk: string) => {
      received += chunk;
      const whole = lengthOf(received);
      if (whole === null || received.length < whole) return;
      if (!received.startsWith('HTTP/1.1 200') || !received.includes(job.expect))
        reject(new Error(`answered: ${received.slice(0, 2_000)}`));
      received = received.slice(whole);
      answers += 1;
      ask();
    });
  });
}

/** Characters of the first answer in `received`, its headers included; null: they are not complete. */
function lengthOf(received: string): number | null {
  const end = received.indexOf(END_OF_HEADERS);
  if (end < 0) return null;
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end))?.[1];
  if (length === undefined) throw new Error('an answer without content-length');
  return end + END_OF_HEADERS.length + Number(length);
}

async function load(job: Job): Promise<Done> {
  const untilMs = performance.now() + job.forMs;
  const sockets = Array.from({ length: job.connections }, () => connect(job.port, '127.0.0.1'));
  try {
    const answers = await Promise.all(sockets.map((socket) => askAgain(job, socket, untilMs)));
    return { answers: answers.reduce((sum, count) => sum + count, 0), problem: null };
  } catch (error) {
    return { answers: 0, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

process.on('message', (job: Job) => {
  void load(job).then((done) => process.send?.(done));
});
