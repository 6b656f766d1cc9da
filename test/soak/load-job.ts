/** The job of the process that makes the load, and the job's result. */

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly forMs: number;
  /** If null, each connection sends its next request on an answer. */
  readonly perSecond: number | null;
  /** The requests, drawn at random. KEY in a body is replaced by a new key. */
  readonly requests: readonly { readonly token: string; readonly body: string }[];
}

export const KEY = 'THE-KEY-OF-THE-REQUEST';

/** In milliseconds. */
export interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Latencies of one kind of answer, from three starting points. */
export interface Latencies {
  /** From when the request was due. */
  readonly sinceDue: Waits;
  /** From when it was sent. The difference to `sinceDue` is the load's own delay. */
  readonly sinceSent: Waits;
  /**
   * From when it was sent, or when the request before it on its connection was answered, whichever was later.
   * HTTP/1.1 answers in order.
   */
  readonly sinceItsTurn: Waits;
}

export interface LoadResult {
  readonly sent: number;
  readonly accepted: number;
  /** How many of these were answered before the time was over. */
  readonly acceptedInTime: number;
  /** The transfers in the accepted answers; ids as clients see them. */
  readonly transfers: readonly string[];
  readonly overloaded: number;
  /** How many of these had no retry time. */
  readonly withoutRetryTime: number;
  /** How many of these may have been done: the queue gave them up after its deadline. */
  readonly unconfirmed: number;
  /** Any other answers, with an example of each. */
  readonly others: readonly string[];
  readonly otherCount: number;
  readonly seconds: number;
  /** The share of one core that the load itself used. */
  readonly cpuShare: number;
  readonly acceptedAfter: Latencies;
  readonly overloadedAfter: Latencies;
}
