/** The settings for reading a file: those that a person chose, and those that were detected. */

import { z } from 'zod';
import { type Column, FIELDS } from './reading/columns.ts';
import { ENCODINGS, type Encoding, SEPARATORS, type Separator } from './reading/decode.ts';

const MAX_SOURCE_CHARACTERS = 100;
const MAX_ROOT_CHARACTERS = 200;
const MAX_HEADING_CHARACTERS = 500;
const MAX_ASSIGNED = 100;

/** Also accepts "tab" and "\t", because a tab cannot be typed everywhere. */
const separatorSchema = z
  .string()
  .transform((text) => (/^(tab|\\t)$/i.test(text) ? '\t' : text))
  .pipe(z.enum(SEPARATORS, 'must be a comma, a semicolon or a tab.'));

const timeZoneSchema = z.string().transform((name, context) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a time zone, for example America/Sao_Paulo.' });
    return z.NEVER;
  }
});

const columnSchema = z.object({
  heading: z.string().max(MAX_HEADING_CHARACTERS),
  field: z.enum(FIELDS, 'is not a field.').nullable(),
});

/** Settings that can be chosen at the upload and changed afterwards. Absent ones are detected; the time zone is the tenant's. */
export const settingsSchema = z.object({
  separator: separatorSchema.nullish(),
  encoding: z.enum(ENCODINGS, `must be one of ${ENCODINGS.join(', ')}.`).nullish(),
  timeZone: timeZoneSchema.nullish(),
  rootName: z.string().trim().max(MAX_ROOT_CHARACTERS, `must have at most ${MAX_ROOT_CHARACTERS} characters.`).nullish(),
  columns: z.array(columnSchema).max(MAX_ASSIGNED, `must be at most ${MAX_ASSIGNED}.`).nullish(),
});

export const sourceSchema = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N} ._-]+$/u, 'must have letters, digits, spaces, ".", "_" and "-".')
  .max(MAX_SOURCE_CHARACTERS, `must have at most ${MAX_SOURCE_CHARACTERS} characters.`);

/** The source of a file if none is given. */
export const DEFAULT_SOURCE = 'csv';

export interface Settings {
  readonly separator: Separator | null;
  readonly encoding: Encoding | null;
  readonly timeZone: string;
  /** The root panel's name in the file. null if the file does not name it. */
  readonly rootName: string | null;
  /** The columns to which a person assigned fields. */
  readonly columns: readonly Column[];
}

/** The settings with which a preview was made. */
export interface Used {
  readonly separator: Separator | null;
  readonly encoding: Encoding;
  readonly columns: readonly Column[];
}

/** Merges given settings with the previous ones, for storing. */
export function settingsOf(given: z.output<typeof settingsSchema>, before: Settings): Settings {
  return {
    separator: given.separator === undefined ? before.separator : given.separator,
    encoding: given.encoding === undefined ? before.encoding : given.encoding,
    timeZone: given.timeZone ?? before.timeZone,
    rootName: given.rootName === undefined ? before.rootName : given.rootName || null,
    columns: given.columns ?? before.columns,
  };
}
