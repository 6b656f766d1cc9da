/** Gathers waiting commands into batches, limits how many wait, and retries batches that failed for a passing reason. */

import { setTimeout as delay } from 'node:timers/promises';
import { isMachineLost, isUnavailable } from '../../db/retry.ts';
import type { Topology } from '../../db/topology.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { Overloaded } from '../../kernel/errors.ts';
import { requestOrigin } from '../../kernel/request-origin.ts';
import type { Command } from '../command.ts';
import type { ChangeSink, Ledger } from '../ledger.ts';
import type { Outcome } from '../outcome.ts';
import { postsAlone, rowsOf } from '../rules/footprint.ts';
import { announceChanges } from './announce-changes.ts';
import { type BatchResult, postBatch, type SubmissionResult } from './batch.ts';
import { PostingConnection } from './connection.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits, type QueueObserver, TENANTS_AT_ONCE } from './limits.ts';
import { Parking } from './parking.ts';
import { type RetryState, stateAfter } from './retry-state.ts';
import { type Attempt, firstToRetry } from './retrying.ts';
import { accountsOfTransfers, commandsOf, move, type Submission } from './submission.ts';
import type { UniqueValues, UsedValues } from './unique-values.ts';
import { Unreachable, unreachable } from './unreachable.ts';
import { type Line, Waiting } from './waiting.ts';
import { WaitingByTenant } from './waiting-by-tenant.ts';

/** The weight of one batch in the running average of how long a batch takes (ADR-0002). */
const BATCH_TIME_SMOOTHING = 0.1;
const MAX_RETRY_PAUSE_MS = 500;
/**
 * While a batch is in flight, a second one starts only with at least this share of its commands (ADR-0002). A batch has the fixed
 * cost of about 15 commands, so it is cheaper to gather a few commands for the next batch.
 */
const SHARE_OF_IN_FLIGHT = 0.25;
/** A batch that takes this many times the average, or MAX_STUCK_AFTER_MS, counts as stuck and delays nobody else. */
const STUCK_AFTER_BATCHES = 2;
const MAX_STUCK_AFTER_MS = 50;
const EXPIRY_CHECK_MS = 250;
/** The share of the open commands that may wait for rows which other sessions have locked (ADR-0008). */
const MAX_PARKED_SHARE = 0.5;

/**
 * Gathers commands and posts what is waiting as soon as a connection is free: an idle server posts at once, a busy
 * one posts many in one transaction. Bounded in length and in age.
 */
export class PostingQueue implements Ledger {
  readonly #limits: QueueLimits;
  readonly #sink: ChangeSink;
  readonly #observer: QueueObserver;
  readonly #reportError: (error: unknown) => void;
  readonly #connections: PostingConnection[];
  readonly #idle: PostingConnection[];
  /** All unanswered submissions, oldest first. */
  readonly #open = new Set<Submission>();
  #openCommands = 0;
  readonly #topology: Topology;
  /** Null on a single database. */
  readonly #uniqueValues: UniqueValues | null;
  readonly #waiting: Line;
  readonly #unreachable = new Unreachable();
  readonly #parking: Parking;
  /** Parked submissions that are due for a retry. */
  #retrying: Submission[] = [];
  #retryState: RetryState = 'first';
  #expiryTimer: NodeJS.Timeout | null = null;
  #pumpScheduled = false;
  /** Batches in flight, oldest first. Retries are not counted: they may wait for other sessions. */
  readonly #inFlight = new Map<readonly Submission[], { readonly commands: number; readonly startedMs: number }>();
  #overdueTimer: NodeJS.Timeout | null = null;
  /** open: accepts commands. draining: refuses new ones and finishes the accepted ones. closed: has none left and ends its connections. */
  #phase: 'open' | 'draining' | 'closed' = 'open';
  readonly #drained = Promise.withResolvers<void>();
  #closing: Promise<void> | null = null;
  /** The running average of how long a batch takes, in milliseconds. */
  #batchMs = 0;

