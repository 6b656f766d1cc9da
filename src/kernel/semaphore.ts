/** Limits how many tasks run at once and how many wait. */

import type { Refusal } from './errors.ts';

/** Runs a limited number of tasks at once. A limited number of further tasks wait, in order of arrival. */
export interface Semaphore {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Whether no task runs or waits. */
  isIdle(): boolean;
}

export interface SemaphoreLimits {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
}

/** `refusal` creates the error that `run` throws when too many tasks wait. */
export function createSemaphore(limits: SemaphoreLimits, refusal: () => Refusal): Semaphore {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < limits.maxConcurrent) {
      running += 1;
      return;
    }
    if (waiting.length >= limits.maxWaiting) throw refusal();
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  // Gives the free slot to the first waiting task directly, so that a newcomer cannot take it.
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    isIdle: () => running === 0,
  };
}
