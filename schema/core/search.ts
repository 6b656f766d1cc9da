/** Turns a search text into patterns without wildcards of its own. */

import { folded } from '../../src/domain/customer/contact.ts';
import { BadUserInput } from '../../src/kernel/errors.ts';
import { MAX_SEARCH_LENGTH } from './limits.ts';

/** The search without the wildcards' meaning; null when nothing is searched for. */
function searched(search: string | null | undefined, spelled = (text: string) => text): string | null {
  if (search === null || search === undefined) return null;
  if (search.length > MAX_SEARCH_LENGTH) throw new BadUserInput('search', `must have at most ${MAX_SEARCH_LENGTH} characters.`);
  if (search.includes('\0')) throw new BadUserInput('search', 'must not contain the character U+0000.');
  const text = spelled(search);
  return text === '' ? null : text.replace(/[\\%_]/g, '\\$&');
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

/** Customers by name or contact, in any case and with or without accents: Prisma sends `contains` to LIKE as it is. */
export function customerContains(search: string | null | undefined) {
  const text = searched(search, (written) => folded(written.trim()));
  return text === null ? {} : { searchKey: { contains: text } };
}
