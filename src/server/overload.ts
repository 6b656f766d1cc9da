import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicMs } from '../kernel/clock.ts';

const SAMPLE_MS = 250;
const RESOLUTION_MS = 10;
/** Fewer samples than these say nothing about the usual turn: one long turn is not an overload. */
const MIN_SAMPLES = 3;
const NS_PER_MS = 1e6;
/** So many requests may be under way however slowly they are answered. */
const ALWAYS_UNDER_WAY = 512;

export interface OverloadLimits {
  readonly eventLoopDelayMs: number;
  readonly answerWithinMs: number;
}

/** Whether this process is so far behind that new work should be refused before it is read. */
export interface OverloadGuard {
  /** `underWay`: requests received and not answered. */
  isOverloaded(underWay: number): boolean;
  /** A request was answered after so many milliseconds. */
  answered(afterMs: number): void;
  close(): void;
}

/**
 * When half of a sample's answers took longer than `answerWithinMs`, no more requests may be under way than were answered
 * in that time of late. A few that wait for something of their own, as a row that a stranger holds, shut the door on nobody.
 */
export function watchOverload({ eventLoopDelayMs, answerWithinMs }: OverloadLimits): OverloadGuard {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let isLate = false;
  let most = Number.POSITIVE_INFINITY;
  let answers = 0;
  let lateAnswers = 0;
  let sinceMs = monotonicMs();
  delays.enable();

  function sample(): void {
    const nowMs = monotonicMs();
    isLate = delays.count >= MIN_SAMPLES && delays.percentile(50) / NS_PER_MS > eventLoopDelayMs;
    delays.reset();
    // Without an answer it is not this process that is late: it waits for something.
    const isSlow = lateAnswers * 2 > answers;
    most = isSlow ? Math.max(ALWAYS_UNDER_WAY, (answers * answerWithinMs) / (nowMs - sinceMs)) : Number.POSITIVE_INFINITY;
    answers = 0;
    lateAnswers = 0;
    sinceMs = nowMs;
  }

  const timer = setInterval(sample, SAMPLE_MS).unref();
  return {
    isOverloaded: (underWay) => isLate || underWay >= most,
    answered(afterMs) {
      answers += 1;
      if (afterMs > answerWithinMs) lateAnswers += 1;
    },
    close() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
