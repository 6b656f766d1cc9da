/** Recognizes the server's messages about an import file by their fixed parts. */

import type { imports } from '../../i18n/en/imports.ts';

type Word = keyof typeof imports.messages;

/** The patterns' named groups are the texts' variables. */
const KNOWN: readonly (readonly [RegExp, Word])[] = [
  [/^must be a whole number of/, 'notWhole'],
  [/^must be from (?<first>\d+) to (?<second>\d+) /, 'outOfBounds'],
  [/^is not a date/, 'noDate'],
  [/^is more than (?<first>\d+) periods of 30 days ahead/, 'tooFar'],
  [/^is a formula/, 'formula'],
  [/^is empty: say when/, 'noEnd'],
  [/^is needed: the login/, 'needed'],
  [/^must be "reseller" or "customer"/, 'noKind'],
  [/^must be 1 for a trial/, 'trialScreens'],
  [/^must be screens and periods/, 'spans'],
  [/^is not for a trial/, 'noTrialSpans'],
  [/^says that the customer is not served/, 'notServed'],
  [/^has more values than/, 'tooManyValues'],
  [/^cannot be read/, 'unreadable'],
  [/^is on line (?<first>\d+) already/, 'twice'],
  [/is taken|already in use/, 'taken'],
  [/^names no panel of the tenant/, 'noParent'],
  [/^is a panel that is closed|is closed\.$/, 'closed'],
  [/^is too deep|at most (?<first>\d+) levels/, 'tooDeep'],
  [/^leads back to this panel/, 'cycle'],
  [/^is a row that has a problem/, 'dependent'],
  [/panel .*(?:was not made|is not there|does not exist)/, 'notMade'],
  [/^Whoever committed it/, 'committer'],
  [/more than can be counted/, 'tooMuch'],
  [/quote \("\)/, 'openQuote'],
  [/^The line has (?<first>\d+) columns: at most (?<second>\d+)/, 'tooManyColumns'],
  [/^The file has more than (?<first>\d+) rows/, 'tooManyRows'],
  [/^The file has (?:its heading but no row|no line)|^(?:The file )?is empty\.$/, 'noRows'],
  [/^This is a statement/, 'statement'],
  [/^No column says when/, 'noColumns'],
  [/is larger than (?<first>\d+) MB/, 'tooLarge'],
  [/workbook/, 'spreadsheet'],
  [/is compressed/, 'compressed'],
  [/is a PDF/, 'pdf'],
  [/NUL bytes|UTF-16/, 'notText'],
];

/** Returns null if no pattern matches. */
export function problemWord(message: string): { readonly word: Word; readonly first: string; readonly second: string } | null {
  for (const [pattern, word] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return { word, first: found.groups?.first ?? '', second: found.groups?.second ?? '' };
  }
  return null;
}
