/**
 * Delivers to endpoints; every process runs this (R50, ADR-0089).
 *
 * | state of an endpoint | row | it leaves this state when |
 * |---|---|---|
 * | idle | `due_at` is null | new deliveries are written |
 * | waiting | `due_at` is the time of its next attempt | a process takes it |
 * | taken | `taken_by` a process until `taken_until` | the process finishes its turn, or died and the lease ends |
 * | disabled | `disabled_at` is set | its owner enables it; waiting deliveries stay |
 *
 * Deliveries of one subject are sent one after another, and those of other subjects do not wait for them. After a crash between any
 * two statements an endpoint is in one of these states. A delivery that was sent but not settled is sent again with the same id.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable } from '../../db/retry.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { createInFlight } from '../../outbox/in-flight.ts';
import type { Ports } from '../ports.ts';
import { mayStillBeSent } from '../reminder/still-applies.ts';
import { transact } from '../transact.ts';
import { hostOf } from './endpoint.ts';
import { REMINDER_SUBJECT } from './payloads.ts';
import { ATTEMPT_TIMEOUT_MS, type Attempt, type Sender } from './sender.ts';
import { type Outcome, settle } from './settle.ts';
import { secretContext } from './signature.ts';
import { type Due, giveBack, holdTaken, readDue, type Taken, takeEndpoints } from './turn-rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The pauses before the second and each further attempt. After the last attempt a delivery is dead (R50). */
const RETRY_DELAYS_MS: readonly number[] = [5_000, 30_000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS];
/** An endpoint at which every delivery fails pauses too: by the same delays, but never longer than this. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;
const JITTER = 0.2;
/** Concurrent endpoints of one process, and concurrent attempts at one endpoint. */
const ENDPOINTS_AT_ONCE = 32;
const ATTEMPTS_AT_ONCE = 8;
/** After this long, an endpoint with many deliveries gives way to others. */
const TURN_MS = 20_000;
/** The lease outlasts a turn and its last attempts. */
const LEASE_MS = TURN_MS + 2 * ATTEMPT_TIMEOUT_MS + 20_000;
const POLL_EVERY_MS = 1_000;
const SETTLE_AGAIN_MS = 500;

export interface DeliveryObserver {
  webhookAttempt(outcome: Outcome): void;
}

interface Options {
  readonly ports: Pick<Ports, 'sql' | 'topology' | 'secrets' | 'mail' | 'outbox'>;
  readonly sender: Sender;
  readonly log: Logger;
  readonly observe: DeliveryObserver;
  /** Called when an endpoint needs its owner's attention. */
  readonly changed: () => void;
  readonly retryDelaysMs?: readonly number[] | undefined;
  readonly leaseMs?: number | undefined;
}

export interface Deliverer {
  start(): void;
  /** Call this when a delivery is due. It neither blocks nor throws. */
  wake(): void;
  /** Aborts the running attempts; their deliveries are sent again. */
  close(): Promise<void>;
}

export function createDeliverer({
  changed,
  leaseMs = LEASE_MS,
  log,
  observe,
  ports,
  retryDelaysMs = RETRY_DELAYS_MS,
  sender,
}: Options): Deliverer {
  const turns = createInFlight({ maxInFlight: ENDPOINTS_AT_ONCE, maxPerKey: 1 });
  const closing = new AbortController();
  const { sql } = ports;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const limit = turns.free();
        const taken = limit > 0 ? await takeEndpoints(ports, { limit, leaseMs, takenBy: uuidv7() }) : [];
        for (const one of taken) turns.run(one.id, () => turn(one));
      } catch (error) {
        log.warn({ err: error }, 'webhooks cannot be sent: the next attempt follows');
      }
      await turns.change(POLL_EVERY_MS);
    }
  }

  async function turn(taken: Taken): Promise<void> {
    const until = performance.now() + Math.min(TURN_MS, leaseMs / 2);
    try {
      let isFailing = false;
      while (!closing.signal.aborted && !isFailing && performance.now() < until) {
        const due = await readDue(sql, taken, ATTEMPTS_AT_ONCE);
        if (due.length === 0) break;
        const outcomes = await Promise.all(due.map((one) => attempt(taken, one)));
        isFailing = !outcomes.some((outcome) => outcome === 'delivered' || outcome === 'withdrawn');
      }
      await transact(ports, async (tx) => {
        const held = await holdTaken(tx, taken);
        if (held === null) return {};
        const failedTurns = isFailing ? held.failedTurns + 1 : 0;
        const pauseMs = pauseAfter(Math.min(failedTurns, retryDelaysMs.length), LONGEST_PAUSE_MS) ?? 0;
        await giveBack(tx, taken, { failedTurns, pauseMs });
        return {};
      });
    } catch (error) {
      // The endpoint becomes free when its lease ends.
      if (!isUnavailable(error) && !(error instanceof Overloaded))
        log.error({ err: error, endpoint: taken.id }, 'an endpoint cannot be served');
    }
  }

  async function attempt(taken: Taken, due: Due): Promise<Outcome> {
    const answer = await post(taken, due);
    // The attempt was aborted, so it is unknown whether the message arrived.
    if (closing.signal.aborted && answer.kind === 'failed') return 'lost';
    const pauseMs = pauseAfter(due.attempts + 1);
    const { isNews, outcome } = await patiently(() => transact(ports, (tx) => settle(ports, tx, taken, due, answer, pauseMs)));
    if (isNews) changed();
    if (outcome === 'withdrawn') return outcome;
    observe.webhookAttempt(outcome);
    if (outcome !== 'delivered') log.debug({ delivery: due.id, host: hostOf(due.url), outcome, answer }, 'a webhook was not delivered');
    ports.outbox.wake();
    return outcome;
  }

  /** Retries while the lease is safe, so that a short outage of the database does not cause a delivered message to be sent again. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + leaseMs / 2;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isPassing = isUnavailable(error) || error instanceof Overloaded;
        if (!isPassing || closing.signal.aborted || performance.now() > until) throw error;
        await delay(SETTLE_AGAIN_MS);
      }
    }
  }

  async function post(taken: Taken, { body, id, oldSecret, secret, subject, timestamp, url }: Due): Promise<Attempt> {
    if (subject.startsWith(REMINDER_SUBJECT)) {
      const reminder = { tenantId: taken.tenantId, id: subject.slice(REMINDER_SUBJECT.length) };
      if (!(await mayStillBeSent(sql, reminder))) return { kind: 'withdrawn' };
    }
    try {
      const secrets = [secret, ...(oldSecret === null ? [] : [oldSecret])].map((one) => ports.secrets.open(one, secretContext(taken)));
      return await sender.send({ url, id, timestamp, body, secrets }, closing.signal);
    } catch {
      return { kind: 'failed', why: 'SECRET_UNREADABLE' };
    }
  }

  /** Returns null if there is no further attempt after this many failures. */
  function pauseAfter(failures: number, longestMs = Number.POSITIVE_INFINITY): number | null {
    const pauseMs = retryDelaysMs[failures - 1];
    return pauseMs === undefined ? null : Math.min(pauseMs, longestMs) * (1 - JITTER + 2 * JITTER * Math.random());
  }

  return {
    start() {
      running = run();
    },
    wake: () => turns.wake(),
    async close() {
      closing.abort();
      turns.wake();
      await running;
      await turns.idle();
    },
  };
}
