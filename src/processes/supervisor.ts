/** The first of several processes: starts the serving processes, restarts those that end, and forwards messages between them. */

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { monotonicMs } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import { AlreadyReported, type Task, type ToChild, type ToFirst } from './messages.ts';
import { CAN_PAIR, socketPair } from './socket-pair.ts';

/** The pause before a restart. It doubles up to the longest, and is reset by a process that lived for LIVED_MS. Milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const LIVED_MS = 60_000;
/** Tests set another limit. */
export const DEFAULT_SUPERVISION = {
  /** A child that does not answer this fast is left out of the metrics. */
  metricsWithinMs: 2_000,
};

export interface SupervisorOptions extends Omit<Task, 'isFirst'> {
  readonly count: number;
  readonly log: Logger;
}

interface Ended {
  readonly child: number | undefined;
  readonly code: number | null;
  readonly signal: string | null;
  readonly livedMs: number;
}

/** Holds no connections and serves no requests, so failures of the database or of a child do not affect it. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #serving = new Set<Worker>();
  readonly #all = new Set<Worker>();
  readonly #questions = new Map<string, (json: unknown) => void>();
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';
  #pauseMs = FIRST_PAUSE_MS;
  #restarting: Promise<void> | null = null;
  #lastQuestion = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    cluster.setupPrimary({ exec: new URL('child.ts', import.meta.url).pathname, args: [] });
  }

  /** Resolves when all children serve. Rejects when one ends before, after it has printed the reason. */
  async start(): Promise<void> {
    const first = await this.#fork(true);
    await Promise.all(Array.from({ length: this.#options.count - 1 }, () => this.#fork(false)));
    if (this.#phase === 'starting') this.#phase = 'serving';
    send(first, { kind: 'announce' });
  }

  /** Replaces the children one by one. Each ends only after its successor serves, so no request is refused. */
  restart(): Promise<void> {
    this.#restarting ??= this.#replaceAll().finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  /** Resolves when all children have drained and ended. */
  async stop(): Promise<void> {
    this.#phase = 'stopping';
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }

  async #replaceAll(): Promise<void> {
    for (const old of [...this.#serving]) {
      if (this.#phase !== 'serving') return;
      await this.#fork(false);
      await this.#end(old);
    }
  }

  async #end(worker: Worker): Promise<void> {
    this.#serving.delete(worker);
    if (worker.isDead()) return;
    const ended = once(worker, 'exit');
    send(worker, { kind: 'stop' });
    await ended;
  }

  /** Starts a child. Resolves with it when it serves. */
  async #fork(isFirst: boolean): Promise<Worker> {
    const { secretsKeys, url } = this.#options;
    const worker = cluster.fork();
    this.#all.add(worker);
    const startedMs = monotonicMs();
    worker.on('message', (message: ToFirst) => {
      if (message.kind === 'ready') send(worker, { kind: 'start', task: { url, secretsKeys, isFirst } });
      else if (message.kind === 'tell') this.#forward(worker, message);
      else if (message.kind === 'metrics') this.#questions.get(`${worker.id} ${message.question}`)?.(message.json);
      else if (message.kind === 'ask metrics') this.#answerMetrics(worker, message.question);
    });
    const serves = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: ToFirst) => message.kind === 'serving' && resolve());
      worker.once('exit', () => reject(new AlreadyReported('a process ended before it served')));
    });
    worker.once('exit', (code, signal) => {
      this.#all.delete(worker);
      this.#toOthers(worker, { kind: 'gone', from: worker.id });
      const wasServing = this.#serving.delete(worker);
      if (wasServing && this.#phase !== 'stopping')
        this.#startAgain({ child: worker.process.pid, code, signal, livedMs: monotonicMs() - startedMs });
    });
    await serves;
    if (CAN_PAIR) for (const other of this.#serving) this.#connect(worker, other);
    this.#serving.add(worker);
    this.#options.log.info({ child: worker.process.pid }, 'a process serves');
    this.#toOthers(worker, { kind: 'joined' });
    return worker;
  }

  /** Gives each of two children one end of a socket. Without a socket, this process forwards their messages. */
  #connect(one: Worker, other: Worker): void {
    socketPair().then(
      ([mine, theirs]) => {
        sendSocket(one, { kind: 'line', with: other.id }, mine);
        sendSocket(other, { kind: 'line', with: one.id }, theirs);
      },
      (error: unknown) => this.#options.log.warn({ err: error }, 'two processes have no socket between them'),
    );
  }

  /** Restarts a child that ended without a command to stop. */
  #startAgain({ child, code, signal, livedMs }: Ended): void {
    const { log } = this.#options;
    if (livedMs > LIVED_MS) this.#pauseMs = FIRST_PAUSE_MS;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    log.warn({ child, code, signal, pauseMs }, 'a process ended, and will be restarted');
    delay(pauseMs)
      .then(() => (this.#phase === 'stopping' ? undefined : this.#fork(false)))
      .catch(() => this.#startAgain({ child: undefined, code: null, signal: null, livedMs: 0 }));
  }

  #forward(from: Worker, { to, topic, value }: Extract<ToFirst, { kind: 'tell' }>): void {
    const forwarded: ToChild = { kind: 'told', topic, value, from: from.id };
    if (to === undefined) {
      this.#toOthers(from, forwarded);
      return;
    }
    const worker = [...this.#all].find(({ id }) => id === to);
    if (worker) send(worker, forwarded);
    // The sender may not know yet that the receiver is gone. It is told, perhaps again, so that no message is lost unnoticed.
    else send(from, { kind: 'gone', from: to });
  }

  #toOthers(worker: Worker, message: ToChild): void {
    for (const other of this.#all) if (other !== worker) send(other, message);
  }

  #answerMetrics(asker: Worker, question: number): void {
    Promise.all([...this.#serving].map((worker) => this.#metricsOf(worker)))
      .then((answers) => aggregate(answers).metrics())
      .then((text) => send(asker, { kind: 'metrics of all', question, text }))
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'metrics could not be gathered'));
  }

  async #metricsOf(worker: Worker): Promise<unknown> {
    this.#lastQuestion += 1;
    const question = this.#lastQuestion;
    const name = `${worker.id} ${question}`;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#questions.set(name, resolve);
    const timer = setTimeout(() => resolve([]), DEFAULT_SUPERVISION.metricsWithinMs);
    send(worker, { kind: 'give metrics', question });
    const json = await promise;
    clearTimeout(timer);
    this.#questions.delete(name);
    return json;
  }
}

function send(worker: Worker, message: ToChild): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

/** If the worker cannot receive the socket, closes it, so that the other end sees the close. */
function sendSocket(worker: Worker, message: ToChild, socket: Socket): void {
  if (worker.isConnected()) worker.send(message, socket, (error) => error && socket.destroy());
  else socket.destroy();
}

/** Combines the metrics of all processes. They all run this same program. */
function aggregate(answers: readonly unknown[]): Registry {
  return AggregatorRegistry.aggregate<Registry['contentType']>(
    answers.filter((answer): answer is object[] => Array.isArray(answer) && answer.length > 0),
  );
}
