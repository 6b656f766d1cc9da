/**
 * Delivers to endpoints, as every process does (R50, ADR-0089).
 *
 * | an endpoint | row | leaves this state by |
 * |---|---|---|
 * | has nothing to do | `due_at` is null | new deliveries |
 * | waits | `due_at` is when its next delivery is tried | a process that takes it |
 * | is taken | `taken_by` a process until `taken_until` | the end of its turn, or of the lease when the process died |
 * | is disabled | `disabled_at` | its owner; what waits stays |
 *
 * Deliveries of one subject follow one another; those of others do not wait for it. A crash between any two statements leaves one of
 * these: what was posted and not settled is posted again, under the same id.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable } from '../../db/retry.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { createInFlight } from '../../outbox/in-flight.ts';
import type { Ports } from '../ports.ts';
import { mayStillLeave } from '../reminder/still-true.ts';
import { transact } from '../transact.ts';
import { hostOf } from './endpoint.ts';
import { REMINDER_SUBJECT } from './payloads.ts';
import { ATTEMPT_TIMEOUT_MS, type Attempt, type Sender } from './sender.ts';
import { type Outcome, settle } from './settle.ts';
import { secretContext } from './signature.ts';
import { type Due, giveBack, holdTaken, readDue, type Taken, takeEndpoints } from './turn-rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Before the second and each further attempt; after the last one a delivery is dead (R50). */
const RETRY_DELAYS_MS: readonly number[] = [5_000, 30_000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS];
/** An endpoint where all fails is not tried before such a pause: with its first ones, and never a longer one. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;
const JITTER = 0.2;
/** Endpoints at once in one process, and attempts at once at one of them. */
const ENDPOINTS_AT_ONCE = 32;
const ATTEMPTS_AT_ONCE = 8;
/** An endpoint with much to do lets others have its place after this long. */
const TURN_MS = 20_000;
/** Beyond a turn and its last attempts. */
const LEASE_MS = TURN_MS + 2 * ATTEMPT_TIMEOUT_MS + 20_000;
const LOOK_EVERY_MS = 1_000;
const SETTLE_AGAIN_MS = 500;

export interface DeliveryObserver {
  webhookAttempt(outcome: Outcome): void;
}

interface Options {
  readonly ports: Pick<Ports, 'sql' | 'topology' | 'secrets' | 'mail' | 'outbox'>;
  readonly sender: Sender;
  readonly log: Logger;
  readonly observe: DeliveryObserver;
  /** An endpoint needs its owner. */
  readonly changed: () => void;
  readonly retryDelaysMs?: readonly number[] | undefined;
  readonly leaseMs?: number | undefined;
}

export interface Deliverer {
  start(): void;
  /** Something is due. Neither blocks nor throws. */
  wake(): void;
  /** Breaks off what is under way: it is sent again. */
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
        log.warn({ err: error }, 'webhooks wait');
      }
      await turns.change(LOOK_EVERY_MS);
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
      // The lease ends by itself.
      if (!isUnavailable(error) && !(error instanceof Overloaded))
        log.error({ err: error, endpoint: taken.id }, 'an endpoint cannot be served');
    }
  }

  async function attempt(taken: Taken, due: Due): Promise<Outcome> {
    const answer = await post(taken, due);
    // Broken off: nobody knows whether it arrived.
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

  /** As long as the lease lasts: what was posted should not be posted again because the database was away for a moment. */
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
      if (!(await mayStillLeave(sql, reminder))) return { kind: 'withdrawn' };
    }
    try {
      const secrets = [secret, ...(oldSecret === null ? [] : [oldSecret])].map((one) => ports.secrets.open(one, secretContext(taken)));
      return await sender.send({ url, id, timestamp, body, secrets }, closing.signal);
    } catch {
      return { kind: 'failed', why: 'SECRET_UNREADABLE' };
    }
  }

  /** null: there is no attempt after so many. */
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
