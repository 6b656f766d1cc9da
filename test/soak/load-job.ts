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

export interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadResult {
  readonly sent: number;
  /** Due, and not sent: its connection had no room. */
  readonly heldBack: number;
  readonly accepted: number;
  /** Of these, answered before the time was over. */
  readonly acceptedInTime: number;
  readonly overloaded: number;
  /** Of these, without a retry time. */
  readonly withoutRetryTime: number;
  /** Anything else, an example of each. */
  readonly others: readonly string[];
  readonly otherCount: number;
  readonly seconds: number;
  /** Milliseconds from when a request was due to its answer. */
  readonly acceptedWaits: Waits;
  readonly overloadedWaits: Waits;
}
