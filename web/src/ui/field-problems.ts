/** Translates a refusal's problems into messages beside form fields. */

import type { Refusal } from '../data/refusal.ts';
import { i18n } from '../i18n/i18n.ts';
import { knownProblem } from './known-problems.ts';

/** A refusal's problems in the person's language, by the name of the form's field: `input.amount` is the field amount. */
export function fieldProblems({ fields = [] }: Refusal): Record<string, string> {
  return Object.fromEntries(fields.map(({ path, message }) => [path.replace(/^input\./, ''), inWords(message)]));
}

/** One sentence of the server's, in the person's language. */
export function inWords(message: string): string {
  const t = i18n.getFixedT(null, 'errors');
  const { problem = 'other', ...groups } = knownProblem(message) ?? {};
  return t(`field.${problem}`, { min: '', max: '', name: '', ...groups, message });
}
