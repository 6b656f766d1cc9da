/** Every bound of the feed, by name. Tests make them small. */
export interface FeedLimits {
  /** Changes of one account kept until all its subscribers took them; a subscriber further behind reads the journal. */
  readonly queueLength: number;
  /** Changes of one account in a page of the journal. */
  readonly pageLength: number;
  /** At most this many changes are read in one query for subscribers that are behind. */
  readonly pageRows: number;
  /** Pages kept for others who are as far behind. */
  readonly pagesKept: number;
  /** Accounts whose present state one query brings. */
  readonly presentAccounts: number;
  /** Accounts whose gaps one query fills, and the changes it brings of each. */
  readonly gapAccounts: number;
  readonly gapLength: number;
  /** Accounts compared with the database in one query after a loss. */
  readonly compareAccounts: number;
  /** Panels whose newest state is held for one branch subscriber that does not read; beyond, it reads what it missed. */
  readonly branchPending: number;
  /** Panels whose last offered version a branch subscriber remembers, so that a late older state is not sent after a newer. */
  readonly branchRemembered: number;
  /** Panels read in one query for branch subscribers. */
  readonly branchPageLength: number;
  /** Hinted panels of one tenant that wait to be read; beyond, the tenant is searched for what changed. */
  readonly branchWanted: number;
  /** At least this long between two reads of hinted panels: bursts are merged to the newest state. */
  readonly branchReadEveryMs: number;
  /** Purchases that changed, read in one query. */
  readonly purchasePageLength: number;
  /** Purchases that wait for one subscriber that does not read; beyond, it is ended. */
  readonly rowsPending: number;
  /** Purchases whose last offered change is remembered while an older transaction goes on. */
  readonly purchasesRemembered: number;
  /** Events of an access feed in a page, and of each tenant in one look. */
  readonly accessPageLength: number;
  /** Events of an access feed that wait for one subscriber; beyond, it reads pages. */
  readonly accessPending: number;
  /** Imports read in one look, and remembered for one subscriber. */
  readonly importPageLength: number;
  /** At least this long between two notifications; longer while no other process is heard. */
  readonly notifyEveryMs: number;
  readonly notifyAloneEveryMs: number;
  /** Accounts whose hints wait to be sent; above it, one hint says that hints were lost. */
  readonly notifyAccounts: number;
  readonly beatEveryMs: number;
  /** A process that is not heard for this long, and did not say goodbye, may have died before its last hints. */
  readonly silenceMs: number;
  /** From reading the clock of a change to its hint, at most: what was missed is searched from this much earlier. */
  readonly lateCommitMs: number;
  /** When accounts of an unknown commit are read again: the database ends a statement before the last of these. */
  readonly wakeAgainMs: readonly number[];
  /** A query without an answer is given up after this long. */
  readonly queryDeadlineMs: number;
  /** The wait before a failed read is tried again doubles from the first to the second of these. */
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
  /** Events handed to subscribers. */
  delivered(events: number): void;
  /** The journal was read because something was missed or asked for from the past. */
  caughtUp(): void;
  hintSent(notifications: number): void;
  hintReceived(notifications: number): void;
}
