/** Stripe Checkout, for cards and Stripe's other methods: the buyer pays on Stripe's page, and Stripe sends us events. */

import type { Stripe } from 'stripe';
import type { Logger } from '../kernel/log.ts';
import { type Gateway, headerOf, type Made, type Order, ProviderUnavailable } from './gateway.ts';
import { markOf, readStripeEvent } from './stripe-events.ts';

/** How old a signature may be. Stripe resends for three days and signs each delivery anew, so an outage loses no event. */
const SIGNATURE_AGE_SECONDS = 300;
const UNAVAILABLE: Made = { status: 'unavailable' };

type Library = Pick<typeof import('stripe'), 'Stripe'>;

/** Loads the library when it is first needed: it has 218 modules, which a server without Stripe accounts never uses. */
function load(): Promise<Library> {
  return import('stripe');
}

/** `timeoutMs` is how long Stripe may take to answer. */
export function createStripe(apiUrl: string, timeoutMs: number, log: Logger): Gateway {
  const { hostname, port, protocol } = new URL(apiUrl);
  const isPlain = protocol === 'http:';
  const api = ({ Stripe }: Library, apiSecret: string) =>
    new Stripe(apiSecret, {
      host: hostname,
      port: port === '' ? (isPlain ? 80 : 443) : port,
      protocol: isPlain ? 'http' : 'https',
      timeout: timeoutMs,
      maxNetworkRetries: 0,
      telemetry: false,
    });

  return {
    async instructions(order, { apiSecret }) {
      if (apiSecret === null) return UNAVAILABLE;
      const library = await load();
      const idempotencyKey = `${order.orderId} ${order.attempt}`;
      try {
        const { expires_at: expiresAt, url } = await api(library, apiSecret).checkout.sessions.create(pageOf(order), { idempotencyKey });
        if (url === null) return { status: 'spent' };
        return { status: 'made', instructions: url, lapsesAtMs: typeof expiresAt === 'number' ? expiresAt * 1000 : null };
      } catch (error) {
        if (!(error instanceof library.Stripe.errors.StripeError)) throw error;
        log.warn({ provider: 'STRIPE', type: error.type, status: error.statusCode }, 'a payment could not be created');
        return isKept(library, error) ? { status: 'spent' } : UNAVAILABLE;
      }
    },
    async isSigned(delivery, webhookSecret) {
      const { Stripe } = await load();
      try {
        Stripe.webhooks.constructEvent(delivery.body, headerOf(delivery, 'stripe-signature'), webhookSecret, SIGNATURE_AGE_SECONDS);
        return true;
      } catch {
        return false;
      }
    },
    async read({ body }) {
      const event = readStripeEvent(body);
      if (event === 'unreadable') log.warn({ provider: 'STRIPE' }, 'an event is not as Stripe documents it');
      return event === 'unreadable' ? null : event;
    },
    async markOf(reference, { apiSecret }) {
      if (apiSecret === null) return null;
      const library = await load();
      try {
        const { metadata } = await api(library, apiSecret).paymentIntents.retrieve(reference);
        return markOf(metadata);
      } catch (error) {
        if (!(error instanceof library.Stripe.errors.StripeError)) throw error;
        if (error.statusCode === 404) return null;
        throw new ProviderUnavailable(`Stripe does not answer: ${error.type}`);
      }
    },
  };
}

/** Stripe repeats its first answer for an idempotency key, even its own failure, and refuses other parameters under the key. */
function isKept({ Stripe }: Library, error: InstanceType<typeof Stripe.errors.StripeError>): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError || (error.statusCode ?? 0) >= 500;
}

function pageOf(order: Order): Stripe.Checkout.SessionCreateParams {
  const about = { purchase: order.orderId, tenant: order.tenantId, account: order.accountId, attempt: String(order.attempt) };
  return {
    mode: 'payment',
    client_reference_id: order.orderId,
    ...(order.payerEmail === null ? {} : { customer_email: order.payerEmail }),
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.currency.toLowerCase(),
          unit_amount: order.totalMinor,
          product_data: { name: order.description },
        },
      },
    ],
    metadata: about,
    // The charge, and so its refund, carries the metadata of its intent.
    payment_intent_data: { metadata: about },
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
  };
}
