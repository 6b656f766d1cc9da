/** How an export is written: for programs unless its reader asks for a person's form. */

import { z } from 'zod';
import { type ExportLanguage, LANGUAGES, wordsOf } from './export-words.ts';

export interface ExportForm {
  /** Between fields. Spreadsheets that write numbers with a comma expect a semicolon. */
  readonly separator: ',' | ';';
  /** Of headings and of what else is one of few values; null: the API's own names. */
  readonly language: ExportLanguage | null;
  /** Of times, then written as 2026-01-31 12:00:00; null: RFC 3339 in UTC. */
  readonly timeZone: string | null;
}

/** The parameters that every export takes. Empty, as a form sends it, one is not given. */
export const formFields = {
  separator: z
    .union([z.literal('').transform((): ',' => ','), z.enum([',', ';'])], 'must be a comma or a semicolon.')
    .optional()
    .transform((separator) => separator ?? ','),
  language: z
    .union([z.literal('').transform(() => null), z.enum(LANGUAGES)], `must be one of ${LANGUAGES.join(', ')}.`)
    .optional()
    .transform((language) => language ?? null),
  timeZone: z
    .string()
    .optional()
    .transform((name, context) => {
      if (!name) return null;
      try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be a time zone, as America/Sao_Paulo.' });
        return z.NEVER;
      }
    }),
};

/** Digits and what stands between those of a telephone number: the spreadsheet has nothing to run in it. */
const TELEPHONE = /^[+\d() -]+$/;
/** What spreadsheets take for the beginning of a formula, in the forms of full width too. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

export interface Writer {
  /** A column's heading. */
  heading(column: string): string;
  /** A text that a person wrote, or a name of the API; no formula. */
  text(value: string, column: string): string;
  time(value: Date): string;
}

export function writerFor({ language, timeZone }: ExportForm): Writer {
  const words = language && wordsOf(language);
  const clock =
    timeZone &&
    new Intl.DateTimeFormat('sv-SE', {
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
      timeZone,
    });
  return {
    heading: (column) => words?.columns[column] ?? column,
    text(value, column) {
      const word = words?.values[column]?.[value];
      if (word !== undefined) return word;
      return FORMULA.test(value) && !TELEPHONE.test(value) ? `'${value}` : value;
    },
    time: (value) => (clock ? clock.format(value) : value.toISOString()),
  };
}
