/** Makes the Pix code of a plan, which pays to the key on the panel's own card (R39, R53). */

import { cardPixCode } from '../../payments/pix.ts';
import type { SellerCard } from '../purchase/seller-card.ts';

/** The reference of a code that names no payment, by the Central Bank's manual. */
const NO_PAYMENT = '***';

/** Returns null if the price is not in Brazil's currency, or if the card has no valid key. */
export async function planPixCode(
  card: SellerCard | null,
  { currency, priceMinor }: { readonly currency: string; readonly priceMinor: number },
): Promise<string | null> {
  if (card === null || card.pixKey === null || currency !== 'BRL') return null;
  return cardPixCode({ name: card.name, pixKey: card.pixKey }, priceMinor, NO_PAYMENT);
}
