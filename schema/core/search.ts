/** Turns a search text into patterns without wildcards of its own. */

import { searchedTexts } from '../../src/domain/customer/search-key.ts';
import { BadUserInput } from '../../src/kernel/errors.ts';
import { MAX_SEARCH_LENGTH } from './limits.ts';

/** The search without the wildcards' meaning; null when nothing is searched for. */
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

/** For ILIKE: any name that contains the search. */
export function searchPattern(search: string | null | undefined): string | null {
  const text = searched(search);
  return text === null ? null : `%${text}%`;
}

/** The same for Prisma, which sends `contains` to ILIKE as it is. */
export function nameContains(search: string | null | undefined) {
  const text = searched(search);
  return text === null ? {} : { name: { contains: text, mode: 'insensitive' as const } };
}

/** Customers by name alone, as `customerContains` reads names. */
export function customerNameContains(search: string | null | undefined) {
  const [text] = searchedTexts(checked(search));
  return text === undefined ? {} : { sortKey: { contains: literally(text) } };
}

/**
 * Customers by name or contact, in any case and with or without accents, and by a telephone however it is written: Prisma sends
 * `contains` to LIKE as it is.
 */
export function customerContains(search: string | null | undefined) {
  const texts = searchedTexts(checked(search));
  return texts.length === 0 ? {} : { OR: texts.map((text) => ({ searchKey: { contains: literally(text) } })) };
}
