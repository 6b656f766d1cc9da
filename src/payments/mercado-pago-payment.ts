/** Reads a payment of Mercado Pago's API, and what its state means here. */

import { z } from 'zod';
import type { Mark, PaymentEvent, Returned } from './gateway.ts';

const id = z.union([z.number(), z.string()]).transform(String);
const moment = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((ms) => Number.isFinite(ms))
  .nullish()
  .catch(null);

export const paymentSchema = z.object({
  id,
  status: z.string(),
  status_detail: z.string().nullish(),
  external_reference: z.string().nullish(),
  metadata: z
    .object({ account: z.string().optional().catch(undefined), attempt: z.number().int().min(0).optional().catch(undefined) })
    .nullish(),
  transaction_amount: z.number(),
  transaction_amount_refunded: z.number().nullish(),
  currency_id: z.string(),
  date_created: moment,
  date_last_updated: moment,
});
export type Payment = z.output<typeof paymentSchema>;

/** A payment has one state at a time, so all money that was returned has one cause. */
const STATE = 'state';
const MAX_EVENT_ID_CHARACTERS = 255;

/** The mark that we wrote on the payment. */
export function markOf({ external_reference: orderId, metadata }: Payment): Mark {
  return { orderId: orderId ?? null, accountId: metadata?.account ?? null, attempt: metadata?.attempt ?? 0 };
}

/** Null if the state is not relevant, for example when nobody has paid yet. `askedAtMs`: the payment's state is no older than this. */
export function eventOf(payment: Payment, askedAtMs: number): PaymentEvent | null {
  const means = meaningOf(payment);
  if (means === null) return null;
  const { currency_id: currency, date_last_updated: updatedMs, status, status_detail: detail } = payment;
  const refunded = minorOf(payment.transaction_amount_refunded ?? 0);
  return {
    // The event's own id is not signed, so the id is made of the payment's state.
    id: [payment.id, status, detail ?? '-', refunded, updatedMs ?? 0].join(' ').slice(0, MAX_EVENT_ID_CHARACTERS),
    kind: means.kind,
    mark: markOf(payment),
    reference: payment.id,
    amountMinor: minorOf(payment.transaction_amount),
    currency,
    returned: means.returned === 'nothing' ? null : { cause: STATE, version: updatedMs ?? askedAtMs, minor: means.returned },
    atMs: updatedMs ?? payment.date_created ?? askedAtMs,
  };
}

interface Meaning {
  readonly kind: PaymentEvent['kind'];
  readonly returned: Returned['minor'] | 'nothing';
}

function meaningOf({ status, status_detail: detail, transaction_amount_refunded: refunded }: Payment): Meaning | null {
  const back = minorOf(refunded ?? 0);
  switch (status) {
    // With `partially_refunded` a part was returned.
    case 'approved':
      return { kind: 'PAID', returned: back };
    case 'refunded':
      return { kind: 'RETURNED', returned: null };
    case 'charged_back':
      // `in_process`: disputed, but the seller has the money until the decision. `reimbursed`: decided for the seller. Else (`settled`): withdrawn.
      if (detail === 'in_process') return { kind: 'RETURNED', returned: back };
      return detail === 'reimbursed' ? { kind: 'PAID', returned: back } : { kind: 'RETURNED', returned: null };
    case 'rejected':
    case 'cancelled':
      return { kind: 'LAPSED', returned: 'nothing' };
    default:
      return null;
  }
}

function minorOf(amount: number): number {
  return Math.round(amount * 100);
}
