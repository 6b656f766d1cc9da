/** What the journal holds and the feed carries, as plain data. */

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

/** An account as locked, or as a command left it. Times are milliseconds since 1970. */
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
  /** The customer it was spent on. */
  readonly customerId: string | null;
  /** The purchase that brought it, or took it back. */
  readonly purchaseId: string | null;
}

/** One change of one account, handed to the feed after the commit. */
export interface Change {
  readonly account: AccountState;
  readonly path: string;
  readonly delta: number;
  readonly transfer: TransferRow;
}
