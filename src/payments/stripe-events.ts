/** Reads Stripe's events: a payment arrived, some of it was returned, or its page lapsed. */

import { z } from 'zod';
import type { Mark, PaymentEvent, Returned } from './gateway.ts';

const metadata = z.record(z.string(), z.string()).nullish();
type Metadata = z.output<typeof metadata>;
/** Stripe sends an object's id or, if requested, the whole object. */
const named = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();
const sessionSchema = z.object({
  id: z.string(),
  metadata,
  payment_intent: named,
  payment_status: z.string(),
  amount_total: z.number().nullish(),
  currency: z.string().nullish(),
});
const intentSchema = z.object({ id: z.string(), metadata });
const chargeSchema = z.object({
  metadata,
  payment_intent: named,
  refunded: z.boolean(),
  amount: z.number(),
  amount_refunded: z.number().default(0),
  currency: z.string(),
});
const disputeSchema = z.object({
  id: z.string(),
  payment_intent: named,
  status: z.string().nullish(),
  amount: z.number(),
  currency: z.string(),
  /** Money taken from the seller's balance (negative) and given back (positive), in that order. */
  balance_transactions: z.array(z.object({ amount: z.number() })).optional(),
});
const eventSchema = z.object({ id: z.string(), type: z.string(), created: z.number().optional(), data: z.object({ object: z.unknown() }) });
type Event = z.output<typeof eventSchema>;

/** Stripe reports the sum of all refunds, so they share one cause. */
const REFUNDS = 'refunds';
/** The progress of a dispute: money moves out, then back. */
const WITHDRAWN = 1;
const RETURNED_TO_SELLER = 2;
/** Statuses of a dispute in which the money was withdrawn at the start. */
const FORMAL: ReadonlySet<string> = new Set(['needs_response', 'under_review', 'lost']);

/** Null if the event is not relevant. `unreadable` if it is not as Stripe documents it. */
export function readStripeEvent(body: Buffer): PaymentEvent | null | 'unreadable' {
  try {
    return read(eventSchema.parse(JSON.parse(body.toString('utf8'))));
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

function read(event: Event): PaymentEvent | null {
  const { object } = event.data;
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return paid(event, sessionSchema.parse(object));
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_failed':
      return lapsed(event, sessionSchema.parse(object).metadata);
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
      return lapsed(event, intentSchema.parse(object).metadata);
    case 'charge.refunded':
      return refund(event, chargeSchema.parse(object));
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return dispute(event, disputeSchema.parse(object));
    default:
      return null;
  }
}

/** Slow payment methods complete the page first, while it is unpaid. */
function paid(event: Event, session: z.output<typeof sessionSchema>): PaymentEvent | null {
  if (session.payment_status !== 'paid') return null;
  return {
    ...about(event),
    kind: 'PAID',
    mark: markOf(session.metadata),
    reference: session.payment_intent ?? session.id,
    amountMinor: session.amount_total ?? 0,
    currency: (session.currency ?? '').toUpperCase(),
    returned: null,
  };
}

function lapsed(event: Event, given: Metadata): PaymentEvent {
  return { ...about(event), kind: 'LAPSED', mark: markOf(given), reference: null, amountMinor: 0, currency: '', returned: null };
}

function refund(event: Event, charge: z.output<typeof chargeSchema>): PaymentEvent | null {
  const { amount_refunded: minor, currency, metadata: given, payment_intent: reference, refunded } = charge;
  if (!reference) return null;
  return {
    ...about(event),
    kind: 'RETURNED',
    mark: given?.purchase === undefined ? null : markOf(given),
    reference,
    amountMinor: charge.amount,
    currency: currency.toUpperCase(),
    returned: { cause: REFUNDS, version: event.created ?? 0, minor: refunded ? null : minor },
  };
}

function dispute(event: Event, said: z.output<typeof disputeSchema>): PaymentEvent | null {
  const { amount, currency, id, payment_intent: reference } = said;
  if (!reference) return null;
  const returned = { cause: id, ...withdrawnBy(event, said) };
  return { ...about(event), kind: 'RETURNED', mark: null, reference, amountMinor: amount, currency: currency.toUpperCase(), returned };
}

/**
 * Money was withdrawn if the seller's balance has such a movement: an inquiry (a status of `warning_…`) has none. A dispute moves
 * money out once and back once. So the number of movements shows its progress, in whatever order its events arrive.
 */
function withdrawnBy(
  { type }: Event,
  { amount, balance_transactions: movements, status }: z.output<typeof disputeSchema>,
): Pick<Returned, 'version' | 'minor'> {
  if (status === 'won') return { version: RETURNED_TO_SELLER, minor: 0 };
  if (movements === undefined) {
    if (type === 'charge.dispute.funds_reinstated') return { version: RETURNED_TO_SELLER, minor: 0 };
    const isOut = type === 'charge.dispute.funds_withdrawn' || FORMAL.has(status ?? '');
    return isOut ? { version: WITHDRAWN, minor: amount } : { version: 0, minor: 0 };
  }
  let out = 0;
  let back = 0;
  for (const moved of movements) {
    if (moved.amount < 0) out -= moved.amount;
    else back += moved.amount;
  }
  // The movements are in the currency of the seller's balance, so only their ratio counts. If the payment was partly refunded
  // before, only a part may come back.
  const share = out === 0 ? 0 : Math.max(0, out - back) / out;
  return { version: movements.length, minor: Math.round(amount * share) };
}

export function markOf(given: Readonly<Record<string, string | undefined>> | null | undefined): Mark {
  const { account, attempt = '', purchase } = given ?? {};
  return { orderId: purchase ?? null, accountId: account ?? null, attempt: /^\d{1,6}$/.test(attempt) ? Number(attempt) : 0 };
}

function about({ created, id }: Event): Pick<PaymentEvent, 'id' | 'atMs'> {
  return { id, atMs: created === undefined ? Date.now() : created * 1000 };
}
