/** Builds the text in which customers are searched, and the texts that a search looks for in it. */

import { contactKeyOf } from './contact.ts';

/** A search with fewer digits is treated as text: `42` may be part of a name. */
const MIN_PHONE_DIGITS = 4;
const PHONE_SEARCH = /^\+?[\d\s().\-/‐-―−ー~]+$/;

/** Returns the text in lower case without accents, as names and contacts are searched. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/**
 * The text in which a customer is searched: its name, its contact, and the contact's key if that differs. Each is a line of its
 * own, so that no search matches across two of them.
 */
export function searchKeyOf(name: string, contact: string | null, contactKey: string | null): string {
  const lines = [name, contact, contactKey].filter((line) => line !== null);
  return [...new Set(lines.map(folded))].join('\n');
}

/**
 * The texts to search for: a customer matches if its search key contains one of them. A search that looks like a phone number
 * also matches by its digits, with and without the country code and the ninth digit, because people copy numbers out of WhatsApp.
 * Empty if there is nothing to search for.
 */
export function searchedTexts(search: string): string[] {
  const text = folded(search.trim());
  if (text === '') return [];
  const digits = digitsOf(search);
  return digits === null ? [text] : [...new Set([text, ...digits])];
}

/** Returns null if the search is not a phone number. A part of a number matches, and so does a whole number without its ninth digit. */
function digitsOf(search: string): string[] | null {
  const key = contactKeyOf(search);
  if (!PHONE_SEARCH.test(key)) return null;
  const digits = key.replace(/\D+/g, '');
  if (digits.length < MIN_PHONE_DIGITS) return null;
  const written = search.normalize('NFKC').replace(/\D+/g, '');
  const short = PHONE_SEARCH.test(search.trim()) && written.length >= MIN_PHONE_DIGITS ? [written, withoutTrunk(written)] : [];
  return [digits, ...short.filter((one) => one.length >= MIN_PHONE_DIGITS)];
}

/** In Brazil people dial a 0 before the area code. No stored number has it. */
function withoutTrunk(digits: string): string {
  return digits.replace(/^0+/, '');
}
