/** Imitations of Stripe and Mercado Pago, and the events that they deliver. */

import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { Stripe } from 'stripe';
import { until } from '../until.ts';

/** A request that an imitated provider received. */
interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly authorization: string | null;
  readonly body: string;
}

/** The parts of both providers' APIs that the product uses, on loopback. A repeated idempotency key returns the first payment. */
export interface Providers extends AsyncDisposable {
  readonly url: string;
  readonly requests: ProviderRequest[];
  /** Accepts requests and never answers them. */
  isSilent: boolean;
  /** Mercado Pago's payments, by id. */
  readonly payments: Map<string, object>;
  /** The metadata of Stripe's payment intents, by id. */
  readonly intents: Map<string, object>;
  /** The answer to requests that create a payment. Like both providers, the imitation stores it under the idempotency key. */
  failure: { readonly status: number; readonly body: object } | null;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const NOTHING: Answer = { status: 404, body: { error: { message: 'there is no such thing' } } };

export async function startProviders(): Promise<Providers> {
  const made = new Map<string, Answer>();
  const once = (key: string | null, make: () => object) => {
    const known = key === null ? undefined : made.get(key);
    const answer = known ?? state.failure ?? { status: 200, body: make() };
    if (key !== null) made.set(key, answer);
    return answer;
  };
  const state = {
    isSilent: false,
    failure: null as Answer | null,
    requests: [] as ProviderRequest[],
    payments: new Map<string, object>(),
    intents: new Map<string, object>(),
  };

  function answer({ idempotencyKey, method, path }: ProviderRequest): Answer {
    if (method === 'POST' && path === '/v1/checkout/sessions')
      return once(idempotencyKey, () => ({
        id: `cs_${made.size}`,
        object: 'checkout.session',
        url: `https://pay.stripe.test/${made.size}`,
      }));
    if (method === 'POST' && path === '/v1/payments')
      return once(idempotencyKey, () => ({
        id: made.size,
        point_of_interaction: { transaction_data: { qr_code: `000201dynamic${made.size}` } },
      }));
    const [, , kind, id = ''] = path.split('/');
    const metadata = kind === 'payment_intents' ? state.intents.get(id) : undefined;
    if (metadata !== undefined) return { status: 200, body: { id, object: 'payment_intent', metadata } };
    const payment = kind === 'payments' ? state.payments.get(id) : undefined;
    return payment === undefined ? NOTHING : { status: 200, body: payment };
  }

  const server = createServer(async (request, response) => {
    const received = await read(request);
    state.requests.push(received);
    if (state.isSilent) return;
    const found = answer(received);
    response.writeHead(found.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function read(request: IncomingMessage): Promise<ProviderRequest> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    idempotencyKey: header('idempotency-key') ?? header('x-idempotency-key'),
    authorization: header('authorization'),
    body,
  };
}

export const STRIPE_SECRET = 'whsec_of_the_tests';
export const MERCADO_PAGO_SECRET = 'a secret of the tests';

export interface Delivered {
  readonly status: number;
  readonly text: string;
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<Delivered> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, text: await response.text() };
}

/** Repeats a delivery that is answered with 503, as providers do: on a slow machine one may wait too long for another. */
export function untilTaken(deliver: () => Promise<Delivered>): Promise<Delivered> {
  return until(async () => {
    const delivered = await deliver();
    return delivered.status !== 503 && delivered;
  });
}

/** Delivers an event as Stripe does: signed over the bytes. */
export function deliverStripe(url: string, event: object, { secret = STRIPE_SECRET, atMs = Date.now() } = {}): Promise<Delivered> {
  const payload = JSON.stringify(event, null, 2);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(atMs / 1000) });
  return post(url, payload, { 'stripe-signature': signature });
}

/** The metadata that the product writes on a payment. */
export interface Marked {
  readonly purchase: string;
  /** The seller's account, as the address for its events contains it. */
  readonly account?: string;
  readonly attempt?: string;
}

interface EventParts {
  readonly type: string;
  readonly id?: string;
  readonly createdMs?: number;
}

function stripeEvent(object: object, { createdMs = Date.now(), id = randomUUID(), type }: EventParts): object {
  return { id: `evt_${id}`, object: 'event', type, created: Math.floor(createdMs / 1000), data: { object } };
}

