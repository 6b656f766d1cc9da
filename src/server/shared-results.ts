import { monotonicMs } from '../kernel/clock.ts';
import type { Operation } from './documents.ts';
import type { Rejection } from './rejection.ts';

/**
 * How long what one subscriber was answered for an event is the answer to others. Rights are looked after elsewhere: who
 * loses one stops listening, and the viewer is part of the key; this bounds how old the "now" of an answer may be.
 */
const SHARED_MS = 1_000;

type Answer = string | Rejection;

interface Shared {
  readonly answer: Answer | Promise<Answer>;
  readonly madeMs: number;
}

/** One change, one execution, one text: for all who asked the same of it with the same rights. */
export interface SharedResults {
  /** `asked` names everything an answer depends on besides the operation and the event: variables, and the viewer's rights. */
  answer(event: unknown, operation: Operation, asked: string, make: () => Answer | Promise<Answer>): Answer | Promise<Answer>;
}

export function createSharedResults(): SharedResults {
  const byEvent = new WeakMap<object, WeakMap<Operation, Map<string, Shared>>>();
  return {
    answer(event, operation, asked, make) {
      // Without an identity nothing says that two events are the same.
      if (typeof event !== 'object' || event === null) return make();
      const byOperation = byEvent.get(event) ?? new WeakMap<Operation, Map<string, Shared>>();
      byEvent.set(event, byOperation);
      const answers = byOperation.get(operation) ?? new Map<string, Shared>();
      byOperation.set(operation, answers);
      const nowMs = monotonicMs();
      const known = answers.get(asked);
      if (known && nowMs - known.madeMs < SHARED_MS) return known.answer;
      const answer = make();
      answers.set(asked, { answer, madeMs: nowMs });
      return answer;
    },
  };
}
