/** The key of a contact: what is one and the same however it is written, so that one contact has one trial (R24). */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { asciiDomain } from '../email-domain.ts';
import { unwrapContact } from './unwrap-contact.ts';

/** Where a phone number without a country code is taken to be. */
const DEFAULT_COUNTRY: CountryCode = 'BR';

/** What phone numbers are written with, once spaces are gone. */
const PHONE = /^\+?[\d().\-/‐-―−ー~]+$/;

/** A Brazilian mobile number, with its area or without, as it was before the ninth digit: landlines begin with 2 to 5. */
const BEFORE_NINTH_DIGIT = /^\+55([1-9]{2})?([6-9]\d{7})$/;

/** Spaces, and whatever else a screen shows nothing of: formats, controls, fillers, selectors, and the blank of Braille. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

const FOREIGN_DIGIT = /(?![0-9])\p{Nd}/gu;

/** No text has more wrappers in each other than this. */
const MAX_PASSES = 100;

/**
 * A contact without what people write differently: spaces and invisible characters, upper case, the digits of another script, an
 * e-mail's +tag and its domain's spelling, a phone number's format and ninth digit, and what wraps either (a link to WhatsApp,
 * `tel:`, `mailto:`, `Name <a@b>`). Nothing else is taken for the same: not a dot in an e-mail's name. The key of a key is itself.
 * With every change of these rules raise CONTACT_KEY_VERSION: rekey-contacts.ts then gives stored contacts their new keys.
 */
export function contactKeyOf(contact: string): string {
  let key = contact;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = reduced(key);
    if (next === key) break;
    key = next;
  }
  return key;
}

function reduced(contact: string): string {
  const text = compact(unwrapContact(compact(contact), isDialable));
  return emailKey(text) ?? phoneKey(text) ?? (text === '' ? contact : text);
}

function compact(contact: string): string {
  return contact.normalize('NFKC').toLowerCase().normalize('NFKC').replace(UNSEEN, '').replace(FOREIGN_DIGIT, asciiDigit);
}

/** Digits of every script come in tens, from 0 to 9. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

function emailKey(text: string): string | null {
  const at = text.lastIndexOf('@');
  const domain = asciiDomain(text.slice(at + 1));
  if (at < 1 || domain === '') return null;
  const local = text.slice(0, at);
  const tag = local.indexOf('+');
  return `${tag < 1 ? local : local.slice(0, tag)}@${domain}`;
}

/** Whether some telephone has the number `+digits`. */
function isDialable(digits: string): boolean {
  const number = parsePhoneNumberFromString(`+${digits}`);
  return number?.isValid() === true || BEFORE_NINTH_DIGIT.test(`+${digits}`);
}

/** E.164 where it can be one; other numbers by their digits. null: it is no number. */
function phoneKey(text: string): string | null {
  if (!PHONE.test(text) || !/\d/.test(text)) return null;
  const sign = text.startsWith('+') ? '+' : '';
  const digits = sign + text.replace(/\D+/g, '');
  // The prefix of a call abroad, as it is dialled in most countries; Brazil's own names a carrier after it.
  const number = parsePhoneNumberFromString(digits.replace(/^00/, '+'), DEFAULT_COUNTRY);
  return number?.isPossible() ? number.number.replace(BEFORE_NINTH_DIGIT, withNinthDigit) : digits;
}

function withNinthDigit(_number: string, area: string | undefined, subscriber: string): string {
  return `+55${area ?? ''}9${subscriber}`;
}
