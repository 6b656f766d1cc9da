/** Takes a telephone number or an e-mail out of what wraps it: links to WhatsApp, URIs, mailbox names, labels (R24). */

const HTTP = String.raw`(?:https?:/*)?(?:www\.)?`;
/** `Name <a@b>`. */
const MAILBOX = /^[^<>]*<([^<>]+)>[^<>]*$/;
const URI = /^(?:mailto|tel|sms|smsto|callto|whatsapp|xmpp|sip):\/*(?!send\b)([^?#;]+)/;
const LABEL = /^(?:telefone|tel|fone|phone|celular|cel|whatsapp|whats|wpp|zap|e-?mail|contato)(?:[.:]+(?=.)|(?=[+(\d]))/;
/** A number of WhatsApp's own, and of one device of it. */
const JID = /^(\d+)(?:[.:_]\d+)*@(?:s\.whatsapp\.net|c\.us)$/;
const SHORT_LINK = new RegExp(`^${HTTP}wa\\.me/+([^/?#]+)`);
const LONG_LINK = new RegExp(`^(?:whatsapp:/*|${HTTP}(?:(?:api|web)\\.)?whatsapp\\.com/+|${HTTP}wa\\.me/+)(?:send)?/*\\?([^#]*)`);
const TELEGRAM_LINK = new RegExp(`^${HTTP}(?:t|telegram)\\.me/\\+(\\d+)$`);
/** What a link's number is written with. */
const LINKED_NUMBER = /^[+\d().\-~]+$/;

/**
 * The number or address within `text`, or `text` as it is; one wrapper less at a time. `isDialable` says of digits whether they
 * are a number with its country's code: a link should have one, and people leave it out.
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

/** The digits that a link to a messenger or its own name of a number leads to. */
function linkedNumber(text: string): string | null {
  const long = LONG_LINK.exec(text)?.[1];
  const phone = long === undefined ? null : new URLSearchParams(long.replaceAll('+', '%2B')).get('phone');
  const short = SHORT_LINK.exec(text)?.[1];
  const written = JID.exec(text)?.[1] ?? phone ?? (short === undefined ? TELEGRAM_LINK.exec(text)?.[1] : decoded(short));
  const number = written?.replace(/\s+/g, '');
  return number !== undefined && LINKED_NUMBER.test(number) && /\d/.test(number) ? number.replace(/\D+/g, '') : null;
}

/** Percent-encoding undone, where it is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
