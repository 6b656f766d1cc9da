/** Maps the server's messages about fields to the application's own texts. */

import type { errors } from '../i18n/en/errors.ts';

type Problem = keyof typeof errors.field;

/** The patterns' named groups are the texts' variables. Messages that match no pattern are shown as received, marked as the server's. */
const KNOWN: readonly (readonly [RegExp, Problem])[] = [
  [/^must have (?<min>\d+) to (?<max>\d+) characters/, 'length'],
  [/^must have (?<min>\d+) to (?<max>\d+) of a-z/, 'login'],
  [/^must have printable characters/, 'printable'],
  [/^must have at most (?<max>\d+) characters/, 'tooLong'],
  [/^must be (?:a whole number )?from (?<min>\d+) to (?<max>\d+)[.,]/, 'range'],
  [/^must not be above the present version, (?<max>\d+)/, 'atMost'],
  [/^must be at most (?<max>\d+) below the present version/, 'versionTooOld'],
  [/^must be at least (?<min>\d+)/, 'atLeast'],
  [/^must be (?<min>0) or more/, 'atLeast'],
  [/^must be at most (?<max>\d+)/, 'atMost'],
  [/^makes a total above/, 'totalTooLarge'],
  [/^must be (?<min>\d+): a list starts/, 'priceStart'],
  [/^must be above the quantity of the package before/, 'priceQuantity'],
  [/^must not be above the unit price of the package before/, 'priceUnit'],
  [/^makes the package cheaper than the smaller one/, 'priceTotal'],
  [/^must be an ISO 4217 code/, 'currency'],
  [/^is needed before it can be switched on/, 'needed'],
  [/^is needed: every Pix code contains it/, 'pix'],
  [/^must be a CPF,/, 'pixKey'],
  [/check digits are wrong/, 'checkDigits'],
  [/^may be a CPF or a telephone/, 'pixAmbiguous'],
  [/^(?:must be a|is not a|is neither a CPF nor a) telephone/, 'telephone'],
  [/^is not an e-mail address/, 'email'],
  [/^must be an e-mail address\./, 'email'],
  [/^must be in the future/, 'future'],
  [/^is not the present code of the app/, 'code'],
  [/time zone/, 'timeZone'],
  [/^has no field \{(?<name>.*)\}\./, 'unknownField'],
  [/^cannot be cleared/, 'required'],
  [/^must be one line,/, 'oneLine'],
  [/^must have at least one visible character/, 'visible'],
  [/^must not have control characters/, 'control'],
  [/^must be an address, for example|^must begin with https:/, 'https'],
  [/^must lead to a public address/, 'publicAddress'],
  [/^must use port (?<min>\d+), or one from (?<max>\d+)/, 'port'],
  [/^must not contain (?:a user or a password|#)/, 'addressPart'],
  [/^must begin with (?<name>[\w-]+)/, 'begins'],
  [/^must have ASCII letters, digits and signs only/, 'ascii'],
  [/^must have a letter that a bank prints/, 'printedName'],
  [/^must name at least one event/, 'oneEvent'],
  [/^must be (?<min>\d+) to (?<max>\d+) packages/, 'packages'],
  [/^is the present e-mail/, 'present'],
  [/^must not be the one-time password/, 'notOneTime'],
  [/^has the moment and channel of another rule/, 'sameRule'],
];

interface KnownProblem {
  readonly problem: Problem;
  readonly min: string;
  readonly max: string;
  readonly name: string;
}

/** Returns null if there is no text for the message. */
export function knownProblem(message: string): KnownProblem | null {
  for (const [pattern, problem] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return { problem, min: found.groups?.min ?? '', max: found.groups?.max ?? '', name: found.groups?.name ?? '' };
  }
  return null;
}
