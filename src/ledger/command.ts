/** Every command that the ledger can post. */

import type { Role } from '../kernel/actor.ts';
import type { PaymentProvider } from './outcome.ts';
import type { Span } from './rules/spans.ts';

/**
 * The types of all commands: they move credits, create something exactly once, or change what credits were spent on.
 * Ids are generated before a command is queued, so that a retry inside the server keeps them.
 * A nullable id is null when the caller's id did not name an object.
 */
export type Command = TreeCommand | CustomerCommand | PurchaseCommand | PaymentCommand | ImportCommand;
export type TreeCommand = CreateTenant | IssueCredits | CreateReseller | TransferCredits | ReclaimCredits | CloseReseller;
/** The commands that consume credits. Each has a price in rules/customer.ts and a quote, and can be undone (R45). */
export type Spending = ActivateCustomer | RenewCustomer | AddScreens;
export type CustomerCommand = Spending | UndoSpending | CancelCustomer | StartTrial;
export type PurchaseCommand = BuyCredits | CancelPurchase | SettlePurchase | ChargeBackPurchase | ReverseChargeBack;
/** The commands about customer payments. */
export type PaymentCommand = SettleCustomerPayment | RefundCustomerPayment | ApplyCustomerPayment;

type ImportCommand = ImportRoot | ImportReseller | ImportCustomer;

interface Acting {
  /** The tenant whose rows change. */
  readonly tenantId: string;
  /** The tenant of the acting panel, or PLATFORM_TENANT_ID for the platform (R31). */
  readonly scopeTenantId: string;
  readonly scopeId: string;
  /** The user, or PROVIDER_ACTOR_ID for a payment provider's signed event. */
  readonly actorId: string;
  /** Roles that may do this. Checked again under the lock, because the owner of a token is cached for seconds. */
  readonly roles: readonly Role[];
}

interface Keyed extends Acting {
  /** The idempotency key. Stored in the scope's tenant. */
  readonly key: string;
  /** SHA-256 over the mutation's name and its coerced input without key and passwords, in hex. */
  readonly hash: string;
}

/** A command that is identified by its purchase or payment, not by the caller's idempotency key. */
interface Unkeyed extends Acting {
  readonly key: null;
  readonly hash: null;
}

/**
 * Creates a tenant with its root panel and the root's owner. The root has no credits, so it is locked. Moves nothing.
 * The tenant has its root's id: a replay knows only the id of the created panel, and so also finds the tenant.
 */
export interface CreateTenant extends Keyed {
  readonly kind: 'createTenant';
  readonly resellerId: string;
  readonly name: string;
  readonly owner: NewUser;
}

interface NewUser {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly passwordHash: string;
}

