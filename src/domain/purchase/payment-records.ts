/** Records the payments that providers report. */

import type { Sql, Transaction } from '../../db/sql.ts';
import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import { recordAudit, recordInAnyTenant } from '../audit/record.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import type { PaymentAccount } from './payment-accounts.ts';

/** The order that a payment is for: a purchase, or a customer's payment to its panel. */
export interface PaidOrder extends RowId {
  readonly totalMinor: number;
  readonly currency: string;
  /** The panel whose audit log gets an entry about money that settles nothing. */
  readonly loggedFor: string;
  /** The order's field name in the log, and a description of the order for people. */
  readonly named: { readonly field: string; readonly after: string };
}

type Account = Pick<PaymentAccount, 'tenantId' | 'id' | 'sellerId' | 'provider'>;

export async function alreadyReceived(sql: Sql, account: Account, event: PaymentEvent): Promise<boolean> {
  const { id, tenantId } = account;
  const rows = await sql`SELECT FROM payment_event WHERE tenant_id = ${tenantId} AND account_id = ${id} AND event_id = ${event.id}`;
  return rows.length > 0;
}

/**
 * Records an event as received. Call it after all effects of the event are committed. A delivery that was interrupted before is
 * processed again from its start, and nothing takes effect twice.
 */
export function recordEvent(sql: Sql | Transaction, account: Account, event: PaymentEvent): Promise<boolean> {
  return recordId(sql, account, event.id);
}

/** Returns whether the id is new. */
async function recordId(sql: Sql | Transaction, { id, tenantId }: Account, eventId: string): Promise<boolean> {
  const rows = await sql`
    INSERT INTO payment_event (tenant_id, account_id, event_id, received_at)
    VALUES (${tenantId}, ${id}, ${eventId}, date_trunc('milliseconds', clock_timestamp()))
    ON CONFLICT DO NOTHING RETURNING 1`;
  return rows.length > 0;
}

/** The state of a payment after all events that were received for it. */
export interface PaymentState {
  /** The id of the purchase or customer's payment that its first event named. */
  readonly orderId: string;
  /** Whether its money is known to have arrived. */
  readonly isPaid: boolean;
  /** How much of it has gone back and stays gone. */
  readonly returnedMinor: number;
  /** How many times the full amount went back and then returned: a dispute was won, or a refund failed. */
  readonly recovered: number;
  /** Whether it settles nothing, and its seller was notified. */
  readonly isRefused: boolean;
}

/** Returns null if no event named the payment yet. */
export async function findPayment(sql: Sql | Transaction, { id, tenantId }: Account, reference: string): Promise<PaymentState | null> {
  const [row] = await sql<PaymentState[]>`
    SELECT p.purchase_id AS "orderId", p.paid_at IS NOT NULL AS "isPaid", p.recovered,
      CASE WHEN r.causes = 0 AND p.reversed_at IS NOT NULL THEN ${Number.MAX_SAFE_INTEGER}::bigint ELSE r.minor END AS "returnedMinor",
      EXISTS (SELECT FROM payment_event e
        WHERE e.tenant_id = ${tenantId} AND e.account_id = p.account_id AND e.event_id = ${refusalOf(reference)}) AS "isRefused"
    FROM payment p, LATERAL (
      SELECT count(*) AS causes, coalesce(sum(q.returned_minor), 0)::bigint AS minor FROM payment_return q
      WHERE q.tenant_id = ${tenantId} AND q.account_id = p.account_id AND q.reference = p.reference
    ) r
    WHERE p.tenant_id = ${tenantId} AND p.account_id = ${id} AND p.reference = ${reference}`;
  return row ? { ...row, returnedMinor: Number(row.returnedMinor) } : null;
}

/** The event id that marks that the seller was notified of the payment, so that it happens once. */
function refusalOf(reference: string | null): string {
  return `refused ${reference}`;
}

/**
 * Adds the facts of an event to its payment. A payment belongs to the purchase, or customer's payment, that its first event named.
 * Returned money is stored by cause, with the provider's latest amount for each cause, so the sum is the same in any order of events.
 */
