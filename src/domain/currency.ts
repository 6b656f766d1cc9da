/** The currencies that a price may have. */

import { z } from 'zod';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export const BAD_CURRENCY = 'must be an ISO 4217 code in upper case, for example BRL.';

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

export const currencySchema = z.string().refine(isCurrency, BAD_CURRENCY);
