/** The interface of the feed for the rest of the server. */

import type { AccountState, TransferRow } from '../kernel/journal.ts';
import type { RightsHint } from '../kernel/rights.ts';
import type { Stream } from '../kernel/stream.ts';

/** One event of an account's stream. Without `transfer` it is the present state, with which a subscription without `after` starts. */
export interface BalanceEvent {
  /** The account as of `account.version`. Fields that no change carries (debt, reserveThreshold) have their present values. */
  readonly account: AccountState;
  /** 0 for the present state. */
  readonly delta: number;
  /** Null for the present state. The transfer's entry has version `account.version` and time `account.changedAtMs`. */
  readonly transfer: TransferRow | null;
}

/** The purchases that a subscriber watches: those that a panel, or the platform, buys or sells. */
export interface WatchedPurchases {
  readonly tenantId: string;
  /** Null stands for the platform, which sells in every tenant. */
  readonly panelId: string | null;
  /** Also watches purchases whose seller may be unable to deliver (R28): in the tenant, or in every tenant for the platform. */
  readonly standsIn: boolean;
}

/** A purchase has changed. */
export interface PurchaseEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly buyerId: string;
  /** Null stands for the platform. */
  readonly sellerId: string | null;
  /** Whether the seller may be unable to deliver: the purchase is paid but unfunded, or the seller is closed. */
  readonly mayBeStranded: boolean;
}

/** A customer's payment has changed. */
export interface PaymentEvent {
  readonly tenantId: string;
  readonly id: string;
  /** The panel whose customer it is. */
  readonly resellerId: string;
}

/** A webhook endpoint was changed, disabled or removed, or one of its deliveries was given up or is sent again. */
export interface EndpointEvent {
  readonly tenantId: string;
  readonly id: string;
  /** The panel whose endpoint it is. */
  readonly resellerId: string;
}

/** An import changed. */
export interface ImportEvent {
  readonly tenantId: string;
  readonly id: string;
  /** How often it has changed. */
  readonly revision: number;
}

/** A changed import, for one subscriber. */
export interface ImportChange extends ImportEvent {
  /** Call with the revision that was read for the subscriber, so that changes up to it are not sent again. */
  sent(revision: number): void;
}

/** An event of a tenant's access feed (R48): the change, and what the customer may use at this version. */
export interface AccessEvent {
  readonly tenantId: string;
  /** Counts the tenant's events, without gaps. */
  readonly version: number;
  readonly event: string;
  readonly customerId: string;
  /** The customer's login at the time when the event is read; null if there is none yet. */
  readonly login: string | null;
  /** The panel whose customer it was. */
  readonly resellerId: string;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date;
  readonly at: Date;
}

/**
 * The live side of the journal. Every iterator begins at its first `next()`, is bounded in memory, and ends on `return()`
 * even while a `next()` waits. It survives the loss of the database connection, and then continues from the journal.
 * Live subscribers of one account receive the same object for the same change.
 */
export interface Feed {
  /**
   * Every change of one account in version order, none missing, none twice. With `after` null: the present state, then each
   * change. With a number: every change above it from the journal, then live changes.
   * Throws BadUserInput('after', …) before the first item when `after` is above the present version.
   */
  balance(tenantId: string, accountId: string, after: number | null): Stream<BalanceEvent>;
  /** The changes of `balance` that lock or unlock (and the present state first, without `after`). */
  locks(tenantId: string, accountId: string, after: number | null): Stream<BalanceEvent>;
  /** The newest state of every panel at or below `path` whenever it changes. Bursts may be merged to the newest state. Starts with no
   * event, or with the changes since `sinceMs` (milliseconds since 1970, by the database's clock). */
  branch(tenantId: string, path: string, sinceMs?: number): AsyncIterableIterator<BalanceEvent>;
  /** Purchases as they change. The receiver reads the newest state; bursts may be merged to one event. Starts with no event. */
  purchases(watched: WatchedPurchases): Stream<PurchaseEvent>;
  /** Like `purchases`, for the payments of a panel's customers. */
  customerPayments(tenantId: string, resellerId: string): Stream<PaymentEvent>;
  /** Like `purchases`, for a panel's webhook endpoints. */
  endpoints(tenantId: string, resellerId: string): Stream<EndpointEvent>;
  /**
   * The events of a tenant's access feed without the reports of services, or all events of one panel's customers. They come in
   * version order, none missing, none twice. With `after` null: events from now on. With a number: every event above it, then live
   * events. Throws BadUserInput('after', …) before the first item when `after` is above the present version.
   */
  access(tenantId: string, resellerId: string | null, after: number | null): Stream<AccessEvent>;
  /** Call this when this process has numbered events. Otherwise they are noticed within a second or so. */
  accessNumbered(): void;
  /**
   * The imports of a tenant, or of all tenants (null). First come those that are in progress or changed in the last ten minutes, then
   * each import as it changes. The receiver reads the newest state, and says which; bursts may be merged to one event.
   */
  imports(tenantId: string | null): Stream<ImportChange>;
  /** Call this when this process has changed an import. Otherwise the change is noticed within a second or so. */
  importsChanged(): void;
  /**
   * Hints to every process, this one included, that a purchase, a customer's payment or an endpoint was changed. Without the hint they
   * notice within a second or so.
   */
  rowsChanged(): void;
  /** Notifies every process, and this one at once, that a right has changed. */
  announce(hint: RightsHint): void;
  /** Null means that hints may have been lost (reconnect, gap), so all rights must be checked again. Returns a function that unsubscribes. */
  onRights(listener: (hint: RightsHint | null) => void): () => void;
}