  constructor(
    url: string,
    sink: ChangeSink,
    observer: QueueObserver,
    reportError: (error: unknown) => void,
    limits: QueueLimits = DEFAULT_QUEUE_LIMITS,
    topology: Topology = 'single',
    uniqueValues: UniqueValues | null = null,
  ) {
    this.#limits = limits;
    this.#topology = topology;
    this.#uniqueValues = uniqueValues;
    this.#waiting = topology === 'single' ? new Waiting() : new WaitingByTenant(limits.batchesInFlight);
    this.#sink = sink;
    this.#observer = observer;
    this.#reportError = reportError;
    const parking = {
      retryMs: limits.parkedRetryMs,
      maxCommands: limits.maxOpenCommands * MAX_PARKED_SHARE,
      forgetMs: limits.deadlineMs,
    };
    this.#parking = new Parking(parking, (submissions) => {
      for (const submission of submissions) move(submission, 'due');
      this.#retrying.push(...submissions);
      this.#schedulePump();
    });
    this.#connections = Array.from(
      { length: limits.batchesInFlight * (topology === 'single' ? 1 : TENANTS_AT_ONCE) },
      (_, index) => new PostingConnection(url, `revenda posting ${index + 1}`, limits.lockTimeoutMs, undefined, topology),
    );
    this.#idle = [...this.#connections];
  }

  /** Commands not yet answered, for metrics. */
  get depth(): number {
    return this.#openCommands;
  }

  /** Connections that are posting now. */
  get batchesInFlight(): number {
    return this.#connections.length - this.#idle.length;
  }

  /** Rows that other sessions had locked when last seen, for metrics. */
  get rowsHeldByOthers(): number {
    return this.#parking.rowsHeld;
  }

  async post(command: Command): Promise<Outcome> {
    const [outcome] = await this.#post([command], false);
    if (!outcome) throw new Error('the ledger returned no outcome for a command');
    return outcome;
  }

  postAtomic(commands: readonly Command[]): Promise<readonly Outcome[]> {
    return this.#post(commands, true);
  }

  postEach(commands: readonly Command[]): Promise<readonly Outcome[]> {
    return this.#post(commands, false);
  }

  /** Refuses new commands, finishes the accepted ones, then closes the connections. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    this.#phase = 'draining';
    this.#schedulePump();
    await this.#drained.promise;
    this.#parking.stop();
    if (this.#expiryTimer) clearInterval(this.#expiryTimer);
    if (this.#overdueTimer) clearTimeout(this.#overdueTimer);
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  #post(commands: readonly Command[], atomic: boolean): Promise<readonly Outcome[]> {
    if (this.#uniqueValues === null) return this.#enqueue(commands, atomic, null);
    return this.#uniqueValues.around(commands, (usedValues) => this.#enqueue(commands, atomic, usedValues));
  }

  #enqueue(commands: readonly Command[], atomic: boolean, usedValues: UsedValues | null): Promise<readonly Outcome[]> {
    const refusal = this.#refuseEntry(commands.length) ?? this.#unreachable.refuse({ commands }, monotonicMs());
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const deadlineMs = monotonicMs() + this.#limits.deadlineMs;
      const submission: Submission = {
        commands,
        rows: commands.flatMap(rowsOf),
        atomic,
        alone: commands.some(postsAlone),
        usedValues,
        origin: requestOrigin.getStore(),
        deadlineMs,
        resolve,
        reject,
        state: 'waiting',
      };
      this.#waiting.push(submission);
      this.#open.add(submission);
      this.#openCommands += commands.length;
      this.#expiryTimer ??= setInterval(() => this.#giveUpExpired(), EXPIRY_CHECK_MS);
      this.#schedulePump();
    });
  }

  #refuseEntry(commands: number): Overloaded | null {
    if (this.#phase !== 'open') return new Overloaded(1, 'The server is stopping: try again, with the same idempotency key.');
    const batchesAhead = Math.floor(this.#openCommands / this.#limits.commandsPerBatch) / this.#connections.length;
    const waitMs = batchesAhead * this.#batchMs;
    if (this.#openCommands + commands <= this.#limits.maxOpenCommands && waitMs <= this.#limits.maxWaitMs) return null;
    return new Overloaded(Math.max(1, Math.ceil(waitMs / 1000)));
  }

  /** Pumps once in a turn of the event loop: callers of the last batch often send again in the same turn, and share the next batch. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#retryState === 'first') this.#retry();
    while (this.#idle.length > 0 && this.#start(this.#takeWaiting(), false)) this.#retryState = stateAfter(this.#retryState, 'batchBegins');
    this.#retry();
    if (this.#open.size > 0) {
      this.#pumpWhenOverdue();
      return;
    }
    if (this.#expiryTimer) clearInterval(this.#expiryTimer);
    this.#expiryTimer = null;
    this.#parking.forgetAll();
    if (this.#phase !== 'draining' || this.#idle.length < this.#connections.length) return;
    this.#phase = 'closed';
    this.#drained.resolve();
  }

  #retry(): void {
    const isInFlight = this.#retryState !== 'first' && this.#retryState !== 'last';
    if (isInFlight || this.#idle.length === 0) return;
    if (this.#start(this.#takeRetrying(), true)) this.#retryState = stateAfter(this.#retryState, 'retryBegins');
  }

  #start(batch: readonly Submission[], retrying: boolean): boolean {
    const connection = batch.length > 0 ? this.#idle.pop() : undefined;
    if (!connection) return false;
    for (const submission of batch) move(submission, 'posting');
    if (!retrying) {
      this.#inFlight.set(batch, { commands: commandsOf(batch), startedMs: monotonicMs() });
    }
    this.#run(connection, batch, retrying).catch(this.#reportError);
    return true;
  }

  /** How many commands justify a new batch now. */
  #leastCommands(): number {
    let commands = 0;
    for (const batch of this.#inFlight.values()) commands += batch.commands;
    return this.#untilOverdueMs() > 0 ? Math.ceil(commands * SHARE_OF_IN_FLIGHT) : 0;
  }

  /** The time until the oldest batch in flight counts as stuck; 0 if none is in flight. */
  #untilOverdueMs(): number {
    for (const { startedMs } of this.#inFlight.values()) {
      return startedMs + Math.min(this.#batchMs * STUCK_AFTER_BATCHES, MAX_STUCK_AFTER_MS) - monotonicMs();
    }
    return 0;
  }

  /** Pumps again when the batch in flight counts as stuck, because too few commands wait for a second batch until then. */
  #pumpWhenOverdue(): void {
    const leftMs = this.#idle.length > 0 && this.#waiting.length > 0 ? this.#untilOverdueMs() : 0;
    if (leftMs <= 0 || this.#overdueTimer) return;
    this.#overdueTimer = setTimeout(() => {
      this.#overdueTimer = null;
      this.#schedulePump();
    }, leftMs);
  }

  #takeWaiting(): Submission[] {
    const park = (submission: Submission) => {
      const isParked = this.#parking.needsHeld(submission);
      if (isParked) this.#park(submission);
      return isParked;
    };
    return this.#waiting.take(this.#limits.commandsPerBatch, this.#idle.length, park, this.#leastCommands());
  }

  #takeRetrying(): Submission[] {
    const { batch, left } = firstToRetry(this.#retrying, this.#limits.commandsPerBatch, this.#topology);
    this.#retrying = left;
    return batch.filter(({ state }) => state !== 'answered');
  }

  /** Posts one batch on one connection, with all retries and splits that it needs. */
  async #run(connection: PostingConnection, batch: readonly Submission[], retrying: boolean): Promise<void> {
    try {
      await this.#work(connection, batch, retrying);
    } finally {
      if (retrying) this.#retryState = stateAfter(this.#retryState, 'retryEnds');
      else {
        this.#inFlight.delete(batch);
        this.#waiting.free(batch);
      }
      this.#idle.push(connection);
      this.#schedulePump();
    }
  }

  async #work(connection: PostingConnection, batch: readonly Submission[], skipLocked: boolean): Promise<void> {
    const work: Attempt[] = [{ submissions: batch, skipLocked, pauseMs: 0 }];
    for (let attempt = work.shift(); attempt; attempt = work.shift()) {
      if (attempt.pauseMs > 0) await delay(attempt.pauseMs);
      const submissions = attempt.submissions.filter(({ state }) => state !== 'answered');
      if (submissions.length === 0) continue;
      const startedMs = monotonicMs();
      const ended = this.#observer.begun?.(
        submissions.map(({ origin }) => origin),
        commandsOf(submissions),
      );
      const result = await postBatch(connection, submissions, attempt.skipLocked, this.#topology);
      ended?.(result.status);
      if (result.status === 'committed' || result.status === 'unknown') announceChanges(this.#sink, submissions, result);
      if (result.status === 'committed') {
        this.#answer(submissions, result.results, monotonicMs() - startedMs);
        if (result.changes.length > 0) this.#sink.publish(result.changes);
        continue;
      }
      this.#observer.retried(result.status, () => submissions.flatMap(({ origin }) => origin?.requestId ?? []));
      if (result.status === 'unknown') this.#sink.wake(accountsOfTransfers(submissions));
      work.unshift(...this.#nextAttempts({ ...attempt, submissions }, result));
    }
  }

  #nextAttempts(attempt: Attempt, result: Exclude<BatchResult, { status: 'committed' }>): Attempt[] {
    const { submissions, skipLocked } = attempt;
    const pauseMs = Math.min(Math.max(attempt.pauseMs * 2, this.#limits.retryPauseMs), MAX_RETRY_PAUSE_MS);
    if (result.status === 'contended' && !skipLocked) return [{ submissions, skipLocked: true, pauseMs: 0 }];
    if (result.status === 'again' || result.status === 'unknown') return [{ submissions, skipLocked, pauseMs }];
    if (result.status === 'failed' && this.#topology === 'citus' && isMachineLost(result.error)) {
      this.#unreachable.saw(submissions, monotonicMs());
      for (const submission of submissions) this.#settle(submission, () => submission.reject(unreachable()));
      return [];
    }
    if (result.status === 'failed' && isUnavailable(result.error)) return [{ submissions, skipLocked, pauseMs }];
    const [only, ...more] = submissions;
    if (more.length > 0) {
      // One submission cannot be posted. Halving the batch finds it, so that the others do not fail with it.
      const middle = Math.ceil(submissions.length / 2);
      return [submissions.slice(0, middle), submissions.slice(middle)].map((half) => ({ submissions: half, skipLocked, pauseMs: 0 }));
    }
    if (!only) return [];
    if (result.status === 'contended') this.#park(only);
    else this.#settle(only, () => only.reject(result.error));
    return [];
  }

  #answer(submissions: readonly Submission[], results: readonly SubmissionResult[], ms: number): void {
    let commands = 0;
    for (const [index, submission] of submissions.entries()) {
      const result = results[index];
      if (!result) throw new Error('a batch returned fewer results than submissions');
      if (result.status === 'waiting') {
        this.#parking.sawHeld(result.rows);
        this.#park(submission);
        continue;
      }
      commands += submission.commands.length;
      this.#parking.sawFree(submission);
      if (result.status === 'decided') {
        for (const outcome of result.outcomes) this.#announce(outcome);
        this.#settle(submission, () => submission.resolve(result.outcomes));
      } else {
        this.#observer.refused(result.refusal.code);
        this.#settle(submission, () => submission.reject(result.refusal));
      }
    }
    if (commands === 0) return;
    this.#observer.posted(commands, ms);
    this.#batchMs += (ms - this.#batchMs) * BATCH_TIME_SMOOTHING;
  }

  #announce(outcome: Outcome): void {
    if (outcome.status === 'refused') this.#observer.refused(outcome.refusal.code);
    // The first attempt may have committed after `wake` made a subscriber read the journal, so wake it again.
    if (outcome.status === 'replayed' && outcome.own) this.#sink.wake([outcome.from, outcome.to].filter((account) => account !== null));
  }

  #settle(submission: Submission, answer: () => void): void {
    if (submission.state === 'answered') return;
    move(submission, 'answered');
    this.#open.delete(submission);
    this.#openCommands -= submission.commands.length;
    answer();
  }

  /** Rejects submissions that were not answered in time. Their outcome may be unknown; a retry with the same key settles it. */
  #giveUpExpired(): void {
    const now = monotonicMs();
    for (const submission of this.#open) {
      if (submission.deadlineMs > now) break;
      this.#settle(submission, () =>
        submission.reject(new Overloaded(1, 'This could not be confirmed in time: try again, with the same idempotency key.')),
      );
    }
    this.#parking.forgetOld(now);
    this.#unreachable.forgetOld(now);
    this.#schedulePump();
  }

  #park(submission: Submission): void {
    if (submission.state === 'answered') return;
    if (this.#parking.park(submission)) {
      move(submission, 'parked');
      return;
    }
    this.#settle(submission, () => submission.reject(new Overloaded(1)));
  }
}
