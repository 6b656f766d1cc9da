/** The interface of every payment provider. Nothing here uses the database. */

export type ProviderName = 'STRIPE' | 'MERCADO_PAGO';

/** A seller's settings for a provider. Never logged. */
export interface Credentials {
  /** The key for the provider's API. */
  readonly apiSecret: string | null;
  /** The secret with which the provider signs its events. */
  readonly webhookSecret: string | null;
  readonly pixKey: string | null;
  readonly merchantName: string | null;
  readonly merchantCity: string | null;
}

/** A purchase or a customer's payment, as its provider must know it. */
export interface Order {
  /** The id of the purchase or of the customer's payment. */
  readonly orderId: string;
  /** The id of the seller's account with the provider, as in `Mark.accountId`. */
  readonly accountId: string;
  /** Begins at 0, and rises by one whenever the previous instructions have lapsed. */
  readonly attempt: number;
  readonly tenantId: string;
  /** What the payment is for, as the payer reads it. */
  readonly description: string;
  /** In cents, or the currency's smallest unit. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly expiresAtMs: number;
  /** Null: the provider does not get it. */
  readonly payerEmail: string | null;
  /** The address to which the payer returns. */
  readonly returnUrl: string;
  /** The address to which the provider sends events. */
  readonly webhookUrl: string;
}

/** An HTTP request that claims to come from a provider. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** The data that we write on a payment when we create it. It distinguishes our payments from other payments of the same account. */
export interface Mark {
  /** The id of the purchase or the customer's payment. Null: there is none, so the payment is not ours. */
  readonly orderId: string | null;
  /** Null on old payments, which were made before accounts were written on them. */
  readonly accountId: string | null;
  /** The attempt of the order whose instructions were paid. */
  readonly attempt: number;
}

/** How much of a payment was returned for one cause, in total. */
export interface Returned {
  /** The id of a dispute, or a name for all refunds together. */
  readonly cause: string;
  /** Rises with the provider's knowledge. Reports may arrive in any order: the one with the highest version counts. */
  readonly version: number;
  /** Null: the whole payment. */
  readonly minor: number | null;
}

/** A provider's report about a payment. */
export interface PaymentEvent {
  /** Stays the same when the provider repeats the report. */
  readonly id: string;
  /** LAPSED: the buyer's instructions no longer work. RETURNED: reports only what `returned` has. */
  readonly kind: 'PAID' | 'RETURNED' | 'LAPSED';
  /** Null if the event does not include it. */
  readonly mark: Mark | null;
  /** The provider's id of the payment; null if no payment was made. */
  readonly reference: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returned: Returned | null;
  /** When it happened, by the provider's clock. */
  readonly atMs: number;
}

/** The result of a request for instructions. */
export type Made =
  | { readonly status: 'made'; readonly instructions: string; readonly lapsesAtMs: number | null }
  /** No answer in time, or a refusal. The same attempt may be requested again. */
  | { readonly status: 'unavailable' }
  /** This attempt cannot succeed any more: the provider stores its failure under the attempt's idempotency key. */
  | { readonly status: 'spent' };

export interface Gateway {
  /** Makes the instructions by which the buyer pays: an address, or a code. A repeated request for one attempt makes no second payment. */
  instructions(order: Order, credentials: Credentials): Promise<Made>;
  /** Whether the delivery was recently signed with this secret. */
  isSigned(delivery: Delivery, webhookSecret: string): Promise<boolean>;
  /** Reads a signed delivery; null if it is not relevant. Throws ProviderUnavailable if the provider's API is needed and does not answer. */
  read(delivery: Delivery, credentials: Credentials): Promise<PaymentEvent | null>;
  /** Reads the mark of a payment from the provider's API; null if there is no such payment. */
  markOf(reference: string, credentials: Credentials): Promise<Mark | null>;
}

export interface Payments {
  /** The address at which browsers and providers reach this server, without a slash at the end. */
  readonly publicUrl: string;
  gateway(provider: ProviderName): Gateway;
  /** Whether the provider of this account recently failed to answer. */
  isSilent(accountId: string): boolean;
  /** Remembers whether the provider answered. */
  answered(accountId: string, hasAnswered: boolean): void;
}

/** The provider's API is needed and does not answer: retry later. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The only value of a header. */
export function headerOf({ headers }: Delivery, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