/** Credits enter a tenant. `toId` is null when the caller's id names no panel. */
export interface IssueCredits extends Keyed {
  readonly kind: 'issueCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

/** A command by which the acting panel spends its own credits. */
interface Spends {
  /** Allows spending the panel's reserve (R57). */
  readonly useReserve?: boolean | undefined;
}

/** Creates a child panel with its owner, and gives it its first credits (R13). The acting panel (scopeId) pays. */
export interface CreateReseller extends Keyed, Spends {
  readonly kind: 'createReseller';
  readonly transferId: string;
  readonly resellerId: string;
  readonly name: string;
  readonly owner: NewUser;
  readonly amount: number;
}

/** Moves credits from the acting panel (scopeId) to its direct child (R14). */
export interface TransferCredits extends Keyed, Spends {
  readonly kind: 'transferCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

/** Takes unspent credits back from a direct child to the acting panel, if the tenant's policy allows it (R15). */
export interface ReclaimCredits extends Keyed {
  readonly kind: 'reclaimCredits';
  readonly transferId: string;
  readonly fromId: string | null;
  readonly amount: number;
  /** The reason. */
  readonly memo: string;
}

/**
 * Closes a panel below the acting one, or a root when the platform acts. Its parent gets its balance and customers (R17).
 * `parentId` was read before queueing: the command is refused if the panel was moved since.
 */
export interface CloseReseller extends Keyed {
  readonly kind: 'closeReseller';
  readonly transferId: string;
  readonly panelId: string | null;
  readonly parentId: string | null;
  /** The caller's network address, for the audit log. */
  readonly address: string | null;
}

/** The version of the rules that make contact keys, stored with each key: see src/domain/customer/contact.ts. */
export const CONTACT_KEY_VERSION = 2;

export interface CustomerDetails {
  readonly name: string;
  readonly contact: string | null;
  /** The contact in its normalized form (R24). */
  readonly contactKey: string | null;
  readonly notes: string | null;
  /** Name and contact, in lower case and without accents. */
  readonly searchKey: string;
}

/** The login and secret of a new customer (R46). */
export interface NewAccess {
  /** One login that the caller chose, or three generated ones: the first that is free in the tenant is used. */
  readonly logins: readonly [string] | readonly [string, string, string];
  /** Sealed. */
  readonly secret: string;
  /** A keyed digest of the secret: see SecretBox.prove. */
  readonly proof: string;
}

/** Spends `periods` × `screens` credits of the acting panel on a paid term that begins now (R19). */
export interface ActivateCustomer extends Keyed, Spends {
  readonly kind: 'activateCustomer';
  readonly transferId: string;
  /** A generated id when `details` are set; else the existing customer. */
  readonly customerId: string | null;
  readonly details: CustomerDetails | null;
  /** Set with `details`; null if this server has no SECRETS_KEY. */
  readonly access?: NewAccess | null;
  /** The customer's new plan (R52). Null when the caller's id names no plan of the panel; absent to keep the current plan. */
  readonly planId?: string | null | undefined;
  readonly periods: number;
  readonly screens: number;
}

/** Adds `periods` at the customer's next number of screens (R20). */
export interface RenewCustomer extends Keyed, Spends {
  readonly kind: 'renewCustomer';
  readonly transferId: string;
  readonly customerId: string | null;
  readonly periods: number;
}

/** Adds `screens` to every span until the term ends (R21). */
export interface AddScreens extends Keyed, Spends {
  readonly kind: 'addScreens';
  readonly transferId: string;
  readonly customerId: string | null;
  readonly screens: number;
}

/** Takes back a spend of the acting panel, while that spend is the last change of its customer (R45). */
export interface UndoSpending extends Keyed {
  readonly kind: 'undoSpending';
  readonly transferId: string;
  /** The customer of the spend; null when the caller's id names no spend of the acting panel. */
  readonly customerId: string | null;
  readonly spending: SpendingFacts | null;
}

/** The journal's facts about a spend. The journal never changes, so they can be read before the lock. */
export interface SpendingFacts {
  readonly transferId: string;
  readonly amount: number;
  readonly createdAtMs: number;
}

/** Stops a customer's renewals. Credits are refunded only if the tenant's policy says so (R22). */
export interface CancelCustomer extends Keyed {
  readonly kind: 'cancelCustomer';
  /** The id of the refund's transfer. Without a refund it is stored with the idempotency key, to recognize this command. */
  readonly transferId: string;
  readonly customerId: string | null;
  /** The caller's network address, for the audit log. */
  readonly address?: string | null;
}

/** Gives a new customer some free hours on one screen, once for each contact (R24). */
export interface StartTrial extends Keyed {
  readonly kind: 'startTrial';
  readonly customerId: string;
  readonly details: CustomerDetails & { readonly contact: string; readonly contactKey: string };
  /** Null if this server has no SECRETS_KEY. */
  readonly access?: NewAccess | null;
  readonly hours: number;
  /** The caller's network address, for the audit log. */
  readonly address?: string | null;
}

/**
 * One row of an import, posted by the platform (R55). Its idempotency key is made from the tenant, the source, the kind of row and the
 * external id alone, so a row is added once even if its other fields change.
 */
interface OfImport extends Keyed {
  readonly importId: string;
  readonly source: string;
  readonly externalId: string;
}

/** Issues the balance of the imported root panel to the tenant's existing root. */
export interface ImportRoot extends OfImport {
  readonly kind: 'importRoot';
  /** The id of the imported row: each of several sources may contain a root. */
  readonly rowId: string;
  /** The id of the ISSUE transfer. There is no transfer when `amount` is 0. */
  readonly transferId: string;
  readonly amount: number;
  readonly login: string | null;
}

/** Creates a panel below any other panel of the tenant, and issues its balance to it. */
export interface ImportReseller extends OfImport {
  readonly kind: 'importReseller';
  /** The id of the ISSUE transfer. There is no transfer when `amount` is 0. */
  readonly transferId: string;
  readonly resellerId: string;
  readonly parentId: string;
  readonly name: string;
  readonly owner: NewUser;
  readonly amount: number;
  /** The name by which later imports can refer to this panel as a parent. */
  readonly login: string | null;
}

/** Creates a customer of any panel of the tenant, with the paid time that it has left in the old system. */
export interface ImportCustomer extends OfImport {
  readonly kind: 'importCustomer';
  readonly customerId: string;
  readonly resellerId: string;
  readonly details: CustomerDetails;
  readonly access: NewAccess | null;
  readonly expiresAtMs: number;
  readonly screens: number;
  /** See CustomerState.laterSpans. */
  readonly laterSpans: readonly Span[];
  readonly nextScreens: number;
  readonly standing: 'PAID' | 'TRIAL' | 'CANCELED';
}

/**
 * Places an order; no credits move yet. Seller and price were read before queueing: the command is refused if the seller
 * changed since.
 */
export interface BuyCredits extends Keyed {
  readonly kind: 'buyCredits';
  readonly purchaseId: string;
  /** Null for the platform. */
  readonly sellerId: string | null;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly provider: PaymentProvider;
  readonly expiresAfterMs: number;
}

/** The buyer and seller of a purchase. They never change, so they are read before the lock, to know which rows to lock. */
interface PurchaseParties {
  readonly purchaseId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
}

interface OfPurchase extends Unkeyed, PurchaseParties {}

/** The buyer cancels a purchase that is PENDING. */
export interface CancelPurchase extends OfPurchase {
  readonly kind: 'cancelPurchase';
  /** The id of the entry in the audit log. */
  readonly auditId: string;
  /** The caller's network address, for the audit log. */
  readonly address?: string | null;
}

/**
 * The money of a purchase arrived (R28), as the seller or its payment provider reports. When no credits can be posted, a
 * provider's report is recorded (PAID_UNFUNDED), but a seller's is refused and changes nothing.
 */
export interface SettlePurchase extends OfPurchase {
  readonly kind: 'settlePurchase';
  readonly transferId: string;
  readonly by: 'SELLER' | 'PROVIDER';
  readonly reference: string | null;
}

/** The money of a purchase went back to the payer (R29). A seller's idempotency key ensures that a partial charge-back happens once. */
export type ChargeBackPurchase = (Keyed | Unkeyed) & ChargeBack;

interface ChargeBack extends PurchaseParties {
  readonly kind: 'chargeBackPurchase';
  readonly transferId: string;
  readonly by: 'SELLER' | 'PROVIDER';
  /** The provider's id of the dispute. A dispute takes credits once, and none after it was won. */
  readonly dispute: string | null;
  /** Credits; null for all that is left of the purchase. */
  readonly quantity: number | null;
  readonly memo: string | null;
}

/** The seller won a dispute: the credits of its charge-back are given back once, and its remaining debt ends (R29). */
export interface ReverseChargeBack extends OfPurchase {
  readonly kind: 'reverseChargeBack';
  readonly transferId: string;
  readonly by: 'PROVIDER';
  readonly dispute: string;
  readonly memo: string | null;
}

/**
 * A payment to the acting panel. The customer of a payment never changes, so it is read before the lock, to know which
 * customer to look up.
 */
interface OfCustomerPayment extends Unkeyed {
  readonly paymentId: string;
  readonly customerId: string;
}

/** A customer's money arrived: it renews the customer in the same commit if the panel can spend, else the payment waits (R54). */
export interface SettleCustomerPayment extends OfCustomerPayment {
  readonly kind: 'settleCustomerPayment';
  /** Stored with the payment, so that the command finds its own earlier commit. Also the id of the entry in the audit log. */
  readonly settlementId: string;
  readonly reference: string | null;
  /** The provider's `turn` of the payment: see CustomerPaymentState. 0 when a person confirms it. */
  readonly turn: number;
  /** The caller's network address, for the audit log. */
  readonly address: string | null;
}

/** The provider reports that all of the money went back. The service stays; a payment that still waits is not applied (R54). */
export interface RefundCustomerPayment extends OfCustomerPayment {
  readonly kind: 'refundCustomerPayment';
  /** The id of the entry in the audit log. Stored with the payment if nothing was reported of it before. */
  readonly settlementId: string;
  readonly reference: string;
  readonly turn: number;
}

/** Renews a customer by a payment that waits. Each batch creates these for the waiting payments of its panels; no caller does (ADR-0101). */
export interface ApplyCustomerPayment extends OfCustomerPayment {
  readonly kind: 'applyCustomerPayment';
}
