/** Combines the payment providers behind one interface. */

import type { Logger } from '../kernel/log.ts';
import type { Payments } from './gateway.ts';
import { createMercadoPago } from './mercado-pago.ts';
import { createStripe } from './stripe.ts';

export interface PaymentOptions {
  /** The address at which browsers and providers reach this server. */
  readonly publicUrl: string;
  readonly stripeUrl: string;
  readonly mercadoPagoUrl: string;
  /** How long a provider may take to answer; five seconds by default. */
  readonly providerTimeoutMs?: number;
  readonly log: Logger;
}

const DEFAULT_PROVIDER_TIMEOUT_MS = 5_000;
/** How long read-only requests skip a provider that did not answer. Milliseconds. */
const SILENT_MS = 10_000;

/** The providers that a seller can set up. */
export function createPayments(options: PaymentOptions): Payments {
  const { log, mercadoPagoUrl, publicUrl, stripeUrl, providerTimeoutMs = DEFAULT_PROVIDER_TIMEOUT_MS } = options;
  const gateways = {
    STRIPE: createStripe(stripeUrl, providerTimeoutMs, log),
    MERCADO_PAGO: createMercadoPago(mercadoPagoUrl, providerTimeoutMs, log),
  };
  /** By account; one for each seller whose provider does not answer. */
  const silentUntilMs = new Map<string, number>();
  return {
    publicUrl,
    gateway: (provider) => gateways[provider],
    isSilent: (accountId) => (silentUntilMs.get(accountId) ?? 0) > performance.now(),
    answered(accountId, hasAnswered) {
      if (hasAnswered) silentUntilMs.delete(accountId);
      else silentUntilMs.set(accountId, performance.now() + SILENT_MS);
    },
  };
}
