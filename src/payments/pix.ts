/** Makes a static Pix code (BR Code) without any provider. */

import { createStaticPix, hasError } from 'pix-utils';
import { storedPixKey } from './pix-key.ts';
import { printedName } from './printed-name.ts';

/** What the Central Bank's manual allows a code to carry. */
export const MAX_MERCHANT_NAME_CHARACTERS = 25;
export const MAX_MERCHANT_CITY_CHARACTERS = 15;

export interface Receiver {
  readonly pixKey: string;
  readonly merchantName: string;
  readonly merchantCity: string;
}

/** A Pix copy-and-paste code (BR Code) for this amount. It names the purchase to whoever looks at the bank's statement, and pays into the key whatever happens here. */
export function pixCode(receiver: Receiver, amountMinor: number, purchaseId: string): string | null {
  return codeOf(receiver, amountMinor, txidOf(purchaseId));
}

/** A code must have a city, and a card has none; banks go by the key. */
const CITY_OF_CARDS = 'BRASIL';
/** In place of a name of which a bank prints nothing. */
const NAME_OF_CARDS = 'PIX';

/** The same to the key on a seller's card; what is paid for is named by its number or another short text (R39). */
export function cardPixCode(
  card: { readonly name: string; readonly pixKey: string },
  amountMinor: number,
  named: number | string,
): string | null {
  const merchantName = printedName(card.name).slice(0, MAX_MERCHANT_NAME_CHARACTERS).trim() || NAME_OF_CARDS;
  return codeOf({ pixKey: card.pixKey, merchantName, merchantCity: CITY_OF_CARDS }, amountMinor, String(named));
}

function codeOf(receiver: Receiver, amountMinor: number, txid: string): string | null {
  // A key that was set before keys were checked is read here; one that no bank knows makes no code.
  const pixKey = storedPixKey(receiver.pixKey);
  if (pixKey === null) return null;
  const merchantName = printedName(receiver.merchantName);
  const merchantCity = printedName(receiver.merchantCity);
  if (merchantName === '' || merchantCity === '') return null;
  const pix = createStaticPix({
    ...{ pixKey, merchantName, merchantCity, transactionAmount: amountMinor / 100, txid },
  });
  return hasError(pix) ? null : pix.toBRCode();
}

/** The purchase's id in the 25 letters and digits that a code has room for. */
export function txidOf(purchaseId: string): string {
  return BigInt(`0x${purchaseId.replaceAll('-', '')}`)
    .toString(36)
    .toUpperCase();
}
