/** What a command leaves behind: panels, customers and purchases as they are then, and the answer itself. */

import type { Refusal } from '../kernel/errors.ts';
import type { AccountState, TransferRow } from '../kernel/journal.ts';
import type { LimitedPanel } from '../kernel/limits.ts';

export type PaymentProvider = 'MANUAL' | 'STRIPE' | 'MERCADO_PAGO';
export type PurchaseStatus = 'PENDING' | 'PAID' | 'PAID_UNFUNDED' | 'CANCELED' | 'EXPIRED' | 'CHARGED_BACK';

/** What a customer may use. */
export interface ServiceState {
  /** Of the first span that was left when the customer was last written: see rules/spans.ts. */
  readonly screens: number;
  /** The spans after it, in order. */
  readonly laterSpans: readonly { readonly screens: number; readonly periods: number }[];
  /** The number that the next renewal is priced at (R22). */
  readonly nextScreens: number;
  /** Never paid for. */
  readonly isTrial: boolean;
  readonly expiresAtMs: number;
  readonly canceledAtMs: number | null;
}

export interface CustomerState extends ServiceState {
  readonly tenantId: string;
  readonly id: string;
  readonly resellerId: string;
  readonly creditsSpent: number;
  readonly createdAtMs: number;
  /** The spend that is the last change of what the customer may use, and what that was before; null: something else changed it last. */
  readonly lastSpending: LastSpending | null;
}

export interface LastSpending {
  readonly transferId: string;
  /** null: the spend made the customer. */
  readonly before: ServiceState | null;
}

export interface PurchaseState {
  readonly tenantId: string;
  readonly id: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly provider: PaymentProvider;
  /** As stored: PENDING past `expiresAtMs` means EXPIRED. */
  readonly status: PurchaseStatus;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
  readonly transferId: string | null;
  readonly reference: string | null;
  /** Credits charged back and not given back since. */
  readonly chargedBack: number;
  /** Whose credits it brought where they were not the seller's: a panel, or PLATFORM_TENANT_ID; null: the seller's. */
  readonly deliveredBy: string | null;
}

/** Credits that one side must give the other for a purchase: a charge-back, or the reversal of one (R29). */
export interface ClaimState {
  readonly tenantId: string;
  /** The transfer id of the command that made it. */
  readonly id: string;
  readonly purchaseId: string;
  readonly dispute: string | null;
  /** The charge-back that it reverses; null: it is a charge-back. */
  readonly reverses: string | null;
  /** null: the platform. */
  readonly debtorId: string | null;
  /** null: the platform. */
  readonly creditorId: string | null;
  readonly quantity: number;
  /** Not moved yet. */
  readonly owed: number;
  /** Ended without credits moving: owed by a panel to itself, set off against what the other owed, or ended by a won dispute. */
  readonly setOff: number;
  readonly createdAtMs: number;
  /** When the dispute was won. */
  readonly reversedAtMs: number | null;
}

export type CustomerPaymentStatus = 'PENDING' | 'PAID' | 'PAID_UNFUNDED' | 'APPLIED' | 'EXPIRED' | 'REFUNDED';

/** What a customer pays its panel: of what it chose, only what the ledger needs (R54). */
export interface CustomerPaymentState {
  readonly tenantId: string;
  readonly id: string;
  /** The panel whose customer it is. */
  readonly resellerId: string;
  readonly customerId: string;
  readonly periods: number;
  readonly screens: number;
  readonly status: CustomerPaymentStatus;
  readonly paidAtMs: number | null;
  readonly paidBy: string | null;
  readonly settlementId: string | null;
  readonly reference: string | null;
  /**
   * How often the money of `reference` had gone back, or come again after that, when it was last heard of: odd while it is back. Of two
   * words in any order the one with the higher turn holds.
   */
  readonly turn: number;
  readonly appliedAtMs: number | null;
  /** The payment's own id, once it is APPLIED. */
  readonly transferId: string | null;
}

/** A transfer, and both accounts as it left them. */
export interface PostedStep {
  readonly transfer: TransferRow;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
}

export interface PanelState {
  readonly tenantId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  /** Itself or an ancestor (R11). */
  readonly suspended: boolean;
  readonly closed: boolean;
  /** What would leave less than the account's reserve threshold is refused (R57). */
  readonly keepsReserve: boolean;
  /** Those on its path that are limited, itself included, from the root (R56). */
  readonly limits: readonly LimitedPanel[];
}

/** A panel as it is made. */
export interface NewPanel extends PanelState {
  readonly createdAtMs: number;
}

export interface Refused {
  readonly status: 'refused';
  readonly refusal: Refusal;
}

/** What the database knows of an earlier use of a key. */
export interface KeyUse {
  readonly hash: string;
  readonly transferId: string | null;
  readonly subjectId: string | null;
}

/** Done by this call. What it did not touch is null. */
export interface Posted {
  readonly status: 'posted';
  readonly transfer: TransferRow | null;
  /** The accounts as the command left them; null where credits were issued or consumed. */
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  /** All that moved, in order: `transfer`, then what was repaid of debts out of what came in (R29). */
  readonly steps: readonly PostedStep[];
  /** Accounts beside `from` and `to` as the command left them: to whom debts were repaid. */
  readonly others: readonly AccountState[];
  /** Claims that were made or changed. */
  readonly claims: readonly ClaimState[];
  /** The panel that was created. */
  readonly reseller: NewPanel | null;
  readonly customer: CustomerState | null;
  readonly purchase: PurchaseState | null;
  readonly payment: CustomerPaymentState | null;
}

/** Done before: by an earlier call with the same key and input (R31), or by an earlier attempt of this very command. The accounts are as they are now. */
export interface Replayed {
  readonly status: 'replayed';
  /** Where `transferId` and `subjectId` are. */
  readonly tenantId: string;
  readonly transferId: string | null;
  /** What was created or changed: the tenant's root, the panel, the customer, the purchase, the customer's payment. */
  readonly subjectId: string | null;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  /** This very command did it, and its answer was lost on the way from the database: to its caller it is no replay. */
  readonly own: boolean;
}

export type Outcome = Refused | Posted | Replayed;
