/** What the process that makes the load is told, and what it answers. */

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly forMs: number;
  /** null: each connection asks when it is answered. */
  readonly perSecond: number | null;
  /** What to ask, drawn at random; KEY in a body stands for a key of its own. */
  readonly requests: readonly { readonly token: string; readonly body: string }[];
}

export const KEY = 'THE-KEY-OF-THE-REQUEST';

/** Milliseconds. */
export interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of one kind of answer: how long they took, by where the clock starts. */
export interface Latencies {
  /** When the request was due. */
  readonly sinceDue: Waits;
  /** When it was sent: what is more was the load's own delay. */
  readonly sinceSent: Waits;
  /** When it was sent, or the one before it on its connection was answered, whichever was later: HTTP/1.1 answers in order. */
  readonly sinceItsTurn: Waits;
}

export interface LoadResult {
  readonly sent: number;
  readonly accepted: number;
  /** Of these, answered before the time was over. */
  readonly acceptedInTime: number;
  /** The transfers that the accepted were answered, as clients see their ids. */
  readonly transfers: readonly string[];
  readonly overloaded: number;
  /** Of these, without a retry time. */
  readonly withoutRetryTime: number;
  /** Of these, such as may have been done: given up after the queue's deadline. */
  readonly unconfirmed: number;
  /** Anything else, an example of each. */
  readonly others: readonly string[];
  readonly otherCount: number;
  readonly seconds: number;
  /** Of one core, what the load itself took. */
  readonly cpuShare: number;
  readonly acceptedAfter: Latencies;
  readonly overloadedAfter: Latencies;
}
