/** One batch as one transaction: lock → decide → write. */
import { isCanceled, isDeadlockOrSerialization, isLockTimeout, isTaken } from '../../db/retry.ts';
import type { Topology } from '../../db/topology.ts';
import { BatchRefused } from '../../kernel/errors.ts';
import type { AccountState, Change, TransferRow } from '../../kernel/journal.ts';
import type { Command } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { decide, refuseValues } from '../rules/decide.ts';
import { accountsOf, holdsTree, namesOf, treeOf } from '../rules/footprint.ts';
import { kindOf } from '../rules/kinds.ts';
import { uncountedBranches } from '../rules/limits.ts';
import { Missing } from '../rules/state.ts';
import type { WorkingState } from '../rules/working-state.ts';
import { planLocks } from '../statements/lock.ts';
import type { Accepted } from '../statements/part.ts';
import { readState } from '../statements/read-state.ts';
import { planWrite } from '../statements/write-journal.ts';
import { applyWaiting } from './apply-waiting.ts';
import { type Locked, type PostingConnection, UnknownOutcome } from './connection.ts';
import type { Submission } from './submission.ts';
import { putUsedValues } from './unique-values.ts';

export type SubmissionResult =
  | { readonly status: 'decided'; readonly outcomes: readonly Outcome[] }
  | { readonly status: 'batch refused'; readonly refusal: BatchRefused }
  /** Another session has locked `rows` that the submission needs. Nothing of the submission was done. */
  | { readonly status: 'waiting'; readonly rows: readonly string[] };

export type BatchResult =
  | {
      readonly status: 'committed';
      readonly results: readonly SubmissionResult[];
      readonly changes: readonly Change[];
      /** Whether waiting customer payments were applied, too. */
      readonly applied: boolean;
    }
  /** A row lock was not granted within the lock time-out. Nothing was done. */
  | { readonly status: 'contended' }
  /** A deadlock, a serialization failure, or a login that was taken meanwhile. Nothing was done, and the batch can be posted again. */
  | { readonly status: 'again' }
  /** The batch may or may not be committed. */
  | { readonly status: 'unknown'; readonly cause: unknown }
  /** An unexpected error. Nothing was done. */
  | { readonly status: 'failed'; readonly error: unknown };

/** The most times that a batch is started: again whenever debts, closed panels or limits lead to accounts that it has not locked. */
const MAX_ROUNDS = 64;

/** Posts the submissions as one transaction. Never rejects. With `skipLocked`, a submission gets 'waiting' if its rows are locked by others. */
export async function postBatch(
  connection: PostingConnection,
  submissions: readonly Submission[],
  skipLocked: boolean,
  topology: Topology = 'single',
): Promise<BatchResult> {
  const also = new Map<string, string>();
  for (let round = 1; ; round += 1) {
    const result = await postRound(connection, submissions, skipLocked, also, topology);
    if (!(result instanceof Map)) return result;
    const known = also.size;
    for (const [id, tenantId] of result) also.set(id, tenantId);
    if (also.size === known || round === MAX_ROUNDS) return { status: 'contended' };
  }
}

/** Returns a map (account id to tenant id) when more accounts must be locked first. Then nothing was done. */
async function postRound(
  connection: PostingConnection,
  submissions: readonly Submission[],
  skipLocked: boolean,
  also: ReadonlyMap<string, string>,
  topology: Topology,
): Promise<BatchResult | Map<string, string>> {
  const commands = submissions.flatMap((submission) => submission.commands);
  let locked: Locked;
  try {
    locked = await connection.lock(planLocks(commands, skipLocked ? 'skip' : 'wait', also, topology));
  } catch (error) {
    return afterError(error);
  }
  try {
    const state = readState(commands, locked.answers);
    for (const { usedValues } of submissions) if (usedValues) putUsedValues(state, usedValues);
    const missing = uncountedBranches(state, commands, (command) => kindOf(command).fills(state, command));
    if (missing.size > 0) {
      await connection.end();
      return missing;
    }
    const decided = decideSubmissions(state, submissions);
    const write = planWrite(decided.accepted, locked.by, state.nowMs, topology);
    if (write) await connection.write(write);
    else await connection.end();
    return { status: 'committed', results: decided.results, changes: changesOf(state, decided.accepted), applied: decided.applied };
  } catch (error) {
    if (error instanceof UnknownOutcome) return { status: 'unknown', cause: error };
    // An error before the write leaves the transaction open. After a failed write it has ended already, and this is harmless.
    await connection.end();
    return error instanceof Missing ? new Map(error.ids.map((id) => [id, error.tenantId])) : afterError(error);
  }
}

