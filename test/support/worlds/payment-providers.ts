import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { Stripe } from 'stripe';

/** A request that an imitation was sent. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly authorization: string | null;
  readonly body: string;
}

/** Both providers' APIs as far as they are used, on loopback. A second payment with the same idempotency key is the first. */
export interface Providers extends AsyncDisposable {
  readonly url: string;
  readonly asked: Asked[];
  /** Takes requests and answers none. */
  isSilent: boolean;
  /** Mercado Pago's payments, by id. */
  readonly payments: Map<string, object>;
  /** Of Stripe's payment intents: the purchase they are for. */
  readonly intents: Map<string, string>;
}

export async function startProviders(): Promise<Providers> {
  const made = new Map<string, object>();
  const once = (key: string | null, make: () => object) => {
    const known = key === null ? undefined : made.get(key);
    const answer = known ?? make();
    if (key !== null) made.set(key, answer);
    return answer;
  };
  const state = { isSilent: false, asked: [] as Asked[], payments: new Map<string, object>(), intents: new Map<string, string>() };

  function answer({ idempotencyKey, method, path }: Asked): object | null {
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
    const purchase = kind === 'payment_intents' ? state.intents.get(id) : undefined;
    if (purchase !== undefined) return { id, object: 'payment_intent', metadata: { purchase } };
    return kind === 'payments' ? (state.payments.get(id) ?? null) : null;
  }

  const server = createServer(async (request, response) => {
    const asked = await read(request);
    state.asked.push(asked);
    if (state.isSilent) return;
    const found = answer(asked);
    response.writeHead(found === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error: { message: 'there is no such thing' } }));
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

async function read(request: IncomingMessage): Promise<Asked> {
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

/** As Stripe delivers an event: signed over the bytes. */
export function deliverStripe(url: string, event: object, { secret = STRIPE_SECRET, atMs = Date.now() } = {}): Promise<Delivered> {
  const payload = JSON.stringify(event, null, 2);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(atMs / 1000) });
  return post(url, payload, { 'stripe-signature': signature });
}

/** A session of Stripe's Checkout that was paid for. */
export function paidSession(
  purchase: string,
  { amount, intent, currency = 'brl', type = 'checkout.session.completed', status = 'paid' }: SessionParts,
): object {
  const object = {
    id: `cs_${intent}`,
    object: 'checkout.session',
    payment_intent: intent,
    payment_status: status,
    amount_total: amount,
    currency,
    metadata: { purchase },
  };
  return { id: `evt_${intent}_${type}`, object: 'event', type, data: { object } };
}

interface SessionParts {
  readonly amount: number;
  readonly intent: string;
  readonly currency?: string;
  readonly type?: string;
  readonly status?: string;
}

export function disputed(intent: string): object {
  const object = { id: `dp_${intent}`, object: 'dispute', charge: `ch_${intent}`, payment_intent: intent, amount: 1, currency: 'brl' };
  return { id: `evt_${intent}_dispute`, object: 'event', type: 'charge.dispute.created', data: { object } };
}

export function refunded(purchase: string, intent: string, isFull = true): object {
  const object = {
    id: `ch_${intent}`,
    object: 'charge',
    payment_intent: intent,
    refunded: isFull,
    amount: 1,
    currency: 'brl',
    metadata: { purchase },
  };
  return { id: `evt_${intent}_refund_${isFull}`, object: 'event', type: 'charge.refunded', data: { object } };
}

/** As Mercado Pago delivers a notification: signed over the payment's id, the request's and the time. */
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
  { amountMinor, status = 'approved', currency = 'BRL' }: PaymentParts,
): object {
  return { id: Number(id), status, external_reference: purchase, transaction_amount: amountMinor / 100, currency_id: currency };
}

interface PaymentParts {
  readonly amountMinor: number;
  readonly status?: string;
  readonly currency?: string;
}
