/** Defines the plain data of the journal and the feed: accounts, transfers and changes. */

export type TransferKind =
  | 'ISSUE'
  | 'PURCHASE'
  | 'GRANT'
  | 'TRANSFER'
  | 'RECLAIM'
  | 'SWEEP'
  | 'ACTIVATION'
  | 'RENEWAL'
  | 'SCREENS'
  | 'REFUND'
  | 'CHARGEBACK'
  | 'REVERSAL'
  | 'UNDO';

/** The state of an account, as it was locked or after a command. Times are milliseconds since 1970. */
export interface AccountState {
  readonly tenantId: string;
  /** The id of its reseller. */
  readonly id: string;
  readonly balance: number;
  readonly version: number;
  readonly lockedSinceMs: number | null;
  readonly reserveThreshold: number;
  readonly debt: number;
  readonly issued: number;
  readonly consumed: number;
  readonly withdrawn: number;
  readonly changedAtMs: number;
}

export interface TransferRow {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: TransferKind;
  readonly fromId: string | null;
  readonly toId: string | null;
  readonly amount: number;
  readonly actorId: string;
  readonly memo: string | null;
  readonly createdAtMs: number;
  /** The customer on whom the credits were spent. */
  readonly customerId: string | null;
  /** The purchase that brought the credits, or whose charge-back or reversal moved them. */
  readonly purchaseId: string | null;
}

/** One change of one account. The feed receives it after the commit. */
export interface Change {
  readonly account: AccountState;
  readonly path: string;
  readonly delta: number;
  readonly transfer: TransferRow;
}
