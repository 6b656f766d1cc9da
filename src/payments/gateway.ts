/** What the house may ask of a payment provider, whichever it is. Nothing here reaches the database. */

export type ProviderName = 'STRIPE' | 'MERCADO_PAGO';

/** How a seller stands with a provider. Never logged. */
export interface Credentials {
  /** For the provider's API. */
  readonly apiSecret: string | null;
  /** What the provider signs its events with. */
  readonly webhookSecret: string | null;
  readonly pixKey: string | null;
  readonly merchantName: string | null;
  readonly merchantCity: string | null;
}

/** A purchase, or what a customer pays its panel, as its provider must know it. */
export interface Order {
  /** Of the purchase, or of the customer's payment. */
  readonly orderId: string;
  /** Of the seller's account with the provider, as `Mark.accountId`. */
  readonly accountId: string;
  /** 0, and one more each time that what was made before has lapsed. */
  readonly attempt: number;
  readonly tenantId: string;
  /** What it is for, in words for the payer. */
  readonly description: string;
  /** In cents, or whatever the currency's smallest unit is. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly expiresAtMs: number;
  /** null: it is not told. */
  readonly payerEmail: string | null;
  /** Where whoever pays comes back to. */
  readonly returnUrl: string;
  /** Where events are sent. */
  readonly webhookUrl: string;
}

/** An HTTP request that says it comes from a provider. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** What we write on a payment when we have it made: by it our payments are told from another shop's on the same account. */
export interface Mark {
  /** Of the purchase, or of the customer's payment; null: none is named, so the payment is not ours. */
  readonly orderId: string | null;
  /** null on payments that were made before accounts were written on them. */
  readonly accountId: string | null;
  /** Which instructions of the order it was made by. */
  readonly attempt: number;
}

/** How much of a payment has gone back for one cause, and stays gone. */
export interface Returned {
  /** A dispute by its id, or what stands for all refunds together. */
  readonly cause: string;
  /** Rises with the provider's knowledge: of two that arrive in any order, the higher one holds. */
  readonly version: number;
  /** null: all of it. */
  readonly minor: number | null;
}

/** What a provider says of a payment. */
export interface PaymentEvent {
  /** The same whenever the provider repeats itself. */
  readonly id: string;
  /** LAPSED: what the buyer was to pay with works no longer. RETURNED: nothing but what `returned` says. */
  readonly kind: 'PAID' | 'RETURNED' | 'LAPSED';
  /** null where the event does not repeat it. */
  readonly mark: Mark | null;
  /** What the provider calls the payment; null: none was made. */
  readonly reference: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returned: Returned | null;
  /** When it happened, by the provider's clock. */
  readonly atMs: number;
}

/** What asking for instructions came to. */
export type Made =
  | { readonly status: 'made'; readonly instructions: string; readonly lapsesAtMs: number | null }
  /** No answer in time, or a refusal. The same attempt may be asked for again. */
  | { readonly status: 'unavailable' }
  /** This attempt makes nothing any more: the provider keeps its failure under the attempt's idempotency key. */
  | { readonly status: 'spent' };

export interface Gateway {
  /** What the buyer pays with: an address, or a code. Asking again for one attempt makes no second payment. */
  instructions(order: Order, credentials: Credentials): Promise<Made>;
  /** Whether the delivery was signed with this secret, not too long ago. */
  isSigned(delivery: Delivery, webhookSecret: string): Promise<boolean>;
  /** Of a signed delivery; null: nothing that matters here. Throws ProviderUnavailable when the provider must be asked and does not answer. */
  read(delivery: Delivery, credentials: Credentials): Promise<PaymentEvent | null>;
  /** What is written on a payment, by the provider's own word; null: there is no such payment. */
  markOf(reference: string, credentials: Credentials): Promise<Mark | null>;
}

export interface Payments {
  /** Where browsers and providers reach this server, without a slash at the end. */
  readonly publicUrl: string;
  gateway(provider: ProviderName): Gateway;
  /** Whether the provider of this seller's account did not answer a moment ago. */
  isSilent(accountId: string): boolean;
  /** Remembers it. */
  answered(accountId: string, hasAnswered: boolean): void;
}

/** The provider has to be asked and does not answer: to be tried again. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The only value of a header. */
export function headerOf({ headers }: Delivery, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
