/** Every command that the ledger can post. */

import type { Role } from '../kernel/actor.ts';
import type { PaymentProvider } from './outcome.ts';
import type { Span } from './rules/spans.ts';

/**
 * The commands that move credits, must be made once, or change what credits were spent on, as types. Ids are minted before
 * queueing, so that a retry inside the server keeps them. An id that may be null stands for an id that names nothing.
 */
export type Command = TreeCommand | CustomerCommand | PurchaseCommand | PaymentCommand | ImportCommand;
export type TreeCommand = CreateTenant | IssueCredits | CreateReseller | TransferCredits | ReclaimCredits | CloseReseller;
/** What consumes credits: each has its price in rules/customer.ts, its quote, and may be undone. */
export type Spending = ActivateCustomer | RenewCustomer | AddScreens;
export type CustomerCommand = Spending | UndoSpending | CancelCustomer | StartTrial;
export type PurchaseCommand = BuyCredits | CancelPurchase | SettlePurchase | ChargeBackPurchase | ReverseChargeBack;
/** What customers pay. */
export type PaymentCommand = SettleCustomerPayment | RefundCustomerPayment | ApplyCustomerPayment;

type ImportCommand = ImportRoot | ImportReseller | ImportCustomer;

interface Acting {
  /** The tenant whose rows change. */
  readonly tenantId: string;
  /** R31: the acting panel, or PLATFORM_TENANT_ID for the platform. */
  readonly scopeTenantId: string;
  readonly scopeId: string;
  /** The user, or PROVIDER_ACTOR_ID for a payment provider's signed word. */
  readonly actorId: string;
  /** Roles that may do this; checked again under the lock, because who a token belongs to is cached for seconds. */
  readonly roles: readonly Role[];
}

interface Keyed extends Acting {
  /** Stored in the scope's tenant. */
  readonly key: string;
  /** SHA-256 over the mutation's name and its coerced input without key and passwords, in hex. */
  readonly hash: string;
}

/** What is told apart by its purchase, not by a key of the caller's. */
interface Unkeyed extends Acting {
  readonly key: null;
  readonly hash: null;
}

