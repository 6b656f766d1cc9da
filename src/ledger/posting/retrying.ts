/** Chooses which commands that are due for a retry go into one batch. */

import type { Topology } from '../../db/topology.ts';
import type { Submission } from './submission.ts';
import { tenantOf } from './waiting-by-tenant.ts';

/** One attempt to post a batch or a part of it. */
export interface Attempt {
  readonly submissions: readonly Submission[];
  readonly skipLocked: boolean;
  readonly pauseMs: number;
}

/**
 * Splits off the first submissions, with up to `mostCommands` commands (a larger one is posted alone), and returns the rest as `left`.
 * On a distributed database the batch contains submissions of the first submission's tenant only.
 */
export function firstToRetry(
  retrying: readonly Submission[],
  mostCommands: number,
  topology: Topology,
): { batch: Submission[]; left: Submission[] } {
  const [first] = retrying;
  const isOurs = (submission: Submission) => topology === 'single' || (first !== undefined && tenantOf(submission) === tenantOf(first));
  const batch: Submission[] = [];
  const left: Submission[] = [];
  let commands = 0;
  let isFull = false;
  for (const submission of retrying) {
    const fits = batch.length === 0 || !(submission.alone || commands + submission.commands.length > mostCommands);
    if (isFull || !isOurs(submission)) {
      left.push(submission);
    } else if (fits) {
      batch.push(submission);
      commands += submission.commands.length;
      isFull = submission.alone;
    } else {
      left.push(submission);
      isFull = true;
    }
  }
  return { batch, left };
}
