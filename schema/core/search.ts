/** Turns a search text into SQL patterns in which the text's own wildcards have no meaning. */

import { searchedTexts } from '../../src/domain/customer/search-key.ts';
import { BadUserInput } from '../../src/kernel/errors.ts';
import { MAX_SEARCH_LENGTH } from './limits.ts';

/** The search text with its wildcards escaped. Null if the text is empty. */
function searched(search: string | null | undefined): string | null {
  const text = checked(search);
  return text === '' ? null : literally(text);
}

function checked(search: string | null | undefined): string {
  if (search === null || search === undefined) return '';
  if (search.length > MAX_SEARCH_LENGTH) throw new BadUserInput('search', `must have at most ${MAX_SEARCH_LENGTH} characters.`);
  if (search.includes('\0')) throw new BadUserInput('search', 'must not contain the character U+0000.');
  return search;
}

function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** A pattern for ILIKE that finds every name containing the text. */
export function searchPattern(search: string | null | undefined): string | null {
  const text = searched(search);
  return text === null ? null : `%${text}%`;
}

/** Prisma's filter for names containing the text. Prisma passes `contains` to ILIKE without escaping. */
export function nameContains(search: string | null | undefined) {
  const text = searched(search);
  return text === null ? {} : { name: { contains: text, mode: 'insensitive' as const } };
}

/** Prisma's filter for customers by name only. Names are compared as in `customerContains`. */
export function customerNameContains(search: string | null | undefined) {
  const [text] = searchedTexts(checked(search));
  return text === undefined ? {} : { sortKey: { contains: literally(text) } };
}

/**
 * Prisma's filter for customers by name or contact, ignoring case and accents, or by a phone number in any format. Prisma passes
 * `contains` to LIKE without escaping.
 */
export function customerContains(search: string | null | undefined) {
  const texts = searchedTexts(checked(search));
  return texts.length === 0 ? {} : { OR: texts.map((text) => ({ searchKey: { contains: literally(text) } })) };
}
