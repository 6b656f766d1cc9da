/** Callers that transfer credits in a closed loop while a suite measures other work. */

import { median } from './measure.ts';
import { type Values, whole } from './report.ts';
import { type openQueue, type randomly, transferOf } from './world.ts';

export const CALLERS = 16;
const AROUND_MS = 3_000;

/** Callers that keep transferring credits while other work is measured. */
export interface Callers {
  /** Calls for this many milliseconds, and returns the transfers a second. */
  callFor(ms: number): Promise<number>;
  /** Calls while `work` runs, which returns its own duration in seconds. Also returns the callers' rate before and after it. */
  callDuring(
    work: () => Promise<number>,
    aroundMs?: number,
  ): Promise<{ readonly seconds: number; readonly during: number; readonly around: number }>;
}

/** Each caller transfers one credit, and calls again when it has the answer. */
export function callersOf(queue: ReturnType<typeof openQueue>, pick: ReturnType<typeof randomly>): Callers {
  async function call(isOver: () => boolean): Promise<number> {
    const startedMs = performance.now();
    let answers = 0;
    const caller = async () => {
      while (!isOver()) {
        const outcome = await queue.post(transferOf(pick()));
        if (outcome.status === 'refused') throw outcome.refusal;
        answers += 1;
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    return (answers * 1000) / (performance.now() - startedMs);
  }

  function callFor(ms: number): Promise<number> {
    const untilMs = performance.now() + ms;
    return call(() => performance.now() > untilMs);
  }

  return {
    callFor,
    async callDuring(work, aroundMs = AROUND_MS) {
      const before = await callFor(aroundMs);
      let isOver = false;
      const calls = call(() => isOver);
      const worked = work().finally(() => {
        isOver = true;
      });
      const [seconds, during] = await Promise.all([worked, calls]);
      return { seconds, during, around: (before + (await callFor(aroundMs))) / 2 };
    },
  };
}

/** Rates by name. Prints each rate when it is measured. */
export class Rates extends Map<string, number[]> {
  keep(name: string, perSecond: number): void {
    this.set(name, [...(this.get(name) ?? []), perSecond]);
    process.stderr.write(`${name}: ${whole(perSecond)}/s\n`);
  }
}

/** One row for each name: the median and the spread. */
export function rowsOf(values: Values): string[][] {
  return [...values].map(([name, of]) => [name, whole(median(of)), `${whole(Math.min(...of))} to ${whole(Math.max(...of))}`]);
}
