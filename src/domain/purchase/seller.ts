/** Says who sells to a panel: the platform or the panel above it (R27). */

import type { Sql, Transaction } from '../../db/sql.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { BelowMinimum, InvalidState, Unauthenticated } from '../../kernel/errors.ts';
import type { Ports } from '../ports.ts';
import { leastOf, type PackagePrice, priceOf } from './price.ts';

/** Who sells credits: a panel, or the platform, which stands in its own tenant under the nil id. */
export interface Seller {
  readonly tenantId: string;
  /** Of the panel; PLATFORM_TENANT_ID for the platform. */
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

/** Who sells to the acting panel now (R27): its parent where the tenant's policy says so, else the platform. null: the actor has no panel, and buys nothing. */
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

/** What a seller asks now, the smallest package first; empty: it has no list yet. */
export async function packagesOf(sql: Sql, { id, tenantId }: Seller): Promise<CreditPackage[]> {
  return await sql<CreditPackage[]>`
    SELECT tenant_id AS "tenantId", id, quantity, unit_price_minor AS "unitPriceMinor", currency
    FROM credit_package WHERE tenant_id = ${tenantId} AND seller_id = ${id} ORDER BY quantity`;
}

/** What an order would cost, and at whom. */
export interface Offer {
  readonly seller: Seller;
  readonly totalMinor: number;
  readonly currency: string;
}

/** What `quantity` credits cost the acting panel now. Throws InvalidState when nobody sells to it, or not so many. */
export async function offerTo(ports: Pick<Ports, 'sql'>, actor: Actor, quantity: number, path: string): Promise<Offer> {
  const seller = await sellerOf(ports, actor);
  if (seller === null) throw new InvalidState('The platform sells, and buys nothing.');
  const packages = await packagesOf(ports.sql, seller);
  const least = leastOf(packages, await minimumPurchaseOf(ports.sql, actor.tenantId));
  if (quantity < least) throw new BelowMinimum(path, least);
  return { seller, totalMinor: priceOf(packages, quantity), currency: packages[0]?.currency ?? '' };
}

/** The least that a panel of the tenant may buy (R26). */
export async function minimumPurchaseOf(sql: Sql | Transaction, tenantId: string): Promise<number> {
  const [row] = await sql<{ minimum: number }[]>`SELECT minimum_purchase AS minimum FROM tenant WHERE id = ${tenantId}`;
  if (!row) throw new Unauthenticated('The session has ended.');
  return row.minimum;
}
