/** Reads the facts of a purchase that a command needs before anything is locked. */

import type { Sql } from '../../db/sql.ts';
import type { PaymentProvider, PurchaseStatus } from '../../ledger/outcome.ts';
import type { RowId } from '../input.ts';
import type { PaidOrder } from './payment-records.ts';

/** A purchase as read before anything is locked. Its buyer and seller never change. */
export interface PurchaseRow {
  readonly tenantId: string;
  readonly id: string;
  readonly buyerId: string;
  readonly buyerPath: string;
  /** null if the platform is the seller. */
  readonly sellerId: string | null;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly provider: PaymentProvider;
  /** The stored status: a PENDING purchase past its time counts as EXPIRED. */
  readonly status: PurchaseStatus;
  readonly isExpired: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly reference: string | null;
  readonly paymentInstructions: string | null;
  /** How many times its instructions have lapsed. */
  readonly paymentAttempt: number;
  /** Whether the instructions, if there are any, are past their time. */
  readonly isLapsed: boolean;
}

/** The purchase as the order of a provider's payment. */
export function paidOrderOf({ buyerId, createdAt, currency, id, quantity, sellerId, tenantId, totalMinor }: PurchaseRow): PaidOrder {
  const named = { field: 'purchase', after: `${quantity} credits of ${createdAt.toISOString()}` };
  return { tenantId, id, totalMinor, currency, loggedFor: sellerId ?? buyerId, named };
}

export async function findPurchase(sql: Sql, { id, tenantId }: RowId): Promise<PurchaseRow | null> {
  const [row] = await sql<PurchaseRow[]>`${selectPurchase(sql)} WHERE p.tenant_id = ${tenantId} AND p.id = ${id}`;
  return row ?? null;
}

/** Finds a sale of the platform, in any tenant. */
export async function findPlatformSale(sql: Sql, id: string): Promise<PurchaseRow | null> {
  const [row] = await sql<PurchaseRow[]>`${selectPurchase(sql)} WHERE p.id = ${id} AND p.seller_id IS NULL`;
  return row ?? null;
}

function selectPurchase(sql: Sql) {
  return sql`
    SELECT p.tenant_id AS "tenantId", p.id, p.buyer_id AS "buyerId", r.path AS "buyerPath", p.seller_id AS "sellerId", p.quantity,
      p.total_minor AS "totalMinor", p.currency, p.provider, p.status, p.expires_at <= clock_timestamp() AS "isExpired",
      p.created_by AS "createdBy", p.created_at AS "createdAt", p.expires_at AS "expiresAt", p.reference,
      p.payment_instructions AS "paymentInstructions", p.payment_attempt AS "paymentAttempt",
      coalesce(p.payment_lapses_at <= clock_timestamp(), false) AS "isLapsed"
    FROM purchase p JOIN reseller r ON r.tenant_id = p.tenant_id AND r.id = p.buyer_id`;
}
