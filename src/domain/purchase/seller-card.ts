/** Reads the cards that sellers publish: whom a buyer pays, and how it reaches them (R37). */

import type { Sql, Transaction } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Ports } from '../ports.ts';
import { asSeller, type Seller, sellerOf } from './seller.ts';

/** What a seller tells its buyers of itself; null: it does not say. */
export interface SellerCard {
  readonly name: string;
  /** E.164. */
  readonly whatsapp: string | null;
  /** As banks know it. */
  readonly pixKey: string | null;
  readonly instructions: string | null;
}

/** null: the seller has published none. */
export async function cardOf(sql: Sql | Transaction, { id, tenantId }: Seller): Promise<SellerCard | null> {
  const [card] = await sql<SellerCard[]>`
    SELECT name, whatsapp, pix_key AS "pixKey", instructions FROM seller_card WHERE tenant_id = ${tenantId} AND seller_id = ${id}`;
  return card ?? null;
}

/** The card of who sells to the acting panel now. null: there is none, or the actor is the platform, which buys nothing. */
export async function cardOfSeller(ports: Pick<Ports, 'sql'>, actor: Actor): Promise<SellerCard | null> {
  const seller = await sellerOf(ports, actor);
  return seller && cardOf(ports.sql, seller);
}

/** The card that the actor publishes as a seller. */
export function ownCard({ sql }: Pick<Ports, 'sql'>, actor: Actor): Promise<SellerCard | null> {
  return cardOf(sql, asSeller(actor));
}
