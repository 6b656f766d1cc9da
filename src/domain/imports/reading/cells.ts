/** Reads the cells of a table: numbers, enum values and texts. */

import { MAX_ISSUE_CREDITS } from '../../../kernel/credits.ts';
import type { Span } from '../../../ledger/rules/spans.ts';
import { MAX_PERIODS, MAX_SCREENS } from '../../../ledger/rules/terms.ts';
import { folded } from '../../customer/search-key.ts';
import type { Kind } from './columns.ts';

/** Digits and the separators of a phone number. */
const TELEPHONE = /^[+\d().\s-]+$/;
/** A user name of a messenger, for example @ana_souza. */
const HANDLE = /^@\w{1,64}$/;
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** Our own exports put an apostrophe before a text that a spreadsheet would run as a formula. */
const GUARDED = /^'[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The value of a cell, or the message of its problem. */
export type Cell<Value> = { readonly value: Value } | { readonly problem: string };

/** Returns the text without the apostrophe of our exports. A formula is refused, because the file does not contain its value. */
export function textCell(raw: string): Cell<string> {
  const text = raw.trim();
  if (GUARDED.test(text)) return { value: text.slice(1) };
  if (FORMULA.test(text) && !TELEPHONE.test(text) && !HANDLE.test(text)) {
    return { problem: 'is a formula. Save the table with its values instead.' };
  }
  return { value: text };
}

/** Accepts digits only, because `1.000,00` means 1 in one country and 1000 in another. */
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

/** The spans after the first change, for example `1x2 3x1`: 1 screen for 2 periods of 30 days, then 3 screens for 1. */
export function spansCell(text: string): Cell<readonly Span[]> {
  const spans = text === '' ? [] : text.split(' ').map((span) => /^(\d{1,4})x(\d{1,4})$/.exec(span));
  const value = spans.map((found) => ({ screens: Number(found?.[1] ?? 0), periods: Number(found?.[2] ?? 0) }));
  const isGood = value.every(({ periods, screens }) => screens >= 1 && screens <= MAX_SCREENS && periods >= 1 && periods <= MAX_PERIODS);
  return isGood && value.length <= MAX_SPANS ? { value } : { problem: 'must be screens and periods of 30 days, for example 1x2 3x1.' };
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

/** Reads the columns of status and trial. Whether a service has expired depends on its date, not on these. */
export function standingCell(status: string, trial: string): Cell<Standing> {
  const text = word(status);
  if (STOPPED.has(text)) return { problem: 'says that the customer is not served. Remove the row, or set its end in the past.' };
  if (CANCELED.has(text)) return { value: 'CANCELED' };
  return { value: TRIAL.has(text) || isTrue(trial) ? 'TRIAL' : 'PAID' };
}

export function isTrue(text: string): boolean {
  return ['1', 'true', 'yes', 'y', 'sim', 's', 'trial', 'teste'].includes(word(text));
}

function word(text: string): string {
  return folded(text).replace(/[^a-z0-9]+/g, '');
}
