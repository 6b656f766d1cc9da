/** Reads the cards that sellers publish: whom a buyer pays, and how to contact the seller (R37). */

import type { Sql, Transaction } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Ports } from '../ports.ts';
import { asSeller, type Seller, sellerOf } from './seller.ts';

/** The facts that a seller shows its buyers. null if the seller did not enter one. */
export interface SellerCard {
  readonly name: string;
  /** E.164. */
  readonly whatsapp: string | null;
  /** In the form that banks know. */
  readonly pixKey: string | null;
  readonly instructions: string | null;
}

/** Returns null if the seller has published no card. */
export async function cardOf(sql: Sql | Transaction, { id, tenantId }: Seller): Promise<SellerCard | null> {
  const [card] = await sql<SellerCard[]>`
    SELECT name, whatsapp, pix_key AS "pixKey", instructions FROM seller_card WHERE tenant_id = ${tenantId} AND seller_id = ${id}`;
  return card ?? null;
}

/** The card of the acting panel's present seller. null if there is none, or if the actor is the platform, which buys nothing. */
export async function cardOfSeller(ports: Pick<Ports, 'sql'>, actor: Actor): Promise<SellerCard | null> {
  const seller = await sellerOf(ports, actor);
  return seller && cardOf(ports.sql, seller);
}

/** The card that the actor publishes as a seller. */
export function ownCard({ sql }: Pick<Ports, 'sql'>, actor: Actor): Promise<SellerCard | null> {
  return cardOf(sql, asSeller(actor));
}
