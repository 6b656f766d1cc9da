/** What customers are searched by, and what of it a search looks for. */

import { contactKeyOf } from './contact.ts';

/** A search with fewer digits is text: `42` is a part of a name. */
const MIN_PHONE_DIGITS = 4;
const PHONE_SEARCH = /^\+?[\d\s().\-/‐-―−ー~]+$/;

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

/**
 * The texts of which one must be in a customer's search key. What looks like a telephone is searched by its digits too: with
 * and without the country's code and the ninth digit, as people copy numbers out of WhatsApp. Empty: nothing is searched for.
 */
export function searchedTexts(search: string): string[] {
  const text = folded(search.trim());
  if (text === '') return [];
  const digits = digitsOf(search);
  return digits === null ? [text] : [...new Set([text, ...digits])];
}

/** null: it is no telephone. A part of one is found in a whole one; a whole one also when it lacks the ninth digit. */
function digitsOf(search: string): string[] | null {
  const key = contactKeyOf(search);
  if (!PHONE_SEARCH.test(key)) return null;
  const digits = key.replace(/\D+/g, '');
  if (digits.length < MIN_PHONE_DIGITS) return null;
  const written = search.normalize('NFKC').replace(/\D+/g, '');
  const short = PHONE_SEARCH.test(search.trim()) && written.length >= MIN_PHONE_DIGITS ? [written, withoutTrunk(written)] : [];
  return [digits, ...short.filter((one) => one.length >= MIN_PHONE_DIGITS)];
}

/** Brazil dials a 0 before an area, which no stored number has. */
function withoutTrunk(digits: string): string {
  return digits.replace(/^0+/, '');
}
