import type { Logger } from '../kernel/log.ts';
import type { Payments } from './gateway.ts';
import { createMercadoPago } from './mercado-pago.ts';
import { createStripe } from './stripe.ts';

export interface PaymentOptions {
  /** Where browsers and providers reach this server. */
  readonly publicUrl: string;
  readonly stripeUrl: string;
  readonly mercadoPagoUrl: string;
  readonly log: Logger;
}

/** How long whoever only reads does not ask again a provider that did not answer. Milliseconds. */
const REST_MS = 10_000;

/** The providers that a seller can set up. */
export function createPayments({ log, mercadoPagoUrl, publicUrl, stripeUrl }: PaymentOptions): Payments {
  const gateways = { STRIPE: createStripe(stripeUrl, log), MERCADO_PAGO: createMercadoPago(mercadoPagoUrl, log) };
  /** By account; as many as there are sellers whose provider is silent. */
  const silentUntilMs = new Map<string, number>();
  return {
    publicUrl,
    gateway: (provider) => gateways[provider],
    isSilent: (accountId) => (silentUntilMs.get(accountId) ?? 0) > performance.now(),
    answered(accountId, hasAnswered) {
      if (hasAnswered) silentUntilMs.delete(accountId);
      else silentUntilMs.set(accountId, performance.now() + REST_MS);
    },
  };
}