export async function recordFacts(
  ports: Pick<Ports, 'sql'>,
  account: Account,
  event: PaymentEvent,
  order: PaidOrder,
): Promise<PaymentState> {
  const { id, tenantId } = account;
  const { kind, reference, returned } = event;
  if (reference === null) throw new Error('an event of no payment has no facts');
  return transact(ports, async (tx) => {
    await tx`
      INSERT INTO payment (tenant_id, account_id, reference, purchase_tenant_id, purchase_id, paid_at)
      VALUES (${tenantId}, ${id}, ${reference}, ${order.tenantId}, ${order.id},
        CASE ${kind}::text WHEN 'PAID' THEN date_trunc('milliseconds', clock_timestamp()) END)
      ON CONFLICT (tenant_id, account_id, reference) DO UPDATE SET paid_at = coalesce(payment.paid_at, excluded.paid_at)`;
    if (returned !== null) {
      await tx`
        INSERT INTO payment_return (tenant_id, account_id, reference, cause, version, returned_minor)
        VALUES (${tenantId}, ${id}, ${reference}, ${returned.cause}, ${returned.version}, ${returned.minor ?? order.totalMinor})
        ON CONFLICT (tenant_id, account_id, reference, cause)
        DO UPDATE SET version = excluded.version, returned_minor = excluded.returned_minor
        WHERE (payment_return.version, payment_return.returned_minor) < (excluded.version, excluded.returned_minor)`;
    }
    const state = await findPayment(tx, account, reference);
    if (state === null) throw new Error('a payment was not stored');
    const isBack = state.returnedMinor >= order.totalMinor;
    const change = isBack
      ? tx`reversed_at = date_trunc('milliseconds', statement_timestamp())`
      : tx`recovered = recovered + 1, reversed_at = NULL`;
    await tx`
      UPDATE payment SET ${change}
      WHERE tenant_id = ${tenantId} AND account_id = ${id} AND reference = ${reference} AND ${isBack ? tx`reversed_at IS NULL` : tx`reversed_at IS NOT NULL`}`;
    return state;
  });
}

/**
 * Records money that settles nothing, once for each payment: the seller finds it in its log and sends it back. For a sale of the
 * platform the entry is in the buyer's log.
 */
export async function refuseEvent(
  ports: Pick<Ports, 'sql' | 'directory'>,
  account: Account,
  event: PaymentEvent,
  order: PaidOrder,
  why: string,
): Promise<void> {
  await ports.sql.begin(async (tx) => {
    if (!(await recordId(tx, account, refusalOf(event.reference)))) return;
    const { currency, loggedFor: resellerId, named, tenantId, totalMinor } = order;
    await recordInAnyTenant(ports, tx, account.tenantId, {
      ...{ tenantId, resellerId, actorId: PROVIDER_ACTOR_ID, address: null, action: 'PAYMENT_NOT_MATCHED' },
      subject: event.reference,
      changes: [
        { field: 'reason', before: null, after: why },
        { ...named, before: null },
        { field: 'totalMinor', before: `${totalMinor} ${currency}`, after: `${event.amountMinor} ${event.currency}` },
      ],
    });
  });
}

/**
 * Records money whose mark is ours, but whose purchase or customer's payment does not exist here. The entry is in the seller's log,
 * or in the platform's own.
 */
export async function reportLost(sql: Sql, account: Account, event: PaymentEvent, orderId: string): Promise<void> {
  await sql.begin(async (tx) => {
    if (!(await recordId(tx, account, refusalOf(event.reference)))) return;
    const { sellerId, tenantId } = account;
    await recordAudit(tx, {
      ...{ tenantId, resellerId: sellerId === tenantId ? null : sellerId, actorId: PROVIDER_ACTOR_ID, address: null },
      ...{ action: 'PAYMENT_NOT_MATCHED', subject: event.reference },
      changes: [
        { field: 'reason', before: null, after: 'the purchase is unknown' },
        { field: 'purchase', before: null, after: orderId },
        { field: 'totalMinor', before: null, after: `${event.amountMinor} ${event.currency}` },
      ],
    });
  });
}
