/** The Pix code of a plan, to the key on the panel's own card (R39, R53). */

import { cardPixCode } from '../../payments/pix.ts';
import type { SellerCard } from '../purchase/seller-card.ts';

/** What a code says that names no payment, by the Central Bank's manual. */
const NO_PAYMENT = '***';

/** null: it is not in Brazil's currency, or the card has no key that banks know. */
export function planPixCode(
  card: SellerCard | null,
  { currency, priceMinor }: { readonly currency: string; readonly priceMinor: number },
): string | null {
  if (card === null || card.pixKey === null || currency !== 'BRL') return null;
  return cardPixCode({ name: card.name, pixKey: card.pixKey }, priceMinor, NO_PAYMENT);
}
