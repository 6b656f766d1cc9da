/** Links into WhatsApp, and which contacts are telephone numbers. */

/** A number without its country is Brazil's: an area code and 8 or 9 digits. */
const COUNTRY = '55';
const NATIONAL_DIGITS = [10, 11];
/** E.164 has at most 15 digits; below 8 there is no country with its number. */
const FULL_DIGITS = { min: 8, max: 15 };
/** What people copy together with a number. */
const WRAPPED = /^(?:tel:|https?:\/\/wa\.me\/|https?:\/\/api\.whatsapp\.com\/send\/?\?phone=)|@(?:s\.whatsapp\.net|c\.us)$/gi;

/** A link that opens a conversation with this text in it, to be sent by a person. `number`: E.164. */
export function whatsappLink(number: string, text: string): string {
  return `https://wa.me/${number.replace('+', '')}?${new URLSearchParams({ text })}`;
}

/** A contact as a number in E.164's form; null when it is none, as an e-mail address or a masked one. */
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
