/** Cards and whatever else Stripe takes, through its Checkout: the buyer pays on Stripe's page, and Stripe tells us. */

import { Stripe } from 'stripe';
import { z } from 'zod';
import type { Logger } from '../kernel/log.ts';
import { type Delivery, type Gateway, headerOf, type Order, type PaymentEvent, ProviderUnavailable } from './gateway.ts';

/** How old a signature may be: Stripe signs anew what it sends again. */
const SIGNATURE_AGE_SECONDS = 300;
/** A page to pay on is open for a day, and so long Stripe remembers what an idempotency key stands for. */
const PAGE_LIFE_MS = 86_400_000;

const metadata = z.object({ purchase: z.string().optional() }).nullish();
/** Stripe names a thing or, if it was asked to, spells it out. */
const named = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();
const sessionSchema = z.object({
  id: z.string(),
  metadata,
  payment_intent: named,
  payment_status: z.string(),
  amount_total: z.number().nullish(),
  currency: z.string().nullish(),
});
const chargeSchema = z.object({ metadata, payment_intent: named, refunded: z.boolean(), amount: z.number(), currency: z.string() });
const disputeSchema = z.object({ payment_intent: named, amount: z.number(), currency: z.string() });
const eventSchema = z.object({ id: z.string(), type: z.string(), data: z.object({ object: z.unknown() }) });

/** `timeoutMs`: how long it may take to answer. */
export function createStripe(apiUrl: string, timeoutMs: number, log: Logger): Gateway {
  const { hostname, port, protocol } = new URL(apiUrl);
  const isPlain = protocol === 'http:';
  const api = (apiSecret: string) =>
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
      if (apiSecret === null) return null;
      const attempt = Math.floor((Date.now() - order.createdAtMs) / PAGE_LIFE_MS);
      try {
        const session = await api(apiSecret).checkout.sessions.create(pageOf(order), { idempotencyKey: `${order.purchaseId} ${attempt}` });
        return session.url;
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeError)) throw error;
        log.warn({ provider: 'STRIPE', type: error.type, status: error.statusCode }, 'a payment could not be made');
        return null;
      }
    },
    isSigned(delivery, webhookSecret) {
      try {
        Stripe.webhooks.constructEvent(delivery.body, headerOf(delivery, 'stripe-signature'), webhookSecret, SIGNATURE_AGE_SECONDS);
        return true;
      } catch {
        return false;
      }
    },
    async read(delivery) {
      return readEvent(delivery);
    },
    async purchaseOf(reference, { apiSecret }) {
      if (apiSecret === null) return null;
      try {
        const intent = await api(apiSecret).paymentIntents.retrieve(reference);
        return intent.metadata.purchase ?? null;
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeError)) throw error;
        if (error.statusCode === 404) return null;
        throw new ProviderUnavailable(`Stripe does not answer: ${error.type}`);
      }
    },
  };
}

function pageOf(order: Order): Stripe.Checkout.SessionCreateParams {
  const about = { purchase: order.purchaseId, tenant: order.tenantId };
  return {
    mode: 'payment',
    client_reference_id: order.purchaseId,
    customer_email: order.payerEmail,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.currency.toLowerCase(),
          unit_amount: order.totalMinor,
          product_data: { name: `${order.quantity} credits` },
        },
      },
    ],
    metadata: about,
    // The charge, and so a refund of it, carries what its intent carries.
    payment_intent_data: { metadata: about },
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
  };
}

function readEvent({ body }: Delivery): PaymentEvent | null {
  const event = eventSchema.safeParse(JSON.parse(body.toString('utf8')));
  if (!event.success) return null;
  const { data, id, type } = event.data;
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired': {
      const session = sessionSchema.parse(data.object);
      const lapsed = type === 'checkout.session.expired';
      // A way to pay that takes days completes the page first, unpaid.
      if (!lapsed && session.payment_status !== 'paid') return null;
      return {
        id,
        kind: lapsed ? 'LAPSED' : 'PAID',
        purchaseId: session.metadata?.purchase ?? null,
        reference: session.payment_intent ?? session.id,
        amountMinor: session.amount_total ?? 0,
        currency: (session.currency ?? '').toUpperCase(),
      };
    }
    case 'charge.refunded': {
      const charge = chargeSchema.parse(data.object);
      return charge.refunded ? reversal(id, charge.metadata?.purchase ?? null, charge) : null;
    }
    case 'charge.dispute.created':
      return reversal(id, null, disputeSchema.parse(data.object));
    default:
      return null;
  }
}

function reversal(
  id: string,
  purchaseId: string | null,
  { amount, currency, payment_intent: intent }: z.output<typeof disputeSchema>,
): PaymentEvent | null {
  if (intent === null || intent === undefined) return null;
  return { id, kind: 'REVERSED', purchaseId, reference: intent, amountMinor: amount, currency: currency.toUpperCase() };
}
