/**
 * The outbox and its worker; every process runs one.
 *
 * | a message | its row | leaves this state by |
 * |---|---|---|
 * | waits | its lane is due, or will be due | a worker that takes the lane, when the message is the lane's first |
 * | is taken | `taken_by` a worker until `due_at`; the attempt is counted | `settle`, or the end of the lease if the worker crashed |
 * | is delivered | deleted | |
 * | has failed | its lane is due after a pause; later messages of the lane wait | like a message that waits |
 * | is dead | its body is erased | the sweep, after 30 days |
 *
 * A crash between any two statements leaves one of these states: a message that was sent but not settled is sent again after the lease.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { isLockTimeout, isUnavailable, retryTransient } from '../db/retry.ts';
import { ADMIN_LOCK_TIMEOUT_MS } from '../db/session-settings.ts';
import { setLocal } from '../db/set-local.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';
import type { Logger } from '../kernel/log.ts';
import type { SecretBox } from '../kernel/secrets.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { createInFlight } from './in-flight.ts';
import type { Channel, Message, Outbox, OutboxObserver, OutboxState, Outcome } from './outbox.ts';
import {
  buryMessage,
  countWaiting,
  deleteDead,
  deleteMessage,
  type Head,
  holdLane,
  insertMessage,
  noteFailure,
  postponeLane,
  releaseLane,
  type TakenLane,
  takeHead,
  takeLanes,
} from './rows.ts';

/** How often a worker checks for due lanes when nothing wakes it. */
const POLL_EVERY_MS = 1_000;
/** Concurrent attempts in one process, and at one target. Lanes that are taken together may exceed the limit of a target once. */
const MAX_IN_FLIGHT = 8;
const MAX_PER_TARGET = 4;
/** Time of the lease beyond the longest attempt, for settling its outcome. */
const LEASE_MARGIN_MS = 30_000;
/** The pause between retries of a settlement while the database is unavailable, as long as the lease lasts. */
const SETTLE_AGAIN_MS = 500;
const COUNT_EVERY_MS = 15_000;
const DEAD_DAYS = 30;
const SWEEP_ROWS = 1_000;
const MAX_WHY_CHARACTERS = 200;
/** The random part of each pause, so that messages that failed together are not retried together. */
const JITTER = 0.2;

export interface OutboxOptions {
  readonly sql: Sql;
  readonly secrets: SecretBox;
  readonly log: Logger;
  readonly observe: OutboxObserver;
  /** How the tables are distributed; a single database by default. */
  readonly topology?: Topology;
  readonly pollEveryMs?: number;
  /** How long a lane stays taken after its worker has crashed. */
  readonly leaseMs?: number;
}

export interface RunningOutbox extends Outbox {
  /** Begins to deliver. Messages that were written before wait until then. */
  start(channels: Readonly<Record<string, Channel>>): void;
  /** Stops taking lanes, and waits for the attempts in flight, each of which is bounded by its channel's time-out. */
  close(): Promise<void>;
  /** Removes a bounded number of messages that have been dead for DEAD_DAYS. */
  sweep(): Promise<void>;
}

