/** Translates a refusal's field errors into messages for the form's fields. */

import type { Refusal } from '../data/refusal.ts';
import { i18n } from '../i18n/i18n.ts';
import { knownProblem } from './known-problems.ts';

/** A refusal's field errors in the person's language, by form field: the path `input.amount` belongs to the field `amount`. */
export function fieldProblems({ fields = [] }: Refusal): Record<string, string> {
  return Object.fromEntries(fields.map(({ path, message }) => [path.replace(/^input\./, ''), inWords(message)]));
}

/** Translates one of the server's messages. */
export function inWords(message: string): string {
  const t = i18n.getFixedT(null, 'errors');
  const { problem = 'other', ...groups } = knownProblem(message) ?? {};
  return t(`field.${problem}`, { min: '', max: '', name: '', ...groups, message });
}
