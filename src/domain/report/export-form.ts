/** The format of an export: for programs by default, or for people on request. */

import { z } from 'zod';
import { type ExportLanguage, LANGUAGES, wordsOf } from './export-words.ts';

export interface ExportForm {
  /** The field separator. Spreadsheets that write decimals with a comma expect a semicolon. */
  readonly separator: ',' | ';';
  /** The language of headings and enum values. null keeps the API's own names. */
  readonly language: ExportLanguage | null;
  /** The time zone of times, which are then written as 2026-01-31 12:00:00. null writes RFC 3339 in UTC. */
  readonly timeZone: string | null;
}

/** The parameters that every export takes. An empty one, as a form sends it, counts as absent. */
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
        context.addIssue({ code: 'custom', message: 'must be a time zone, for example America/Sao_Paulo.' });
        return z.NEVER;
      }
    }),
};

/** Digits and the separators of a phone number, in which a spreadsheet finds nothing to execute. */
const TELEPHONE = /^[+\d() -]+$/;
/** The characters with which a spreadsheet formula begins, including their full-width forms. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

export interface Writer {
  /** A column's heading. */
  heading(column: string): string;
  /** A text that a person wrote, or a name of the API. A text that looks like a formula is escaped. */
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
