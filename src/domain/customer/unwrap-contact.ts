/** Extracts a phone number or an e-mail from its wrapper: a link to WhatsApp, a URI, a mailbox name or a label (R24). */

const HTTP = String.raw`(?:https?:/*)?(?:www\.)?`;
/** `Name <a@b>`. */
const MAILBOX = /^[^<>]*<([^<>]+)>[^<>]*$/;
const URI = /^(?:mailto|tel|sms|smsto|callto|whatsapp|xmpp|sip):\/*(?!send\b)([^?#;]+)/;
const LABEL = /^(?:telefone|tel|fone|phone|celular|cel|whatsapp|whats|wpp|zap|e-?mail|contato)(?:[.:]+(?=.)|(?=[+(\d]))/;
/** A WhatsApp id of a number, or of one device of that number. */
const JID = /^(\d+)(?:[.:_]\d+)*@(?:s\.whatsapp\.net|c\.us)$/;
const SHORT_LINK = new RegExp(`^${HTTP}wa\\.me/+([^/?#]+)`);
const LONG_LINK = new RegExp(`^(?:whatsapp:/*|${HTTP}(?:(?:api|web)\\.)?whatsapp\\.com/+|${HTTP}wa\\.me/+)(?:send)?/*\\?([^#]*)`);
const TELEGRAM_LINK = new RegExp(`^${HTTP}(?:t|telegram)\\.me/\\+(\\d+)$`);
/** The characters of a number in a link. */
const LINKED_NUMBER = /^[+\d().\-~]+$/;

/**
 * Removes one wrapper around the number or address in `text`; returns `text` unchanged if there is none. `isDialable` says whether
 * digits are a number with a country code: a link should have the code, but people leave it out.
 */
export function unwrapContact(text: string, isDialable: (digits: string) => boolean): string {
  const linked = linkedNumber(text);
  if (linked !== null) return isDialable(linked) ? `+${linked}` : linked;
  const wrapped = MAILBOX.exec(text)?.[1];
  if (wrapped !== undefined) return wrapped;
  const named = URI.exec(text)?.[1];
  if (named !== undefined) return decoded(named);
  return text.replace(LABEL, '');
}

/** The digits of the number in a link to a messenger, or in a messenger's id. */
function linkedNumber(text: string): string | null {
  const long = LONG_LINK.exec(text)?.[1];
  const phone = long === undefined ? null : new URLSearchParams(long.replaceAll('+', '%2B')).get('phone');
  const short = SHORT_LINK.exec(text)?.[1];
  const written = JID.exec(text)?.[1] ?? phone ?? (short === undefined ? TELEGRAM_LINK.exec(text)?.[1] : decoded(short));
  const number = written?.replace(/\s+/g, '');
  return number !== undefined && LINKED_NUMBER.test(number) && /\d/.test(number) ? number.replace(/\D+/g, '') : null;
}

/** Decodes percent-encoding, if the text is valid percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
