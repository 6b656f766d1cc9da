/** Decides whether the next retry runs before or after the waiting commands. */

/**
 * Retries run on one connection at a time, and not twice in a row while other commands wait, because a retry may block.
 *
 * | the next retry | a retry begins | it ends | another batch begins |
 * |---|---|---|---|
 * | first | in flight | | first |
 * | last (after the waiting commands) | in flight | | first |
 * | in flight | | last | in flight, then first |
 * | in flight, then first | | first | in flight, then first |
 */
export type RetryState = keyof typeof RETRY_STATES;

const RETRY_STATES = {
  first: { retryBegins: 'in flight', batchBegins: 'first' },
  last: { retryBegins: 'in flight', batchBegins: 'first' },
  'in flight': { retryEnds: 'last', batchBegins: 'in flight, then first' },
  'in flight, then first': { retryEnds: 'first', batchBegins: 'in flight, then first' },
} as const;

/** Throws for an event that is impossible in this state: two retries would run at once. */
export function stateAfter(state: RetryState, event: 'retryBegins' | 'retryEnds' | 'batchBegins'): RetryState {
  const moves: Partial<Record<typeof event, RetryState>> = RETRY_STATES[state];
  const next = moves[event];
  if (next === undefined) throw new Error(`${event} cannot happen while the next retry is ${state}`);
  return next;
}
