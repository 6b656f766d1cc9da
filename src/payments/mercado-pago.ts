/** Pix by Mercado Pago: its API makes payments. An event only names a payment, whose state is then read from the API. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Logger } from '../kernel/log.ts';
import { type Credentials, type Delivery, type Gateway, headerOf, type Made, type Order, ProviderUnavailable } from './gateway.ts';
import { eventOf, markOf, type Payment, paymentSchema } from './mercado-pago-payment.ts';
import { pixCode } from './pix.ts';

/**
 * How old a signature may be. An old event does no harm, because it carries no state: the payment is read from the API. Refused
 * events are sent again for days, so that no outage loses a payment. Milliseconds.
 */
const SIGNATURE_AGE_MS = 30 * 86_400_000;
/** `ts` may be in seconds or milliseconds. Smaller values are seconds (until the year 5138), others milliseconds (since 1973). */
const FIRST_MILLISECONDS = 100_000_000_000;

const madeSchema = z.object({
  status: z.string().optional(),
  point_of_interaction: z.object({ transaction_data: z.object({ qr_code: z.string().min(1).max(2_000) }) }),
});
const statusSchema = z.object({ status: z.string() });
const bodySchema = z.object({
  type: z.string().optional(),
  topic: z.string().optional(),
  data: z.object({ id: z.union([z.number(), z.string()]).transform(String) }).optional(),
});

/** States of a new payment that nobody can pay. */
const DEAD: ReadonlySet<string> = new Set(['rejected', 'cancelled']);
const UNAVAILABLE: Made = { status: 'unavailable' };
/** The provider failed, and stores its failure under the attempt's key. */
const FAILED: Made = { status: 'spent' };

/** `timeoutMs` is how long the provider may take to answer. */
export function createMercadoPago(apiUrl: string, timeoutMs: number, log: Logger): Gateway {
  async function call(path: string, apiSecret: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${apiSecret}`, 'content-type': 'application/json' };
    try {
      return await fetch(new URL(path, apiUrl), { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    } catch {
      throw new ProviderUnavailable('Mercado Pago does not answer');
    }
  }

  /** Null if there is no such payment in this account. */
  async function paymentOf(id: string, { apiSecret }: Credentials): Promise<Payment | null> {
    if (apiSecret === null) return null;
    const response = await call(`/v1/payments/${encodeURIComponent(id)}`, apiSecret);
    if (response.status === 404) return null;
    const payment = response.ok ? paymentSchema.safeParse(await bodyOf(response)) : null;
    if (!payment?.success) throw new ProviderUnavailable(`Mercado Pago answered ${response.status}`);
    return payment.data;
  }

  async function makePayment(order: Order, apiSecret: string): Promise<Made> {
    const body = JSON.stringify({
      transaction_amount: order.totalMinor / 100,
      description: order.description,
      payment_method_id: 'pix',
      external_reference: order.orderId,
      metadata: { account: order.accountId, attempt: order.attempt },
      date_of_expiration: new Date(order.expiresAtMs).toISOString().replace('Z', '+00:00'),
      payer: { email: order.payerEmail ?? placeholderEmail(order) },
      // Mercado Pago accepts only https addresses.
      ...(order.webhookUrl.startsWith('https:') ? { notification_url: order.webhookUrl } : {}),
    });
    // The first attempt keeps the key from before attempts were counted, so that a repeated request after an upgrade makes no second payment.
    const key = order.attempt === 0 ? order.orderId : `${order.orderId} ${order.attempt}`;
    const response = await call('/v1/payments', apiSecret, { method: 'POST', body, headers: { 'x-idempotency-key': key } });
    const answer = response.ok ? await bodyOf(response) : null;
    const made = madeSchema.safeParse(answer);
    if (made.success && !DEAD.has(made.data.status ?? ''))
      return { status: 'made', instructions: made.data.point_of_interaction.transaction_data.qr_code, lapsesAtMs: order.expiresAtMs };
    log.warn({ provider: 'MERCADO_PAGO', status: response.status }, 'a payment could not be created');
    const isDead = made.success || DEAD.has(statusSchema.safeParse(answer).data?.status ?? '');
    if (isDead) return { status: 'spent' };
    return response.status >= 500 ? FAILED : UNAVAILABLE;
  }

  return {
    /** Mercado Pago's own code, whose payment it reports itself. If it does not answer: a code to the seller's key, which the seller confirms. */
    async instructions(order, credentials) {
      const { apiSecret, merchantCity, merchantName, pixKey } = credentials;
      let made = UNAVAILABLE;
      try {
        if (apiSecret !== null) made = await makePayment(order, apiSecret);
      } catch (error) {
        if (!(error instanceof ProviderUnavailable)) throw error;
        log.warn({ provider: 'MERCADO_PAGO' }, 'the provider does not answer');
      }
      const isMissing = made.status === 'unavailable' || made === FAILED;
      if (!isMissing || pixKey === null || merchantName === null || merchantCity === null) return made;
      const code = await pixCode({ pixKey, merchantName, merchantCity }, order.totalMinor, order.orderId);
      return code === null ? made : { status: 'made', instructions: code, lapsesAtMs: null };
    },
    async isSigned(delivery, webhookSecret) {
      const parts = new Map(headerOf(delivery, 'x-signature').split(',').map(pairOf));
      const [ts = '', v1 = ''] = [parts.get('ts'), parts.get('v1')];
      if (!/^\d{1,16}$/.test(ts) || !/^[0-9a-f]{64}$/.test(v1)) return false;
      const atMs = Number(ts) < FIRST_MILLISECONDS ? Number(ts) * 1000 : Number(ts);
      if (Math.abs(Date.now() - atMs) > SIGNATURE_AGE_MS) return false;
      const expected = createHmac('sha256', webhookSecret).update(manifestOf(delivery, ts)).digest();
      return timingSafeEqual(expected, Buffer.from(v1, 'hex'));
    },
    async read(delivery, credentials) {
      const body = bodySchema.safeParse(parsed(delivery.body));
      const content = body.success ? body.data : {};
      if ((delivery.query.get('type') ?? delivery.query.get('topic') ?? content.type ?? content.topic) !== 'payment') return null;
      const id = signedId(delivery);
      const askedAtMs = Date.now();
      const payment = id === null ? null : await paymentOf(id, credentials);
      return payment === null ? null : eventOf(payment, askedAtMs);
    },
    async markOf(reference, credentials) {
      const payment = await paymentOf(reference, credentials);
      return payment === null ? null : markOf(payment);
    },
  };
}

/** A made-up address: Mercado Pago requires one, but must not learn the customer's. */
function placeholderEmail({ orderId, returnUrl }: Order): string {
  return `${orderId}@${new URL(returnUrl).hostname}`;
}

/** The text that Mercado Pago signs, without the parts that the delivery does not have. */
function manifestOf(delivery: Delivery, ts: string): string {
  const id = signedId(delivery)?.toLowerCase() ?? null;
  const requestId = headerOf(delivery, 'x-request-id');
  return `${id === null ? '' : `id:${id};`}${requestId === '' ? '' : `request-id:${requestId};`}ts:${ts};`;
}

/** The signature covers the payment's id from the query. If the query has none, the id comes from the body. */
function signedId({ body, query }: Delivery): string | null {
  const given = query.get('data.id') ?? query.get('id');
  if (given !== null) return given;
  const content = bodySchema.safeParse(parsed(body));
  return content.success ? (content.data.data?.id ?? null) : null;
}

function pairOf(part: string): [string, string] {
  const [name = '', value = ''] = part.split('=', 2);
  return [name.trim(), value.trim()];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