/**
 * A new tenant: its root panel, with no credits and so locked, and the root's owner. Moves nothing. The tenant has the id of
 * its root, so that a replay, which knows what was created, knows in which tenant.
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

/** Credits enter a tenant. `toId` is null when the id given names nothing. */
export interface IssueCredits extends Keyed {
  readonly kind: 'issueCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

/** What takes credits from the acting panel because it says so. */
interface Spends {
  /** What is kept in reserve may be spent (R57). */
  readonly useReserve?: boolean | undefined;
}

/** A child panel with its owner, and its first credits from the creator (R13). The payer is the acting panel: scopeId. */
export interface CreateReseller extends Keyed, Spends {
  readonly kind: 'createReseller';
  readonly transferId: string;
  readonly resellerId: string;
  readonly name: string;
  readonly owner: NewUser;
  readonly amount: number;
}

/** From the acting panel (scopeId) to its direct child (R14). */
export interface TransferCredits extends Keyed, Spends {
  readonly kind: 'transferCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

/** Unspent credits come back from a direct child to the acting panel, if the tenant's policy allows it (R15). */
export interface ReclaimCredits extends Keyed {
  readonly kind: 'reclaimCredits';
  readonly transferId: string;
  readonly fromId: string | null;
  readonly amount: number;
  /** The reason. */
  readonly memo: string;
}

/**
 * A panel below the acting one, or for the platform a root: its balance and customers go to its parent (R17). `parentId` as
 * read before: a panel that was moved meanwhile is refused.
 */
export interface CloseReseller extends Keyed {
  readonly kind: 'closeReseller';
  readonly transferId: string;
  readonly panelId: string | null;
  readonly parentId: string | null;
  /** For the audit log: where it was asked for from. */
  readonly address: string | null;
}

/** Which rules contact keys are made by, stored with each: see src/domain/customer/contact.ts. */
export const CONTACT_KEY_VERSION = 2;

export interface CustomerDetails {
  readonly name: string;
  readonly contact: string | null;
  /** The contact without what people write differently (R24). */
  readonly contactKey: string | null;
  readonly notes: string | null;
  /** Name and contact, in lower case and without accents. */
  readonly searchKey: string;
}

/** What a new customer signs in to the service with (R46). */
export interface NewAccess {
  /** Given by the caller, or the first of these that is free in the tenant. */
  readonly logins: readonly [string] | readonly [string, string, string];
  /** Sealed. */
  readonly secret: string;
  readonly proof: string;
}

/** `periods` × `screens` credits of the acting panel for a paid term from now (R19). */
export interface ActivateCustomer extends Keyed, Spends {
  readonly kind: 'activateCustomer';
  readonly transferId: string;
  /** Minted when `details` make a new customer. */
  readonly customerId: string | null;
  readonly details: CustomerDetails | null;
  /** With `details`; null where this server keeps no secrets. */
  readonly access?: NewAccess | null;
  /** The customer's plan from then on (R52); null when the id given names none of the panel's. Not given: it stays as it is. */
  readonly planId?: string | null | undefined;
  readonly periods: number;
  readonly screens: number;
}

/** `periods` more at the customer's next number of screens (R20). */
export interface RenewCustomer extends Keyed, Spends {
  readonly kind: 'renewCustomer';
  readonly transferId: string;
  readonly customerId: string | null;
  readonly periods: number;
}

/** `screens` more in every span until the term ends (R21). */
export interface AddScreens extends Keyed, Spends {
  readonly kind: 'addScreens';
  readonly transferId: string;
  readonly customerId: string | null;
  readonly screens: number;
}

/** A spend of the acting panel is taken back while it is the last change of its customer (R45). */
export interface UndoSpending extends Keyed {
  readonly kind: 'undoSpending';
  readonly transferId: string;
  /** Of the spend; null when the id given names no spend of the acting panel. */
  readonly customerId: string | null;
  readonly spending: SpendingFacts | null;
}

/** What the journal says of a spend. The journal never changes, so this is read before. */
export interface SpendingFacts {
  readonly transferId: string;
  readonly amount: number;
  readonly createdAtMs: number;
}

/** No renewals any more; a refund only by the tenant's policy (R22). */
export interface CancelCustomer extends Keyed {
  readonly kind: 'cancelCustomer';
  /** Of the refund; it also marks the key when there is none. */
  readonly transferId: string;
  readonly customerId: string | null;
  /** For the audit log: where it was asked for from. */
  readonly address?: string | null;
}

/** Some hours on one screen, for nothing, once a contact (R24). */
export interface StartTrial extends Keyed {
  readonly kind: 'startTrial';
  readonly customerId: string;
  readonly details: CustomerDetails & { readonly contact: string; readonly contactKey: string };
  /** null where this server keeps no secrets. */
  readonly access?: NewAccess | null;
  readonly hours: number;
  /** For the audit log: where it was asked for from. */
  readonly address?: string | null;
}

/** A row of an import, by the platform (R55). The key is that of the source's row, whatever else it says: a row is added once. */
interface OfImport extends Keyed {
  readonly importId: string;
  readonly source: string;
  readonly externalId: string;
}

/** The balance of what was the root elsewhere, as an ISSUE to the root that is there. */
export interface ImportRoot extends OfImport {
  readonly kind: 'importRoot';
  /** Of the row: several sources may bring a root. */
  readonly rowId: string;
  /** Of the ISSUE; there is none where it comes with nothing. */
  readonly transferId: string;
  readonly amount: number;
  readonly login: string | null;
}

/** A panel below any other of the tenant, with its balance as an ISSUE to itself. */
export interface ImportReseller extends OfImport {
  readonly kind: 'importReseller';
  /** Of the ISSUE; there is none where it comes with nothing. */
  readonly transferId: string;
  readonly resellerId: string;
  readonly parentId: string;
  readonly name: string;
  readonly owner: NewUser;
  readonly amount: number;
  /** By which later imports may call it a parent. */
  readonly login: string | null;
}

/** A customer of any panel of the tenant, with the time that is left of what it paid elsewhere. */
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

/** An order: no credits move yet. Seller and price as read before; a seller that changed meanwhile is refused. */
export interface BuyCredits extends Keyed {
  readonly kind: 'buyCredits';
  readonly purchaseId: string;
  /** null: the platform. */
  readonly sellerId: string | null;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly provider: PaymentProvider;
  readonly expiresAfterMs: number;
}

/** The sides of a purchase never change: they are read before, to know what to lock. */
interface Sides {
  readonly purchaseId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
}

interface OfPurchase extends Unkeyed, Sides {}

/** By its buyer, while it is PENDING. */
export interface CancelPurchase extends OfPurchase {
  readonly kind: 'cancelPurchase';
  /** Of its entry in the audit log. */
  readonly auditId: string;
  /** From where it was asked, for the audit log. */
  readonly address?: string | null;
}

/**
 * The money arrived (R28): by the word of the seller, or of its provider. A provider's word is kept even where no credits can
 * be posted (PAID_UNFUNDED); a seller's is refused then, and the purchase stays as it was.
 */
export interface SettlePurchase extends OfPurchase {
  readonly kind: 'settlePurchase';
  readonly transferId: string;
  readonly by: 'SELLER' | 'PROVIDER';
  readonly reference: string | null;
}

/** The money went back (R29). With a key of the seller's, a part of a purchase is charged back once however often it is sent. */
export type ChargeBackPurchase = (Keyed | Unkeyed) & ChargeBack;

interface ChargeBack extends Sides {
  readonly kind: 'chargeBackPurchase';
  readonly transferId: string;
  readonly by: 'SELLER' | 'PROVIDER';
  /** What the provider calls the dispute: each takes credits once, and none after it was won. */
  readonly dispute: string | null;
  /** Credits; null: all that is left of the purchase. */
  readonly quantity: number | null;
  readonly memo: string | null;
}

/** A dispute was won: what its charge-back took is given back once, and what is still owed for it ends (R29). */
export interface ReverseChargeBack extends OfPurchase {
  readonly kind: 'reverseChargeBack';
  readonly transferId: string;
  readonly by: 'PROVIDER';
  readonly dispute: string;
  readonly memo: string | null;
}

/** Of the acting panel. The customer of a payment never changes: it is read before, to know what to look up. */
interface OfCustomerPayment extends Unkeyed {
  readonly paymentId: string;
  readonly customerId: string;
}

/** A customer's money arrived: it renews in the same commit where the panel can spend, and waits otherwise (R54). */
export interface SettleCustomerPayment extends OfCustomerPayment {
  readonly kind: 'settleCustomerPayment';
  /** Kept with the payment, so that the command finds its own earlier commit; also of its entry in the audit log. */
  readonly settlementId: string;
  readonly reference: string | null;
  /** Of a provider's word: how far its payment had come, see CustomerPaymentState. 0 by hand. */
  readonly turn: number;
  /** For the audit log: where it was asked for from. */
  readonly address: string | null;
}

/** A provider's word that all of the money went back. No service changes by it; what waits is applied no more (R54). */
export interface RefundCustomerPayment extends OfCustomerPayment {
  readonly kind: 'refundCustomerPayment';
  /** Of its entry in the audit log; kept with a payment of which nothing else was told before. */
  readonly settlementId: string;
  readonly reference: string;
  readonly turn: number;
}

/** One that waits becomes its renewal. Every batch makes these of what waits in its panels; nobody else has to ask (ADR-0101). */
export interface ApplyCustomerPayment extends OfCustomerPayment {
  readonly kind: 'applyCustomerPayment';
}
