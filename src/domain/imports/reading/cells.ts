/** What a cell of a table says, where it is a number, a word of few, or text. */

import { MAX_ISSUE_CREDITS } from '../../../kernel/credits.ts';
import type { Span } from '../../../ledger/rules/spans.ts';
import { MAX_PERIODS, MAX_SCREENS } from '../../../ledger/rules/terms.ts';
import { folded } from '../../customer/search-key.ts';
import type { Kind } from './columns.ts';

/** Digits and what stands between those of a telephone number. */
const TELEPHONE = /^[+\d().\s-]+$/;
/** A name of a messenger, as @ana_souza. */
const HANDLE = /^@\w{1,64}$/;
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** Our own exports put an apostrophe before what a spreadsheet would run. */
const GUARDED = /^'[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** Either what the cell says, or what is wrong with it in words. */
export type Cell<Value> = { readonly value: Value } | { readonly problem: string };

/** The text without what our exports put before it; a formula is refused, because what it shows is not in the file. */
export function textCell(raw: string): Cell<string> {
  const text = raw.trim();
  if (GUARDED.test(text)) return { value: text.slice(1) };
  if (FORMULA.test(text) && !TELEPHONE.test(text) && !HANDLE.test(text)) {
    return { problem: 'is a formula. Save the table with its values instead.' };
  }
  return { value: text };
}

/** Digits and nothing else: `1.000,00` is 1 in one country and 1000 in another. */
function wholeCell(text: string, minimum: number, maximum: number, what: string): Cell<number> {
  const value = /^\+?\d{1,15}$/.test(text) ? Number(text) : null;
  if (value === null) return { problem: `must be a whole number of ${what}, in digits only.` };
  return value >= minimum && value <= maximum ? { value } : { problem: `must be from ${minimum} to ${maximum} ${what}.` };
}

export function creditsCell(text: string): Cell<number> {
  return text === '' ? { value: 0 } : wholeCell(text, 0, MAX_ISSUE_CREDITS, 'credits');
}

export function screensCell(text: string): Cell<number> {
  return text === '' ? { value: 1 } : wholeCell(text, 1, MAX_SCREENS, 'screens');
}

const MAX_SPANS = 24;

/** What comes after the first change, as `1x2 3x1`: one screen for two periods of 30 days, then three for one. */
export function spansCell(text: string): Cell<readonly Span[]> {
  const spans = text === '' ? [] : text.split(' ').map((span) => /^(\d{1,4})x(\d{1,4})$/.exec(span));
  const value = spans.map((found) => ({ screens: Number(found?.[1] ?? 0), periods: Number(found?.[2] ?? 0) }));
  const isGood = value.every(({ periods, screens }) => screens >= 1 && screens <= MAX_SCREENS && periods >= 1 && periods <= MAX_PERIODS);
  return isGood && value.length <= MAX_SPANS ? { value } : { problem: 'must be screens and periods of 30 days, as 1x2 3x1.' };
}

const KINDS: Readonly<Record<string, Kind>> = {
  ...{ reseller: 'RESELLER', panel: 'RESELLER', revenda: 'RESELLER', revendedor: 'RESELLER', subrevenda: 'RESELLER' },
  ...{ customer: 'CUSTOMER', cliente: 'CUSTOMER', line: 'CUSTOMER', linha: 'CUSTOMER' },
};

export function kindCell(text: string): Cell<Kind> {
  const value = KINDS[word(text)];
  return value ? { value } : { problem: 'must be "reseller" or "customer".' };
}

export type Standing = 'PAID' | 'TRIAL' | 'CANCELED';

const TRIAL = new Set(['trial', 'teste']);
const CANCELED = new Set(['canceled', 'cancelled', 'cancelado']);
const STOPPED = new Set(['disabled', 'banned', 'blocked', 'suspended', 'bloqueado', 'banido', 'desativado', 'suspenso']);

/** Whether the end of a service is in the past is told by its date, not by this. */
export function standingCell(status: string, trial: string): Cell<Standing> {
  const text = word(status);
  if (STOPPED.has(text)) return { problem: 'says that the customer is not served. Take the row out, or set its end in the past.' };
  if (CANCELED.has(text)) return { value: 'CANCELED' };
  return { value: TRIAL.has(text) || isTrue(trial) ? 'TRIAL' : 'PAID' };
}

export function isTrue(text: string): boolean {
  return ['1', 'true', 'yes', 'y', 'sim', 's', 'trial', 'teste'].includes(word(text));
}

function word(text: string): string {
  return folded(text).replace(/[^a-z0-9]+/g, '');
}
