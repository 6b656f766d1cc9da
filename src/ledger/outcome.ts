/** The result of a command, and the states of the panels, customers, purchases and payments in it. */

import type { Refusal } from '../kernel/errors.ts';
import type { AccountState, TransferRow } from '../kernel/journal.ts';
import type { LimitedPanel } from '../kernel/limits.ts';

export type PaymentProvider = 'MANUAL' | 'STRIPE' | 'MERCADO_PAGO';
export type PurchaseStatus = 'PENDING' | 'PAID' | 'PAID_UNFUNDED' | 'CANCELED' | 'EXPIRED' | 'CHARGED_BACK';

/** The service that a customer may use. */
export interface ServiceState {
  /** The screens of the span that was current when the customer was last written: see rules/spans.ts. */
  readonly screens: number;
  /** The spans after that one, in order. */
  readonly laterSpans: readonly { readonly screens: number; readonly periods: number }[];
  /** The number of screens of the next renewal (R22). */
  readonly nextScreens: number;
  /** Whether the customer was never paid for. */
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
  /** The spend that last changed the service, with the service before it. Null if something else changed the service last. */
  readonly lastSpending: LastSpending | null;
}

export interface LastSpending {
  readonly transferId: string;
  /** Null if the spend created the customer. */
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
  /** The stored status: PENDING after `expiresAtMs` means EXPIRED. */
  readonly status: PurchaseStatus;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
  readonly transferId: string | null;
  readonly reference: string | null;
  /** Credits charged back and not given back since. */
  readonly chargedBack: number;
  /** Whose credits were delivered, if not the seller's: a panel's id, or PLATFORM_TENANT_ID. Null for the seller's own. */
  readonly deliveredBy: string | null;
}

/** Credits that a debtor must give a creditor because of a charge-back, or of the reversal of one (R29). */
export interface ClaimState {
  readonly tenantId: string;
  /** The transfer id of the command that created the claim. */
  readonly id: string;
  readonly purchaseId: string;
  readonly dispute: string | null;
  /** The charge-back that this claim reverses; null if the claim is a charge-back itself. */
  readonly reverses: string | null;
  /** Null for the platform. */
  readonly debtorId: string | null;
  /** Null for the platform. */
  readonly creditorId: string | null;
  readonly quantity: number;
  /** Credits not moved yet. */
  readonly owed: number;
  /** Credits that need not move: a panel owed them to itself, they were set off against a claim in return, or the dispute was won. */
  readonly setOff: number;
  readonly createdAtMs: number;
  /** When the dispute was won. */
  readonly reversedAtMs: number | null;
}

export type CustomerPaymentStatus = 'PENDING' | 'PAID' | 'PAID_UNFUNDED' | 'APPLIED' | 'EXPIRED' | 'REFUNDED';

/** A customer payment, with only the fields that the ledger needs (R54). */
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
   * Counts each time that the money of `reference` went back to the payer or arrived again: odd while it is with the payer. A provider's
   * events may arrive in any order; the one with the highest turn is the newest (ADR-0114).
   */
  readonly turn: number;
  readonly appliedAtMs: number | null;
  /** Null until the payment is applied; then equal to its `id`. */
  readonly transferId: string | null;
}

/** A transfer, and the state of both accounts after it. */
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
  /** Whether the panel or one of its ancestors is suspended (R11). */
  readonly suspended: boolean;
  readonly closed: boolean;
  /** Whether a spend is refused that would leave less than the account's reserve threshold (R57). */
  readonly keepsReserve: boolean;
  /** The limited panels on its path, from the root down to itself (R56). */
  readonly limits: readonly LimitedPanel[];
}

/** A panel that a command creates. */
export interface NewPanel extends PanelState {
  readonly createdAtMs: number;
}

export interface Refused {
  readonly status: 'refused';
  readonly refusal: Refusal;
}

/** The stored record of an earlier use of an idempotency key. */
export interface KeyUse {
  readonly hash: string;
  readonly transferId: string | null;
  readonly subjectId: string | null;
}

/** Posted by this call. A field is null when the command did not touch it. */
export interface Posted {
  readonly status: 'posted';
  readonly transfer: TransferRow | null;
  /** The accounts after the command; `from` is null when credits were issued, `to` when they were consumed. */
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  /** All transfers, in order: `transfer`, then the repayments of debts from the received credits (R29). */
  readonly steps: readonly PostedStep[];
  /** Other changed accounts after the command, such as creditors whose claims were repaid. */
  readonly others: readonly AccountState[];
  /** Claims that were created or changed. */
  readonly claims: readonly ClaimState[];
  /** The panel that was created. */
  readonly reseller: NewPanel | null;
  readonly customer: CustomerState | null;
  readonly purchase: PurchaseState | null;
  readonly payment: CustomerPaymentState | null;
}

/**
 * Posted before: by an earlier call with the same key and input (R31), or by an earlier attempt of the same command.
 * The accounts are in their present state.
 */
export interface Replayed {
  readonly status: 'replayed';
  /** The tenant of `transferId` and `subjectId`. */
  readonly tenantId: string;
  readonly transferId: string | null;
  /** The id of the created or changed object: the tenant's root, a panel, customer, purchase or customer payment. */
  readonly subjectId: string | null;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  /** Whether an earlier attempt of the same command did it and the database's answer was lost. To its caller this is no replay. */
  readonly own: boolean;
}

export type Outcome = Refused | Posted | Replayed;
