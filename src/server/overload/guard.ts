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
/** While the rest is refused, so many reads may be under way, and so many requests of nobody: signing in is one of these. */
const SHARE = 64;

/** What can be told of a request without parsing it. A read that looks like a mutation waits its turn like one; the other way round it takes a read's place. */
export type Kind = 'mutation' | 'read' | 'guest';

export function kindOf(text: string, hasCredentials: boolean): Kind {
  if (!hasCredentials) return 'guest';
  return text.includes('mutation') ? 'mutation' : 'read';
}

/** Whether this process is so far behind that new work should be refused before it is begun. */
export interface OverloadGuard {
  /** Nothing was refused of late. */
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
  /** Something that was let in was answered after so many milliseconds. */
  answered(afterMs: number): void;
  close(): void;
}

/**
 * When half of a sample's answers took longer than `answerWithinMs`, no more requests may be under way than were answered
 * in that time of late (Little's law). A few that wait for something of their own, as a row that a stranger holds, shut the
 * door on nobody. What a request waits before it is read is a turn of the event loop, and counts.
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
