/** Records what providers said of payments, and which events were handled. */

import type { Sql, Transaction } from '../../db/sql.ts';
import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import { recordAudit } from '../audit/record.ts';
import type { PaymentAccount } from './payment-accounts.ts';
import type { PurchaseRow } from './purchase-row.ts';

type Account = Pick<PaymentAccount, 'tenantId' | 'id' | 'provider'>;

export async function alreadyReceived(sql: Sql, { id, tenantId }: Account, event: PaymentEvent): Promise<boolean> {
  const rows = await sql`SELECT FROM payment_event WHERE tenant_id = ${tenantId} AND account_id = ${id} AND event_id = ${event.id}`;
  return rows.length > 0;
}

/** Once all that it said is committed: a delivery that was cut short before is done again from its start, which does nothing twice. */
export async function recordEvent(sql: Sql | Transaction, { id, tenantId }: Account, event: PaymentEvent): Promise<boolean> {
  const rows = await sql`
    INSERT INTO payment_event (tenant_id, account_id, event_id, received_at)
    VALUES (${tenantId}, ${id}, ${event.id}, date_trunc('milliseconds', clock_timestamp()))
    ON CONFLICT DO NOTHING RETURNING 1`;
  return rows.length > 0;
}

/** Which purchase we know the payment by. */
export async function purchaseOfPayment(sql: Sql, { id, tenantId }: Account, reference: string): Promise<string | null> {
  const [row] = await sql<{ purchaseId: string }[]>`
    SELECT purchase_id AS "purchaseId" FROM payment WHERE tenant_id = ${tenantId} AND account_id = ${id} AND reference = ${reference}`;
  return row?.purchaseId ?? null;
}

/** What is known of a payment once the event counts: the first purchase it was told for, and whether the money has gone back. */
export async function claimPayment(
  sql: Sql,
  { id, tenantId }: Account,
  { kind, reference }: PaymentEvent,
  purchase: PurchaseRow,
): Promise<{ readonly purchaseId: string; readonly isReversed: boolean }> {
  const [row] = await sql<{ purchaseId: string; isReversed: boolean }[]>`
    INSERT INTO payment (tenant_id, account_id, reference, purchase_tenant_id, purchase_id, reversed_at)
    VALUES (${tenantId}, ${id}, ${reference}, ${purchase.tenantId}, ${purchase.id},
      CASE ${kind}::text WHEN 'REVERSED' THEN date_trunc('milliseconds', clock_timestamp()) END)
    ON CONFLICT (tenant_id, account_id, reference) DO UPDATE SET reversed_at = coalesce(payment.reversed_at, excluded.reversed_at)
    RETURNING purchase_id AS "purchaseId", reversed_at IS NOT NULL AS "isReversed"`;
  if (!row) throw new Error('a payment was not written');
  return row;
}

export async function isReversed(sql: Sql, { id, tenantId }: Account, { reference }: PaymentEvent): Promise<boolean> {
  const rows = await sql`
    SELECT FROM payment WHERE tenant_id = ${tenantId} AND account_id = ${id} AND reference = ${reference} AND reversed_at IS NOT NULL`;
  return rows.length > 0;
}

/** Money that settles nothing: its seller finds it in the log, once, and sends it back. For the platform, in the buyer's. */
export async function refuseEvent(sql: Sql, account: Account, event: PaymentEvent, purchase: PurchaseRow, why: string): Promise<void> {
  await sql.begin(async (tx) => {
    if (!(await recordEvent(tx, account, event))) return;
    const { buyerId, currency, sellerId, tenantId, totalMinor } = purchase;
    await recordAudit(tx, {
      ...{ tenantId, resellerId: sellerId ?? buyerId, actorId: PROVIDER_ACTOR_ID, address: null, action: 'PAYMENT_NOT_MATCHED' },
      subject: event.reference,
      changes: [
        { field: 'reason', before: null, after: why },
        { field: 'purchase', before: null, after: `${purchase.quantity} credits of ${purchase.createdAt.toISOString()}` },
        { field: 'totalMinor', before: `${totalMinor} ${currency}`, after: `${event.amountMinor} ${event.currency}` },
      ],
    });
  });
}
