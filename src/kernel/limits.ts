/** Defines the limits that a panel sets for a child and the whole branch below it (R56). */

export interface Limits {
  readonly mayCreateResellers: boolean;
  /** The most open panels below it. Here and in the other fields, null means no limit. */
  readonly maxResellers: number | null;
  /** The most customers with the status ACTIVE. */
  readonly maxCustomers: number | null;
  /** The most trials started in the last 24 h. */
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

/** A panel with the limits that are set for it. */
export interface LimitedPanel extends Limits {
  readonly id: string;
}

/** The counts of a branch that limits apply to. */
export interface BranchCounts {
  readonly resellers: number;
  readonly customers: number;
  readonly trials: number;
}

export type Counted = keyof BranchCounts;

/** The limit for each count. */
export const LIMIT_OF = { resellers: 'maxResellers', customers: 'maxCustomers', trials: 'maxTrialsPerDay' } as const;
