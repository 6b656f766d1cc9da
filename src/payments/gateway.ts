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

/** A purchase as its provider must know it. */
export interface Order {
  readonly purchaseId: string;
  readonly tenantId: string;
  readonly quantity: number;
  /** In cents, or whatever the currency's smallest unit is. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly payerEmail: string;
  /** Where the buyer comes back to. */
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

/** What a provider says of a payment. */
export interface PaymentEvent {
  /** The same whenever the provider repeats itself. */
  readonly id: string;
  /** LAPSED: what the buyer was to pay with works no longer. */
  readonly kind: 'PAID' | 'REVERSED' | 'LAPSED';
  /** As we told the provider; null where the event does not repeat it. */
  readonly purchaseId: string | null;
  /** What the provider calls the payment; null: none was made. */
  readonly reference: string | null;
  /** Of PAID. */
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Gateway {
  /** What the buyer pays with: an address, or a code. null: the provider did not answer in time, or refused. Asking again makes no second payment. */
  instructions(order: Order, credentials: Credentials): Promise<string | null>;
  /** Whether the delivery was signed with this secret, not too long ago. */
  isSigned(delivery: Delivery, webhookSecret: string): boolean;
  /** Of a signed delivery; null: nothing that matters here. Throws ProviderUnavailable when the provider must be asked and does not answer. */
  read(delivery: Delivery, credentials: Credentials): Promise<PaymentEvent | null>;
  /** Which purchase a payment was made for, by the provider's own word. */
  purchaseOf(reference: string, credentials: Credentials): Promise<string | null>;
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
