/** Finds the seller of a panel: the platform or the panel above it (R27). */

import type { Sql, Transaction } from '../../db/sql.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { BelowMinimum, InvalidState, Unauthenticated } from '../../kernel/errors.ts';
import type { Ports } from '../ports.ts';
import { leastQuantity, type PackagePrice, priceOf } from './price.ts';

/** A seller of credits: a panel, or the platform, which has the nil id in its own tenant. */
export interface Seller {
  readonly tenantId: string;
  /** The panel's id, or PLATFORM_TENANT_ID for the platform. */
  readonly id: string;
}

export const PLATFORM_SELLER: Seller = { tenantId: PLATFORM_TENANT_ID, id: PLATFORM_TENANT_ID };

export function isPlatform({ id }: Seller): boolean {
  return id === PLATFORM_TENANT_ID;
}

/** The actor as a seller: its panel, or the platform. */
export function asSeller({ panel, tenantId }: Actor): Seller {
  return panel === null ? PLATFORM_SELLER : { tenantId, id: panel.id };
}

/**
 * The acting panel's present seller (R27): its parent if the tenant's policy says so, else the platform. null if the actor has no
 * panel and so buys nothing.
 */
export async function sellerOf({ sql }: Pick<Ports, 'sql'>, actor: Actor): Promise<Seller | null> {
  const { panel, tenantId } = actor;
  if (panel === null) return null;
  const [row] = await sql<{ fromParent: boolean; parentId: string | null }[]>`
    SELECT t.purchase_source = 'PARENT' AS "fromParent", r.parent_id AS "parentId"
    FROM reseller r JOIN tenant t ON t.id = r.tenant_id
    WHERE r.tenant_id = ${tenantId} AND r.id = ${panel.id}`;
  if (!row) throw new Unauthenticated('The session has ended.');
  return row.fromParent && row.parentId !== null ? { tenantId, id: row.parentId } : PLATFORM_SELLER;
}

export interface CreditPackage extends PackagePrice {
  readonly tenantId: string;
  readonly id: string;
  readonly currency: string;
}

/** A seller's present price list, the smallest package first. Empty if it has none yet. */
export async function packagesOf(sql: Sql, { id, tenantId }: Seller): Promise<CreditPackage[]> {
  return await sql<CreditPackage[]>`
    SELECT tenant_id AS "tenantId", id, quantity, unit_price_minor AS "unitPriceMinor", currency
    FROM credit_package WHERE tenant_id = ${tenantId} AND seller_id = ${id} ORDER BY quantity`;
}

/** The price of an order, and its seller. */
export interface Offer {
  readonly seller: Seller;
  readonly totalMinor: number;
  readonly currency: string;
}

/**
 * The price of `quantity` credits for the acting panel now. Throws InvalidState if nobody sells to it, and BelowMinimum if
 * `quantity` is too small.
 */
export async function offerTo(ports: Pick<Ports, 'sql'>, actor: Actor, quantity: number, path: string): Promise<Offer> {
  const seller = await sellerOf(ports, actor);
  if (seller === null) throw new InvalidState('The platform only sells: it cannot buy credits.');
  const packages = await packagesOf(ports.sql, seller);
  const least = leastQuantity(packages, await minimumPurchaseOf(ports.sql, actor.tenantId));
  if (quantity < least) throw new BelowMinimum(path, least);
  return { seller, totalMinor: priceOf(packages, quantity), currency: packages[0]?.currency ?? '' };
}

/** The least that a panel of the tenant may buy (R26). */
export async function minimumPurchaseOf(sql: Sql | Transaction, tenantId: string): Promise<number> {
  const [row] = await sql<{ minimum: number }[]>`SELECT minimum_purchase AS minimum FROM tenant WHERE id = ${tenantId}`;
  if (!row) throw new Unauthenticated('The session has ended.');
  return row.minimum;
}
