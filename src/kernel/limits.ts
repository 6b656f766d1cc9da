/** What a panel may do at most, with everything below it (R56). */

export interface Limits {
  readonly mayCreateResellers: boolean;
  /** Open panels below it; null: as many as there may be, here and in the other fields. */
  readonly maxResellers: number | null;
  /** Customers with the status ACTIVE. */
  readonly maxCustomers: number | null;
  /** Trials started in the last 24 h. */
  readonly maxTrialsPerDay: number | null;
  readonly maxScreensPerCustomer: number | null;
}

export const NO_LIMITS: Limits = {
  mayCreateResellers: true,
  maxResellers: null,
  maxCustomers: null,
  maxTrialsPerDay: null,
  maxScreensPerCustomer: null,
};

/** The panel that the limits are set on. */
export interface LimitedPanel extends Limits {
  readonly id: string;
}

/** What is there of a branch. */
export interface BranchCounts {
  readonly resellers: number;
  readonly customers: number;
  readonly trials: number;
}

export type Counted = keyof BranchCounts;

/** Which limit bounds what is counted. */
export const LIMIT_OF = { resellers: 'maxResellers', customers: 'maxCustomers', trials: 'maxTrialsPerDay' } as const;
