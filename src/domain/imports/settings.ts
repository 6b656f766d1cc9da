/** How a file is to be read: what a person decided, and what was found out where nobody did. */

import { z } from 'zod';
import { type Column, FIELDS } from './reading/columns.ts';
import { ENCODINGS, type Encoding, SEPARATORS, type Separator } from './reading/decode.ts';

const MAX_SOURCE_CHARACTERS = 100;
const MAX_ROOT_CHARACTERS = 200;
const MAX_HEADING_CHARACTERS = 500;
const MAX_ASSIGNED = 100;

/** A person's names of the separators: a tab cannot be typed everywhere. */
const separatorSchema = z
  .string()
  .transform((text) => (/^(tab|\\t)$/i.test(text) ? '\t' : text))
  .pipe(z.enum(SEPARATORS, 'must be a comma, a semicolon or a tab.'));

const timeZoneSchema = z.string().transform((name, context) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a time zone, as America/Sao_Paulo.' });
    return z.NEVER;
  }
});

const columnSchema = z.object({
  heading: z.string().max(MAX_HEADING_CHARACTERS),
  field: z.enum(FIELDS, 'is not a field.').nullable(),
});

/** What may be decided with the upload and again after it. What is not given is found out, the zone taken from the tenant. */
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

/** Where the rows of a file come from, if nobody says it. */
export const DEFAULT_SOURCE = 'csv';

export interface Settings {
  readonly separator: Separator | null;
  readonly encoding: Encoding | null;
  readonly timeZone: string;
  /** What the file calls the root panel; null: it does not name it. */
  readonly rootName: string | null;
  /** Columns of which a person decided what they are. */
  readonly columns: readonly Column[];
}

/** What a preview was made by. */
export interface Used {
  readonly separator: Separator | null;
  readonly encoding: Encoding;
  readonly columns: readonly Column[];
}

/** The settings as they are kept. */
export function settingsOf(given: z.output<typeof settingsSchema>, before: Settings): Settings {
  return {
    separator: given.separator === undefined ? before.separator : given.separator,
    encoding: given.encoding === undefined ? before.encoding : given.encoding,
    timeZone: given.timeZone ?? before.timeZone,
    rootName: given.rootName === undefined ? before.rootName : given.rootName || null,
    columns: given.columns ?? before.columns,
  };
}
