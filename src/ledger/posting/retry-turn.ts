/** Whether the next retry goes before or after what waits. */

/**
 * Retries run on one connection at a time, and not twice in a row while others wait: a retry may block.
 *
 * | the next retry | a retry begins | it ends | another batch begins |
 * |---|---|---|---|
 * | goes first | is in flight | | |
 * | goes last: others go before it | is in flight | | goes first |
 * | is in flight | | goes last | is in flight, then first |
 * | is in flight, then first | | goes first | |
 */
export type RetryTurn = keyof typeof RETRY_TURNS;

const RETRY_TURNS = {
  first: { retryBegins: 'in flight', batchBegins: 'first' },
  last: { retryBegins: 'in flight', batchBegins: 'first' },
  'in flight': { retryEnds: 'last', batchBegins: 'in flight, then first' },
  'in flight, then first': { retryEnds: 'first', batchBegins: 'in flight, then first' },
} as const;

/** Throws at an event that cannot happen then: two retries would run at once. */
export function turnAfter(turn: RetryTurn, event: 'retryBegins' | 'retryEnds' | 'batchBegins'): RetryTurn {
  const moves: Partial<Record<typeof event, RetryTurn>> = RETRY_TURNS[turn];
  const next = moves[event];
  if (next === undefined) throw new Error(`${event}, and the next retry is ${turn}`);
  return next;
}
