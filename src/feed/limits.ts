/** Every limit of the feed, by name. Tests set smaller ones. */
export interface FeedLimits {
  /** Changes of one account kept until all its subscribers have taken them. A subscriber further behind reads the journal. */
  readonly queueLength: number;
  /** Changes of one account in a page of the journal. */
  readonly pageLength: number;
  /** Changes read in one query for subscribers that are behind, at most. */
  readonly pageRows: number;
  /** Pages kept for other subscribers that are equally far behind. */
  readonly pagesKept: number;
  /** Accounts whose present state one query reads. */
  readonly presentAccounts: number;
  /** Accounts whose gaps one query fills, and the changes that it reads of each. */
  readonly gapAccounts: number;
  readonly gapLength: number;
  /** Accounts compared with the database in one query after hints were lost. */
  readonly compareAccounts: number;
  /** Panels whose newest state is held for one branch subscriber that does not read; beyond this, it reads the missed changes. */
  readonly branchPending: number;
  /** Panels whose last offered version a branch subscriber remembers, so that an older state that arrives late is not sent after a newer one. */
  readonly branchRemembered: number;
  /** Panels read in one query for branch subscribers. */
  readonly branchPageLength: number;
  /** Hinted panels of one tenant that wait to be read; beyond this, the tenant is searched for changes. */
  readonly branchWanted: number;
  /** The least time between two reads of hinted panels: bursts are merged to the newest state. */
  readonly branchReadEveryMs: number;
  /** Changed purchases read in one query. */
  readonly purchasePageLength: number;
  /** How often the position among changed rows moves on when nobody watches them and no hint arrives. */
  readonly unwatchedEveryMs: number;
  /** Purchases that wait for one subscriber that does not read; beyond this, the subscriber is ended. */
  readonly rowsPending: number;
  /** Purchases whose last offered change is remembered while an older transaction is open. */
  readonly purchasesRemembered: number;
  /** Events of an access feed in a page, and of each tenant in one check. */
  readonly accessPageLength: number;
  /** Events of an access feed that wait for one subscriber; beyond this, it reads pages. */
  readonly accessPending: number;
  /** Imports read in one check, and remembered for one subscriber. */
  readonly importPageLength: number;
  /** The least time between two notifications; longer while no other process is heard. */
  readonly notifyEveryMs: number;
  readonly notifyAloneEveryMs: number;
  /** Accounts whose hints wait to be sent; above this, one hint says that hints were lost. */
  readonly notifyAccounts: number;
  readonly beatEveryMs: number;
  /** A process that is silent for this long without a goodbye may have died before it sent its last hints. */
  readonly silenceMs: number;
  /** The longest time from a change's clock reading to its hint. A search for missed changes begins this much earlier. */
  readonly lateCommitMs: number;
  /** When the accounts of an unknown commit are read again. The database ends a statement before the last of these times. */
  readonly wakeAgainMs: readonly number[];
  /** A query without an answer is given up after this long. */
  readonly queryDeadlineMs: number;
  /** The wait before a failed read is retried doubles from the first to the second of these. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** How long stop() waits for its last notification. */
  readonly goodbyeMs: number;
}

export const FEED_LIMITS: FeedLimits = {
  queueLength: 256,
  pageLength: 500,
  pageRows: 2_000,
  pagesKept: 16,
  presentAccounts: 1_000,
  gapAccounts: 200,
  gapLength: 100,
  compareAccounts: 5_000,
  branchPending: 2_000,
  branchRemembered: 2_000,
  branchPageLength: 500,
  branchWanted: 20_000,
  branchReadEveryMs: 25,
  purchasePageLength: 500,
  unwatchedEveryMs: 5_000,
  rowsPending: 2_000,
  purchasesRemembered: 20_000,
  accessPageLength: 500,
  accessPending: 500,
  importPageLength: 500,
  notifyEveryMs: 5,
  notifyAloneEveryMs: 50,
  notifyAccounts: 50_000,
  beatEveryMs: 1_000,
  silenceMs: 3_500,
  lateCommitMs: 20_000,
  wakeAgainMs: [1_000, 12_000],
  queryDeadlineMs: 15_000,
  retryFirstMs: 20,
  retryLongestMs: 1_000,
  goodbyeMs: 1_000,
};

/** Plain callbacks for metrics. */
export interface FeedObserver {
  /** Events were delivered to subscribers. */
  delivered(events: number): void;
  /** The journal was read, for missed changes or for past ones that a subscriber requested. */
  caughtUp(): void;
  hintSent(notifications: number): void;
  hintReceived(notifications: number): void;
}