/** Classifies an error after which nothing is written. The write, too, can wait for locks: of foreign keys and unique e-mails. */
function afterError(error: unknown): BatchResult {
  if (isLockTimeout(error) || isCanceled(error)) return { status: 'contended' };
  // Another batch took the login meanwhile. The next attempt sees that: it takes another generated login or refuses the command (R46).
  return isDeadlockOrSerialization(error) || isTaken(error, 'access_login') ? { status: 'again' } : { status: 'failed', error };
}

interface Decided {
  readonly results: readonly SubmissionResult[];
  readonly accepted: readonly Accepted[];
  readonly applied: boolean;
}

/** Decides the submissions in order of arrival, each on the state after the submissions before it. */
export function decideSubmissions(state: WorkingState, submissions: readonly Pick<Submission, 'commands' | 'atomic' | 'state'>[]): Decided {
  const accepted: Accepted[] = [];
  const results = submissions.map((submission): SubmissionResult => {
    // The submission expired while the batch waited for locks. Its caller got an error, so nothing of it is done now.
    if (submission.state === 'answered') return { status: 'waiting', rows: [] };
    const missing = submission.commands.flatMap((command) => unlocked(state, command));
    if (missing.length > 0) return { status: 'waiting', rows: missing };
    return submission.atomic ? decideAtomic(state, submission.commands, accepted) : decideEach(state, submission.commands, accepted);
  });
  return { results, accepted, applied: state.hasWaiting && accepted.some(({ command }) => command.kind === 'applyCustomerPayment') };
}

function decideEach(state: WorkingState, commands: readonly Command[], accepted: Accepted[]): SubmissionResult {
  return { status: 'decided', outcomes: commands.map((command) => decideOne(state, command, accepted)) };
}

/**
 * Decides one command. Applies waiting customer payments before it, so that it cannot spend the credits that they need, and after
 * it, because it may have brought credits or taken periods back (R54).
 */
function decideOne(state: WorkingState, command: Command, accepted: Accepted[]): Outcome {
  const { tenantId } = command;
  if (state.hasWaiting) for (const id of accountsOf(command)) applyWaiting(state, { tenantId, id }, command, accepted);
  const outcome = decide(state, command);
  state.apply(command, outcome);
  if (outcome.status !== 'posted') return outcome;
  accepted.push({ command, posted: outcome });
  if (!state.hasWaiting) return outcome;
  if (outcome.to) applyWaiting(state, outcome.to, command, accepted);
  for (const other of outcome.others) applyWaiting(state, other, command, accepted);
  return outcome;
}

/** Decides all commands or none. Checks the values of every command before the rights of any (R35). */
function decideAtomic(state: WorkingState, commands: readonly Command[], accepted: Accepted[]): SubmissionResult {
  const fork = state.fork();
  const done: Accepted[] = [];
  const outcomes: Outcome[] = [];
  for (const [index, command] of commands.entries()) {
    const refusal = refuseValues(fork, command);
    if (refusal) return { status: 'batch refused', refusal: new BatchRefused(index, refusal) };
  }
  for (const [index, command] of commands.entries()) {
    const outcome = decideOne(fork, command, done);
    if (outcome.status === 'refused') return { status: 'batch refused', refusal: new BatchRefused(index, outcome.refusal) };
    outcomes.push(outcome);
  }
  state.merge(fork);
  accepted.push(...done);
  return { status: 'decided', outcomes };
}

/** Returns the rows and names of the command that exist but could not be locked. */
function unlocked(state: WorkingState, command: Command): string[] {
  const { tenantId } = command;
  const rows = accountsOf(command).filter((id) => state.panel(tenantId, id) !== undefined && state.account(tenantId, id) === undefined);
  for (const name of namesOf(command)) if (state.nameMissed(name)) rows.push(name);
  if (holdsTree(command) && state.treeMissed(tenantId)) rows.push(treeOf(command));
  return rows;
}

function changesOf(state: WorkingState, accepted: readonly Accepted[]): Change[] {
  const changes: Change[] = [];
  const add = (account: AccountState, delta: number, transfer: TransferRow) =>
    changes.push({ account, path: state.panel(account.tenantId, account.id)?.path ?? '', delta, transfer });
  for (const { posted } of accepted) {
    for (const { from, to, transfer } of posted.steps) {
      if (from) add(from, -transfer.amount, transfer);
      if (to) add(to, transfer.amount, transfer);
    }
  }
  return changes;
}
