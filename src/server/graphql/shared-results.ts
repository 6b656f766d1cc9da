/** Executes one change once for all subscribers with the same operation, variables and rights. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { EventText } from '../websocket/frame.ts';
import type { Operation } from './documents.ts';
import type { Rejection } from './rejection.ts';

/**
 * How long a result computed for one subscriber may be reused for the others. It bounds the age of a result's "now".
 * It need not bound rights: a subscriber that loses one stops listening, and the viewer is part of the key.
 */
const SHARED_MS = 1_000;
/** Events whose answers are kept, at most twice as many: subscribers that share an answer request it within moments. */
const EVENTS_KEPT = 512;

export type Answer = EventText | Rejection;

interface Shared {
  readonly operation: Operation;
  readonly requestKey: string;
  readonly answer: Answer | Promise<Answer>;
  readonly madeMs: number;
}

/** One change is executed once for all subscribers with the same operation, variables and rights (ADR-0017). */
export interface SharedResults {
  /** `requestKey` is a key of everything else that an answer depends on: the variables and the viewer's rights. */
  answer(event: unknown, operation: Operation, requestKey: string, make: () => Answer | Promise<Answer>): Answer | Promise<Answer>;
}

/**
 * Uses two bounded maps, not a WeakMap. With one subscriber for each of thousands of accounts, two weak maps for each event made
 * garbage collection a quarter of the process' time. Entries are not removed one by one: the older map is dropped as a whole.
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
    answer(event, operation, requestKey, make) {
      // Only objects have an identity, which shows that two events are the same.
      if (typeof event !== 'object' || event === null) return make();
      const nowMs = monotonicMs();
      const answers = newer.get(event) ?? older.get(event);
      const known = answers?.findLast((shared) => shared.operation === operation && shared.requestKey === requestKey);
      if (known && nowMs - known.madeMs < SHARED_MS) return known.answer;
      const answer = make();
      keep(event, { operation, requestKey, answer, madeMs: nowMs });
      return answer;
    },
  };
}
