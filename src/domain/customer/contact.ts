/** Normalises contacts, so that one contact gets one trial (R24) and can be searched. */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Where a phone number without a country code is taken to be. */
const DEFAULT_COUNTRY: CountryCode = 'BR';

/** What phone numbers are written with, once spaces are gone. */
const PHONE = /^\+?[\d().\-/‐-―−~]+$/;

/** Spaces, and whatever else a screen shows nothing of: formats, controls, fillers, selectors, and the blank of Braille. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

const FOREIGN_DIGIT = /(?![0-9])\p{Nd}/gu;

/**
 * A contact without what people write differently, so that one contact has one trial (R24): spaces and invisible characters,
 * upper case, the digits of another script, an e-mail's +tag, a phone number's format. Nothing else is taken for the same: not
 * a dot in an e-mail's name.
 */
export function contactKeyOf(contact: string): string {
  const text = compact(contact);
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
  // A name of the net may end in a dot.
  const domain = text.slice(at).replace(/\.+$/, '');
  if (at < 1 || domain.length < 2) return null;
  const local = text.slice(0, at);
  const tag = local.indexOf('+');
  return (tag < 1 ? local : local.slice(0, tag)) + domain;
}

/** E.164 where it can be one; other numbers by their digits. */
function phoneKey(text: string): string | null {
  if (!PHONE.test(text) || !/\d/.test(text)) return null;
  const sign = text.startsWith('+') ? '+' : '';
  const digits = sign + text.replace(/\D+/g, '');
  // The prefix of a call abroad, as it is dialled in most countries; Brazil's own names a carrier after it.
  const number = parsePhoneNumberFromString(digits.replace(/^00/, '+'), DEFAULT_COUNTRY);
  return number?.isPossible() ? number.number : digits;
}

/** Lower case without accents: how names and contacts are searched. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/**
 * What a customer is found by: name and contact, and the contact's key where that differs. Lines, so that no search runs from
 * one into the next.
 */
export function searchKeyOf(name: string, contact: string | null, contactKey: string | null): string {
  const lines = [name, contact, contactKey].filter((line) => line !== null);
  return [...new Set(lines.map(folded))].join('\n');
}
