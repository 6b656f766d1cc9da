/** Translates a refusal's problems into messages beside form fields. */

import type { Refusal } from '../data/refusal.ts';
import type { errors } from '../i18n/en/errors.ts';
import { i18n } from '../i18n/i18n.ts';

type Problem = keyof typeof errors.field;

/** What the server says of a field, and the words for it; the groups are what the words name. Whatever is not here is shown as it came, and said to be the server's. */
const KNOWN: readonly (readonly [RegExp, Problem])[] = [
  [/^must have (?<min>\d+) to (?<max>\d+) characters/, 'length'],
  [/^must have (?<min>\d+) to (?<max>\d+) of a-z/, 'login'],
  [/^must have printable characters/, 'printable'],
  [/^must have at most (?<max>\d+) characters/, 'tooLong'],
  [/^must be (?:a whole number )?from (?<min>\d+) to (?<max>\d+)\./, 'range'],
  [/^must not be above the present version, (?<max>\d+)/, 'atMost'],
  [/^must be at most (?<max>\d+) below the present version/, 'versionTooOld'],
  [/^must be at least (?<min>\d+)/, 'atLeast'],
  [/^must be at most (?<max>\d+)/, 'atMost'],
  [/^must be (?<min>\d+): a list starts/, 'priceStart'],
  [/^must be above the quantity of the package before/, 'priceQuantity'],
  [/^must not be above the unit price of the package before/, 'priceUnit'],
  [/^makes the package cheaper than the smaller one/, 'priceTotal'],
  [/^must be an ISO 4217 code/, 'currency'],
  [/^is needed before it can be switched on/, 'needed'],
  [/^is part of every code to a key/, 'pix'],
  [/^must be a CPF,/, 'pixKey'],
  [/check digits are wrong/, 'checkDigits'],
  [/^may be a CPF or a telephone/, 'pixAmbiguous'],
  [/^(?:must be a|is no|is neither a CPF nor a) telephone/, 'telephone'],
  [/^is no e-mail address/, 'email'],
  [/^must be an e-mail address\./, 'email'],
  [/^must be in the future/, 'future'],
  [/^is not the present code of the app/, 'code'],
  [/time zone/, 'timeZone'],
  [/^has no field \{(?<name>.*)\}\./, 'unknownField'],
  [/^cannot be cleared/, 'required'],
];

/** A refusal's problems in the person's language, by the name of the form's field: `input.amount` is the field amount. */
export function fieldProblems({ fields = [] }: Refusal): Record<string, string> {
  return Object.fromEntries(fields.map(({ path, message }) => [path.replace(/^input\./, ''), inWords(message)]));
}

/** One sentence of the server's, in the person's language. */
export function inWords(message: string): string {
  const t = i18n.getFixedT(null, 'errors');
  for (const [pattern, problem] of KNOWN) {
    const found = pattern.exec(message);
    if (found)
      return t(`field.${problem}`, { min: found.groups?.min ?? '', max: found.groups?.max ?? '', name: found.groups?.name ?? '', message });
  }
  return t('field.other', { message });
}
