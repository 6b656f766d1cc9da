/** What the rest of the server may ask of the feed. */

import type { AccountState, TransferRow } from '../kernel/journal.ts';
import type { RightsHint } from '../kernel/rights.ts';
import type { Stream } from '../kernel/stream.ts';

/** One item of an account's stream. Without `change` it is the present state, which a subscription without `after` starts with. */
export interface BalanceEvent {
  /** The account as of `account.version`; fields no change carries (debt, reserveThreshold) are those of now. */
  readonly account: AccountState;
  /** 0 for the present state. */
  readonly delta: number;
  /** null for the present state. Its entry has version `account.version` and time `account.changedAtMs`. */
  readonly transfer: TransferRow | null;
}

/** Whose purchases a subscriber watches: those that a panel, or the platform, buys or sells. */
export interface PurchaseSides {
  readonly tenantId: string;
  /** null: the platform, which sells in every tenant. */
  readonly panelId: string | null;
  /** Also those that somebody else sold and perhaps cannot deliver (R28): of the tenant; for the platform, of every tenant. */
  readonly standsIn: boolean;
}

/** A purchase has changed. */
export interface PurchaseEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly buyerId: string;
  /** null: the platform. */
  readonly sellerId: string | null;
  /** Whether its seller may be unable to deliver: it is paid for and unfunded, or the seller is closed. */
  readonly mayBeStranded: boolean;
}

/** What a customer pays has changed. */
export interface PaymentEvent {
  readonly tenantId: string;
  readonly id: string;
  /** The panel whose customer it is. */
  readonly resellerId: string;
}

/** A webhook endpoint was changed, disabled or removed, or a delivery of it was given up or is sent again. */
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

/** An event of a tenant's access feed (R48): what changed, and what the customer may use at this version. */
export interface AccessEvent {
  readonly tenantId: string;
  /** Of the tenant; without gaps. */
  readonly version: number;
  readonly event: string;
  readonly customerId: string;
  /** What the customer signs in with when the event is read; null: nothing yet. */
  readonly login: string | null;
  /** The panel whose customer it was. */
  readonly resellerId: string;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date;
  readonly at: Date;
}

/**
 * The live side of the journal. Every iterator begins at its first `next()`, is bounded in memory, ends on `return()`
 * even while a `next()` waits, and survives the loss of the database connection: it goes on from the journal when that
 * is back. Live subscribers of one account are given the same object for the same change.
 */
export interface Feed {
  /**
   * Every change of one account in version order, none missing, none twice. `after` null: the present state, then each
   * change; a number: every change above it from the journal, then live.
   * Throws BadUserInput('after', …) before the first item when `after` is above the present version.
   */
  balance(tenantId: string, accountId: string, after: number | null): Stream<BalanceEvent>;
  /** The changes of `balance` that lock or unlock (and the present state first, without `after`). */
  locks(tenantId: string, accountId: string, after: number | null): Stream<BalanceEvent>;
  /** The newest state of any panel at or below `path` as it changes; bursts may be merged to the newest; nothing at the start, or,
   * with `sinceMs` (milliseconds since 1970, by the database's clock), first what changed since. */
  branch(tenantId: string, path: string, sinceMs?: number): AsyncIterableIterator<BalanceEvent>;
  /** Purchases as they change: of each the newest state is to be read, and bursts may be merged to one event; nothing at the start. */
  purchases(sides: PurchaseSides): Stream<PurchaseEvent>;
  /** The same of what the customers of a panel pay. */
  customerPayments(tenantId: string, resellerId: string): Stream<PaymentEvent>;
  /** The same of a panel's webhook endpoints. */
  endpoints(tenantId: string, resellerId: string): Stream<EndpointEvent>;
  /**
   * Every event of a tenant's access feed but what services said, or every one of the customers of one of its panels, in version order, none missing, none twice. `after`
   * null: what comes from now on; a number: every event above it, then live. Throws BadUserInput('after', …) before the first item
   * when `after` is above the present version.
   */
  access(tenantId: string, resellerId: string | null, after: number | null): Stream<AccessEvent>;
  /** Events were numbered by this process: without it they are noticed within a second or so. */
  accessNumbered(): void;
  /**
   * Imports of a tenant, or of all (null): those that are worked on or changed in the last ten minutes, then each as it changes. Of each
   * the newest state is to be read, and bursts may be merged to one event.
   */
  imports(tenantId: string | null): Stream<ImportEvent>;
  /** This process changed an import: without it that is noticed within a second or so. */
  importsChanged(): void;
  /**
   * A hint to every process, this one included, that a purchase, what a customer pays or an endpoint was changed: without it they notice
   * within a second or so.
   */
  rowsChanged(): void;
  /** Tells every process, this one included, and at once, that a right changed. */
  announce(hint: RightsHint): void;
  /** null: hints may have been lost (reconnect, gap): everything must be asked again. Returns the unsubscriber. */
  onRights(listener: (hint: RightsHint | null) => void): () => void;
}
