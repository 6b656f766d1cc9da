/** Makes a static Pix code (BR Code) without any provider. */

import { storedPixKey } from './pix-key.ts';
import { printedName } from './printed-name.ts';

/** The limits of the Central Bank's manual for a code. */
export const MAX_MERCHANT_NAME_CHARACTERS = 25;
export const MAX_MERCHANT_CITY_CHARACTERS = 15;

export interface Receiver {
  readonly pixKey: string;
  readonly merchantName: string;
  readonly merchantCity: string;
}

/** A Pix copy-and-paste code (BR Code) for this amount. It names the purchase in the bank's statement. It pays to the key, whatever happens here. */
export function pixCode(receiver: Receiver, amountMinor: number, purchaseId: string): Promise<string | null> {
  return codeOf(receiver, amountMinor, txidOf(purchaseId));
}

/** A code must have a city, but a seller's card has none. Banks use only the key. */
const CITY_OF_CARDS = 'BRASIL';
/** Replaces a name that has no printable letters. */
const NAME_OF_CARDS = 'PIX';

/** A code to the key on a seller's card. It names the payment by its number or another short text (R39). */
export async function cardPixCode(
  card: { readonly name: string; readonly pixKey: string },
  amountMinor: number,
  named: number | string,
): Promise<string | null> {
  const merchantName = printedName(card.name).slice(0, MAX_MERCHANT_NAME_CHARACTERS).trim() || NAME_OF_CARDS;
  return codeOf({ pixKey: card.pixKey, merchantName, merchantCity: CITY_OF_CARDS }, amountMinor, String(named));
}

async function codeOf(receiver: Receiver, amountMinor: number, txid: string): Promise<string | null> {
  // An old key may have been stored unchecked. A key that no bank knows makes no code.
  const pixKey = storedPixKey(receiver.pixKey);
  if (pixKey === null) return null;
  const merchantName = printedName(receiver.merchantName);
  const merchantCity = printedName(receiver.merchantCity);
  if (merchantName === '' || merchantCity === '') return null;
  // It loads an HTTP client with a hundred modules, which no code needs (ADR-0108). Patched: a txid that ended in 6304 broke the checksum.
  const { createStaticPix, hasError } = await import('pix-utils');
  const pix = createStaticPix({
    ...{ pixKey, merchantName, merchantCity, transactionAmount: amountMinor / 100, txid },
  });
  return hasError(pix) ? null : pix.toBRCode();
}

/** The purchase's id in base 36, which fits into a code's 25 letters and digits. */
export function txidOf(purchaseId: string): string {
  return BigInt(`0x${purchaseId.replaceAll('-', '')}`)
    .toString(36)
    .toUpperCase();
}
