/** Normalizes a contact to a key that is the same however the contact is written, so that each contact gets one trial (R24). */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { asciiDomain } from '../email-domain.ts';
import { unwrapContact } from './unwrap-contact.ts';

/** The country of a phone number without a country code. */
const DEFAULT_COUNTRY: CountryCode = 'BR';

/** A phone number as people write it, after spaces are removed. */
const PHONE = /^\+?[\d().\-/‐-―−ー~]+$/;

/** A Brazilian mobile number without its ninth digit, with or without an area code. Landlines begin with 2 to 5. */
const BEFORE_NINTH_DIGIT = /^\+55([1-9]{2})?([6-9]\d{7})$/;

/** Spaces and other invisible characters: formats, controls, fillers, selectors and the Braille blank. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

const FOREIGN_DIGIT = /(?![0-9])\p{Nd}/gu;

/** The limit of nested wrappers that are removed. */
const MAX_PASSES = 100;

/**
 * Removes the differences in how people write a contact. In every text: spaces, invisible characters, upper case and digits of other
 * scripts. In an e-mail: its +tag and its domain's spelling. In a phone number: its format and a missing ninth digit. It also removes
 * any wrapper (a link to WhatsApp, `tel:`, `mailto:`, `Name <a@b>`). Other differences count: a dot in an e-mail's local part makes
 * another contact. The key of a key is itself. Raise CONTACT_KEY_VERSION with every change of these rules: rekey-contacts.ts then
 * updates the stored keys.
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

/** Whether `+digits` is a valid phone number. */
function isDialable(digits: string): boolean {
  const number = parsePhoneNumberFromString(`+${digits}`);
  return number?.isValid() === true || BEFORE_NINTH_DIGIT.test(`+${digits}`);
}

/** Returns the number in E.164 if possible, and otherwise its digits. Returns null if the text is not a number. */
function phoneKey(text: string): string | null {
  if (!PHONE.test(text) || !/\d/.test(text)) return null;
  const sign = text.startsWith('+') ? '+' : '';
  const digits = sign + text.replace(/\D+/g, '');
  // 00 is the international prefix in most countries; in Brazil a carrier code follows it.
  const number = parsePhoneNumberFromString(digits.replace(/^00/, '+'), DEFAULT_COUNTRY);
  return number?.isPossible() ? number.number.replace(BEFORE_NINTH_DIGIT, withNinthDigit) : digits;
}

function withNinthDigit(_number: string, area: string | undefined, subscriber: string): string {
  return `+55${area ?? ''}9${subscriber}`;
}