/** A Stripe Checkout session that was paid for. */
export function paidSession(
  purchase: string,
  { account, amount, attempt, createdMs, intent, currency = 'brl', type = 'checkout.session.completed', status = 'paid' }: SessionParts,
): object {
  const object = {
    id: `cs_${intent}`,
    object: 'checkout.session',
    payment_intent: intent,
    payment_status: status,
    amount_total: amount,
    currency,
    metadata: { purchase, ...(account === undefined ? {} : { account }), ...(attempt === undefined ? {} : { attempt }) },
  };
  return stripeEvent(object, { type, id: `${intent}_${type}`, ...(createdMs === undefined ? {} : { createdMs }) });
}

interface SessionParts extends Omit<Marked, 'purchase'> {
  readonly amount: number;
  readonly intent: string;
  readonly currency?: string;
  readonly type?: string;
  readonly status?: string;
  readonly createdMs?: number;
}

/** A payment intent whose payment failed. */
export function failedIntent(intent: string, metadata: Marked, type = 'payment_intent.payment_failed'): object {
  return stripeEvent({ id: intent, object: 'payment_intent', metadata }, { type });
}

interface DisputeParts {
  readonly type: 'created' | 'updated' | 'closed' | 'funds_withdrawn' | 'funds_reinstated';
  readonly status: string;
  /** Balance movements so far, in minor units. */
  readonly movements?: readonly number[];
  readonly amount?: number;
  readonly dispute?: string;
}

export function disputed(intent: string, { amount = 10_000, dispute = `dp_${intent}`, movements, status, type }: DisputeParts): object {
  const object = {
    ...{ id: dispute, object: 'dispute', charge: `ch_${intent}`, payment_intent: intent, amount, currency: 'brl', status },
    ...(movements === undefined ? {} : { balance_transactions: movements.map((moved) => ({ amount: moved, currency: 'brl' })) }),
  };
  return stripeEvent(object, { type: `charge.dispute.${type}` });
}

/** A charge of which `refundedMinor` in all was refunded. */
export function refunded(
  purchase: string,
  intent: string,
  refundedMinor = 10_000,
  { createdMs = Date.now(), amount = 10_000 } = {},
): object {
  const object = {
    ...{ id: `ch_${intent}`, object: 'charge', payment_intent: intent, refunded: refundedMinor === amount },
    ...{ amount, amount_refunded: refundedMinor, currency: 'brl', metadata: { purchase } },
  };
  return stripeEvent(object, { type: 'charge.refunded', createdMs });
}

/** Delivers a notification as Mercado Pago does: signed over the payment's id, the request's id and the time. */
export function deliverMercadoPago(
  url: string,
  paymentId: string,
  { secret = MERCADO_PAGO_SECRET, atMs = Date.now() } = {},
): Promise<Delivered> {
  const requestId = randomUUID();
  const v1 = createHmac('sha256', secret).update(`id:${paymentId};request-id:${requestId};ts:${atMs};`).digest('hex');
  const body = JSON.stringify({ id: Math.floor(Math.random() * 1e9), type: 'payment', action: 'payment.updated', data: { id: paymentId } });
  return post(`${url}&data.id=${paymentId}&type=payment`, body, { 'x-signature': `ts=${atMs},v1=${v1}`, 'x-request-id': requestId });
}

export function mercadoPagoPayment(
  id: string,
  purchase: string,
  { amountMinor, currency = 'BRL', detail, metadata, refundedMinor = 0, status = 'approved', updatedMs = Date.now() }: PaymentParts,
): object {
  return {
    ...{ id: Number(id), status, status_detail: detail ?? null, external_reference: purchase, metadata: metadata ?? {} },
    ...{ transaction_amount: amountMinor / 100, transaction_amount_refunded: refundedMinor / 100, currency_id: currency },
    date_last_updated: new Date(updatedMs).toISOString(),
  };
}

interface PaymentParts {
  readonly amountMinor: number;
  readonly status?: string;
  readonly detail?: string;
  readonly currency?: string;
  readonly refundedMinor?: number;
  readonly metadata?: object;
  readonly updatedMs?: number;
}
