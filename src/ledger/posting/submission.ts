/** One caller's commands, and their state in the queue. */

import type { RequestOrigin } from '../../kernel/request-origin.ts';
import type { Command } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { transferAccountsOf } from '../rules/footprint.ts';
import type { UsedValues } from './unique-values.ts';

/**
 * | state | the submission is | next states |
 * |---|---|---|
 * | waiting | in line, in order of arrival (waiting.ts) | posting, parked, answered |
 * | posting | in a batch on a connection | parked, answered |
 * | parked | set aside, because another session has locked a row that it needs (parking.ts) | due, answered |
 * | due | in line for the next retry | posting, answered |
 * | answered | out of the queue: decided, refused or expired | |
 */
export type SubmissionState = keyof typeof NEXT;

const NEXT = {
  waiting: ['posting', 'parked', 'answered'],
  posting: ['parked', 'answered'],
  parked: ['due', 'answered'],
  due: ['posting', 'answered'],
  answered: [],
} as const satisfies Record<string, readonly string[]>;

/** One caller's commands. They are never split, and answered together. */
export interface Submission {
  readonly commands: readonly Command[];
  /** The names of all rows and locks that its commands may wait for. */
  readonly rows: readonly string[];
  /** Whether all commands are posted or none. */
  readonly atomic: boolean;
  /** Whether it is posted in a batch of its own. */
  readonly alone: boolean;
  /** Unique values of its commands that another tenant of a distributed database already uses. */
  readonly usedValues: UsedValues | null;
  /** The request that it belongs to, for log lines and traces; undefined if there is none. */
  readonly origin: RequestOrigin | undefined;
  /** When it expires, in monotonic milliseconds. */
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
  /** Only `move` changes it. */
  state: SubmissionState;
}

/** Throws for a change that is not in the table: the submission would be posted twice, or never answered. */
export function move(submission: Pick<Submission, 'state'>, to: SubmissionState): void {
  const next: readonly SubmissionState[] = NEXT[submission.state];
  if (!next.includes(to)) throw new Error(`a submission of the posting queue that is ${submission.state} cannot be ${to}`);
  submission.state = to;
}

export function commandsOf(submissions: readonly Submission[]): number {
  return submissions.reduce((sum, { commands }) => sum + commands.length, 0);
}

/** The accounts that their transfers go from and to. */
export function accountsOfTransfers(submissions: readonly Submission[]): { tenantId: string; id: string }[] {
  return submissions.flatMap((submission) =>
    submission.commands.flatMap((command) => {
      const { fromId, toId } = transferAccountsOf(command);
      return [fromId, toId].flatMap((id) => (id === null ? [] : [{ tenantId: command.tenantId, id }]));
    }),
  );
}
