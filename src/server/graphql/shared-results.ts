/** Executes one change once for all subscribers that asked the same with the same rights. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { EventText } from '../websocket/frame.ts';
import type { Operation } from './documents.ts';
import type { Rejection } from './rejection.ts';

/**
 * How long a result computed for one subscriber may be reused for the others. It bounds the age of a result's "now".
 * It need not bound rights: a subscriber that loses one stops listening, and the viewer is part of the key.
 */
const SHARED_MS = 1_000;
/** Events whose answers are kept, twice as many at most: those who share one ask for it in the same moment. */
const EVENTS_KEPT = 512;

export type Answer = EventText | Rejection;

interface Shared {
  readonly operation: Operation;
  readonly asked: string;
  readonly answer: Answer | Promise<Answer>;
  readonly madeMs: number;
}

/** One change is executed once for all subscribers that asked the same with the same rights (ADR-0017). */
export interface SharedResults {
  /** `asked` names everything an answer depends on besides the operation and the event: variables, and the viewer's rights. */
  answer(event: unknown, operation: Operation, asked: string, make: () => Answer | Promise<Answer>): Answer | Promise<Answer>;
}

/**
 * Two bounded maps in turn, not a WeakMap: where each of thousands of accounts has one subscriber, two weak maps an event made
 * a quarter of the process' time garbage collection. Nothing is removed by itself: the older map is dropped as a whole.
 */
export function createSharedResults(): SharedResults {
  let newer = new Map<object, Shared[]>();
  let older = new Map<object, Shared[]>();

  function keep(event: object, shared: Shared): void {
    const answers = newer.get(event) ?? older.get(event);
    if (answers) {
      answers.push(shared);
      return;
    }
    if (newer.size === EVENTS_KEPT) {
      older = newer;
      newer = new Map();
    }
    newer.set(event, [shared]);
  }

  return {
    answer(event, operation, asked, make) {
      // Without an identity nothing says that two events are the same.
      if (typeof event !== 'object' || event === null) return make();
      const nowMs = monotonicMs();
      const answers = newer.get(event) ?? older.get(event);
      const known = answers?.findLast((shared) => shared.operation === operation && shared.asked === asked);
      if (known && nowMs - known.madeMs < SHARED_MS) return known.answer;
      const answer = make();
      keep(event, { operation, asked, answer, madeMs: nowMs });
      return answer;
    },
  };
}
