/** Builds links to WhatsApp, and recognizes telephone numbers among contacts. */

/** A number without a country code is Brazilian: an area code and 8 or 9 digits. */
const COUNTRY = '55';
const NATIONAL_DIGITS = [10, 11];
/** E.164 allows at most 15 digits; with fewer than 8 there is no room for a country code and a number. */
const FULL_DIGITS = { min: 8, max: 15 };
/** Prefixes and suffixes that people copy together with a number. */
const WRAPPED = /^(?:tel:|https?:\/\/wa\.me\/|https?:\/\/api\.whatsapp\.com\/send\/?\?phone=)|@(?:s\.whatsapp\.net|c\.us)$/gi;

/** A link that opens a conversation with this text prepared; the person sends it. `number`: E.164. */
export function whatsappLink(number: string, text: string): string {
  return `https://wa.me/${number.replace('+', '')}?${new URLSearchParams({ text })}`;
}

/** The contact as an E.164 number; null if it is no telephone number (an e-mail address, a masked contact). */
export function telephoneOf(contact: string | null): string | null {
  const typed = contact?.trim().replace(WRAPPED, '') ?? '';
  if (!/^\+?[\d\s().\-/]+$/.test(typed)) return null;
  const isInternational = typed.startsWith('+') || typed.startsWith('00');
  const digits = typed.replace(/\D/g, '').replace(isInternational ? /^00/ : /^0/, '');
  if (isInternational || digits.length > Math.max(...NATIONAL_DIGITS)) {
    return digits.length >= FULL_DIGITS.min && digits.length <= FULL_DIGITS.max ? `+${digits}` : null;
  }
  return NATIONAL_DIGITS.includes(digits.length) ? `+${COUNTRY}${digits}` : null;
}
