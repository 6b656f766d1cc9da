/** Decides whether the process is so far behind that new work must be refused. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Load } from '../http/body.ts';
import type { Limits } from '../limits.ts';

const SAMPLE_MS = 250;
const RESOLUTION_MS = 10;
/** Fewer samples than these say nothing about the usual turn: one long turn is not an overload. */
const MIN_SAMPLES = 3;
const NS_PER_MS = 1e6;
/** So many requests may be under way however slowly they are answered. */
const ALWAYS_UNDER_WAY = 512;
/** How much more is let in, sample by sample, while what is let in is answered in time and more is refused. */
const GROWTH = 1.1;
/** While other requests are refused, this many reads may be in flight, and this many requests without credentials, as a sign-in. */
const SHARE = 64;

/** What can be told of a request without parsing it. A read that looks like a mutation waits its turn like one; the other way round it takes a read's place. */
export type Kind = 'mutation' | 'read' | 'guest';

export function kindOf(text: string, hasCredentials: boolean): Kind {
  if (!hasCredentials) return 'guest';
  return text.includes('mutation') ? 'mutation' : 'read';
}

/** Whether this process is so far behind that new work should be refused before it is begun. */
export interface OverloadGuard {
  /** Nothing was refused recently. */
  isCalm(): boolean;
  /** Nothing more is let in. */
  isFull(): boolean;
  /** Only what has a share of its own is let in. */
  isBusy(): boolean;
  /** Whether, while it is busy, one of these is let in. */
  hasRoom(kind: Kind): boolean;
  /** One of these was let in; call the result when it is answered, once. */
  take(kind: Kind): () => void;
  /** Something was refused that would have been let in otherwise. */
  refused(): void;
  /** An admitted request was answered, after this many milliseconds. */
  answered(afterMs: number): void;
  close(): void;
}

/**
 * When half of a sample's answers took longer than `answerWithinMs`, the number of requests in flight is limited to the answers
 * of the last such time (Little's law). A few requests that wait for something of their own, as a row locked by another session,
 * do not close the door. The time before a request is read is a turn of the event loop, and counts.
 */
export function watchOverload(
  limits: Pick<Limits, 'eventLoopDelayMs' | 'answerWithinMs' | 'unansweredRequests'>,
  load: Pick<Load, 'requests'>,
): OverloadGuard {
  const { eventLoopDelayMs, answerWithinMs, unansweredRequests } = limits;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // Mutations have no share: theirs is taken from the beginning.
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
    // Without an answer it is not this process that is late: it waits for something.
    const isSlow = lateAnswers * 2 > answers;
    if (isSlow) most = Math.max(ALWAYS_UNDER_WAY, (answers * answerWithinMs) / (nowMs - sinceMs));
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