export function createOutbox({ sql, secrets, log, observe, topology, pollEveryMs = POLL_EVERY_MS, leaseMs }: OutboxOptions): RunningOutbox {
  let channels: ReadonlyMap<string, Channel> = new Map();
  let running: Promise<void> | null = null;
  let counts: ReadonlyMap<string, OutboxState> = new Map();
  const inFlight = createInFlight({ maxInFlight: MAX_IN_FLIGHT, maxPerKey: MAX_PER_TARGET });
  const closing = new AbortController();
  observe.outboxState(() => counts);

  function leaseOf(): number {
    return leaseMs ?? Math.max(...[...channels.values()].map(({ attemptTimeoutMs }) => attemptTimeoutMs)) + LEASE_MARGIN_MS;
  }

  /** Takes due lanes and starts their attempts. Returns whether more may be due. */
  async function takeSome(): Promise<boolean> {
    const limit = Math.min(inFlight.free(), MAX_PER_TARGET);
    if (limit === 0) return false;
    const names = [...channels.keys()];
    const taking = { channels: names, busyTargets: inFlight.busyKeys(), takenBy: uuidv7(), leaseMs: leaseOf(), limit };
    const taken = await takeLanes(sql, taking, topology);
    for (const lane of taken) inFlight.run(lane.target, () => (closing.signal.aborted ? giveBack(lane) : work(lane)));
    return taken.length === limit;
  }

  /** Returns a lane that was taken while the outbox was closing. */
  async function giveBack(lane: TakenLane): Promise<void> {
    await settle(lane, (tx) => postponeLane(tx, lane, 0)).catch(() => {});
  }

  /** Never rejects: an attempt that cannot be settled waits for the end of its lease. */
  async function work(lane: TakenLane): Promise<void> {
    try {
      const head = await takeHead(sql, lane);
      if (head === null) await settle(lane, (tx) => releaseLane(tx, lane));
      else await attempt(lane, head);
    } catch (error) {
      log.warn({ err: error, channel: lane.channel }, 'a message of the outbox waits for the end of its lease');
    }
  }

  async function attempt(lane: TakenLane, head: Head): Promise<void> {
    const channel = channels.get(head.channel);
    if (channel === undefined) throw new Error('a message of another channel was taken');
    const { tenantId, id, attempt: number } = head;
    const body = opened(head);
    const message = { tenantId, id, channel: head.channel, attempt: number };
    const outcome = bounded(channel, head) ?? (body === null ? UNREADABLE : await deliver(channel, { ...message, body }));
    if (outcome.kind === 'delivered') {
      await settle(lane, async (tx) => {
        await deleteMessage(tx, head);
        await releaseLane(tx, lane);
      });
      observe.outboxDelivered(head.channel);
      return;
    }
    const why = outcome.why.slice(0, MAX_WHY_CHARACTERS);
    const pauseMs = channel.retryDelaysMs[number - 1];
    if (outcome.kind === 'failed' && pauseMs !== undefined) {
      await settle(lane, async (tx) => {
        await noteFailure(tx, head, why);
        await postponeLane(tx, lane, jittered(pauseMs));
      });
      observe.outboxFailed(head.channel);
      log.warn({ id, channel: head.channel, attempt: number, why }, 'a message was not delivered, and will be retried');
      return;
    }
    await settle(lane, async (tx) => {
      await channel.died(tx, { ...message, body }, why);
      await buryMessage(tx, head, why);
      await releaseLane(tx, lane);
    });
    observe.outboxDied(head.channel);
    log.warn({ id, channel: head.channel, attempt: number, why }, 'a message is dead: it will not be retried');
  }

  async function deliver(channel: Channel, message: Message): Promise<Outcome> {
    const signal = AbortSignal.timeout(channel.attemptTimeoutMs);
    const late = new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'failed', why: 'TIMEOUT' }), { once: true });
    });
    try {
      return await Promise.race([channel.deliver(message, signal), late]);
    } catch (error) {
      // The error's text may quote the message.
      log.error({ id: message.id, channel: message.channel, type: nameOf(error) }, 'a channel of the outbox threw');
      return { kind: 'failed', why: nameOf(error) };
    }
  }

  function opened({ tenantId, id, body }: Head): string | null {
    try {
      return secrets.open(body, bodyContext(tenantId, id));
    } catch {
      return null;
    }
  }

  /** Writes in one transaction, if this worker still has the lane: after the lease another worker may have it. */
  async function settle(lane: TakenLane, write: (tx: Transaction) => Promise<void>): Promise<void> {
    const until = performance.now() + leaseOf();
    const once = () =>
      sql.begin('ISOLATION LEVEL READ COMMITTED', async (tx) => {
        await setLocal(tx, { lock_timeout: ADMIN_LOCK_TIMEOUT_MS });
        if (await holdLane(tx, lane)) await write(tx);
      });
    for (;;) {
      try {
        await retryTransient(once, { attempts: SETTLE_ATTEMPTS });
        return;
      } catch (error) {
        if (!(isUnavailable(error) || isLockTimeout(error)) || closing.signal.aborted || performance.now() > until) throw error;
        await delay(SETTLE_AGAIN_MS);
      }
    }
  }

  async function count(): Promise<void> {
    const rows = await countWaiting(sql);
    const idle = [...channels.keys()].map((channel) => [channel, { waiting: 0, oldestSeconds: 0 }] as const);
    counts = new Map([...idle, ...rows.map(({ channel, waiting, oldestSeconds }) => [channel, { waiting, oldestSeconds }] as const)]);
  }

  async function run(): Promise<void> {
    let countedAtMs = Number.NEGATIVE_INFINITY;
    while (!closing.signal.aborted) {
      let isMore = false;
      try {
        isMore = await takeSome();
        if (performance.now() - countedAtMs >= COUNT_EVERY_MS) {
          countedAtMs = performance.now();
          await count();
        }
      } catch (error) {
        log.warn({ err: error }, 'the outbox cannot be read');
      }
      if (!isMore) await inFlight.change(pollEveryMs);
    }
  }

  return {
    async write(tx, message) {
      const id = uuidv7();
      await insertMessage(tx, { ...message, id, body: secrets.seal(message.body, bodyContext(message.tenantId, id)) });
    },
    wake: () => inFlight.wake(),
    start(given) {
      channels = new Map(Object.entries(given));
      if (channels.size > 0) running = run();
    },
    async close() {
      closing.abort();
      inFlight.wake();
      await running;
      await inFlight.idle();
    },
    sweep: () => deleteDead(sql, DEAD_DAYS, SWEEP_ROWS, topology),
  };
}

const SETTLE_ATTEMPTS = 5;
const UNREADABLE: Outcome = { kind: 'dead', why: 'UNREADABLE' };

/** The outcome of a message that is not tried: it is too late, or all its attempts are used up, for example because each crashed its process. */
function bounded(channel: Channel, { attempt, isExpired, lastError }: Head): Outcome | null {
  if (isExpired) return { kind: 'dead', why: lastError === null ? 'EXPIRED' : `EXPIRED after ${lastError}` };
  if (attempt > channel.retryDelaysMs.length + 1) return { kind: 'dead', why: lastError ?? 'CRASHED' };
  return null;
}

function bodyContext(tenantId: string, id: string): string {
  return `outbox_message.body ${tenantId} ${id}`;
}

function jittered(pauseMs: number): number {
  return pauseMs * (1 - JITTER + 2 * JITTER * Math.random());
}

/** The error's code if it has one, else its name. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
