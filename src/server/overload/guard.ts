/** Decides whether the process is so far behind that new work must be refused. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Load } from '../http/body.ts';
import type { Limits } from '../limits.ts';

const SAMPLE_MS = 250;
const RESOLUTION_MS = 10;
/** Fewer samples do not show the usual turn of the event loop: one long turn is not an overload. */
const MIN_SAMPLES = 3;
const NS_PER_MS = 1e6;
/** This many requests may always be in flight, however slowly they are answered. */
const ALWAYS_IN_FLIGHT = 512;
/** How much the limit grows with each sample, while admitted requests are answered in time and others are refused. */
const GROWTH = 1.1;
/** While other requests are refused, this many reads may be in flight, and this many requests without credentials, such as sign-ins. */
const SHARE = 64;

/** A guess at the kind of a request, made without parsing it. A request that only looks like a mutation, or like a read, is treated as one. */
export type Kind = 'mutation' | 'read' | 'guest';

export function kindOf(text: string, hasCredentials: boolean): Kind {
  if (!hasCredentials) return 'guest';
  return text.includes('mutation') ? 'mutation' : 'read';
}

/** Whether this process is so far behind that new work should be refused before it is begun. */
export interface OverloadGuard {
  /** Whether no limit is in force. */
  isCalm(): boolean;
  /** Whether every new request is refused. */
  isFull(): boolean;
  /** Whether only requests with a quota of their own are admitted. */
  isBusy(): boolean;
  /** Whether a request of this kind is admitted while the server is busy. */
  hasRoom(kind: Kind): boolean;
  /** Counts an admitted request of this kind. Call the result once, when the request is answered. */
  take(kind: Kind): () => void;
  /** Call this when a request was refused only because the server is busy. */
  refused(): void;
  /** An admitted request was answered, after this many milliseconds. */
  answered(afterMs: number): void;
  close(): void;
}

/**
 * When over half of a sample's answers took longer than `answerWithinMs`, requests in flight are limited to the number of answers
 * in such a time (Little's law). A few slow requests, for example behind a row that another session has locked, cause no limit.
 * The time before a request is read, which is one turn of the event loop, counts too.
 */
export function watchOverload(
  limits: Pick<Limits, 'eventLoopDelayMs' | 'answerWithinMs' | 'unansweredRequests'>,
  load: Pick<Load, 'requests'>,
): OverloadGuard {
  const { eventLoopDelayMs, answerWithinMs, unansweredRequests } = limits;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // Mutations have no quota: theirs is used up from the beginning.
  const shares = { mutation: SHARE, read: 0, guest: 0 };
  let isLate = false;
  let turnMs = 0;
  let most = Number.POSITIVE_INFINITY;
  let hasRefused = false;
  let answers = 0;
  let lateAnswers = 0;
  let sinceMs = monotonicMs();
  delays.enable();

  function sample(): void {
    const nowMs = monotonicMs();
    const delayMs = delays.percentile(50) / NS_PER_MS;
    isLate = delays.count >= MIN_SAMPLES && delayMs > eventLoopDelayMs;
    turnMs = delays.count > 0 ? Math.max(0, delayMs - RESOLUTION_MS) : 0;
    delays.reset();
    // If there are no answers at all, this process is not slow: it waits for something else.
    const isSlow = lateAnswers * 2 > answers;
    if (isSlow) most = Math.max(ALWAYS_IN_FLIGHT, (answers * answerWithinMs) / (nowMs - sinceMs));
    else most = hasRefused ? most * GROWTH : Number.POSITIVE_INFINITY;
    hasRefused = false;
    answers = 0;
    lateAnswers = 0;
    sinceMs = nowMs;
  }

  const timer = setInterval(sample, SAMPLE_MS).unref();
  const isFull = () => isLate || load.requests >= unansweredRequests;
  return {
    isCalm: () => most === Number.POSITIVE_INFINITY && !isFull(),
    isFull,
    isBusy: () => load.requests >= most || isFull(),
    hasRoom: (kind) => shares[kind] < SHARE && !isFull(),
    take(kind) {
      shares[kind] += 1;
      return () => {
        shares[kind] -= 1;
      };
    },
    refused() {
      hasRefused = true;
    },
    answered(afterMs) {
      answers += 1;
      if (afterMs + turnMs > answerWithinMs) lateAnswers += 1;
    },
    close() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
