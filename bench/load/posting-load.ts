/** A process with its own posting queue and its own callers: one of several processes on one database. */
import { answerParent } from '../child.ts';
import { callAgain } from '../measure.ts';
import { type Forest, openQueue, randomly, transferOf } from '../world.ts';

export interface PostingJob {
  readonly url: string;
  readonly forest: Forest;
  readonly callers: number;
}

let load: ((forMs: number) => ReturnType<typeof callAgain>) | null = null;

answerParent((question, value) => {
  if (question === 'load') return load?.(Number(value));
  const { url, forest, callers } = value as PostingJob;
  const queue = openQueue(url);
  const pick = randomly(forest);
  load = (forMs) =>
    callAgain(callers, forMs, async () => {
      await queue.post(transferOf(pick()));
      return 1;
    });
  return undefined;
});
