/** Schemas of the texts that people enter: visible names of one line, and prose (R44). */

import { z } from 'zod';

/** A visible character: letters, digits, punctuation, symbols and emoji, except those that are drawn as nothing. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{1d159}])[\p{L}\p{N}\p{P}\p{S}\p{Extended_Pictographic}]/u;

/**
 * Characters that a line of text must not have: controls (including line breaks and the start of terminal escapes), line
 * separators, characters that change the direction of the text around them, and invisible formatting. The joiners that scripts and
 * emoji need, and the tags that flags consist of, are allowed.
 */
const FOREIGN_TO_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** Prose may have line breaks, tabs, and the marks that bidirectional text needs, but no other control and no change of direction. */
const FOREIGN_TO_PROSE = /(?![\t\n\r])\p{Cc}|(?![\u061c\u200e\u200f])\p{Bidi_Control}/u;

/** Text of 1 to `max` characters (code points) that Postgres can store: well-formed, and without NUL. */
export function text(max: number) {
  return z.string().refine((value) => isStorable(value) && value.length > 0 && lengthOf(value, max) <= max, {
    error: `must have 1 to ${max} characters, without NUL or broken surrogate pairs.`,
    abort: true,
  });
}

/** One visible line, for example a name. Spaces around it are removed. */
export function line(max: number) {
  return trimmed()
    .pipe(text(max))
    .refine((value) => VISIBLE.test(value), { error: 'must have at least one visible character.', abort: true })
    .refine((value) => !FOREIGN_TO_A_LINE.test(value), 'must be one line, without control characters or invisible formatting.');
}

/** Text that is never trimmed, for example a secret: `min` to `max` printable characters, with spaces only between them. */
export function printable(min: number, max: number) {
  return text(max)
    .refine((value) => lengthOf(value, max) >= min, { error: `must have ${min} to ${max} characters.`, abort: true })
    .refine(
      (value) => value === value.trim() && !FOREIGN_TO_A_LINE.test(value),
      'must have printable characters only, and no space before or after them.',
    )
    .transform((value) => value.normalize('NFC'));
}

/** Text that may have several lines. */
export function prose(max: number) {
  return text(max).refine(
    (value) => !FOREIGN_TO_PROSE.test(value),
    'must not have control characters except line breaks and tabs, or characters that change the direction of the text.',
  );
}

/** Prose with at least one visible character, because somebody must be able to read it. Spaces around it are removed. */
export function visibleProse(max: number) {
  return trimmed()
    .pipe(prose(max))
    .refine((value) => VISIBLE.test(value), 'must have at least one visible character.');
}

/** A text that may be absent. An empty text, as a form sends it, becomes null; null clears the field. */
export function optional<Schema extends z.ZodType<string, string>>(schema: Schema) {
  return emptyIsNone(trimmed(), schema).nullish();
}

/** Maps the empty text to null, and parses any other with `schema`. A zod union would report only "Invalid input" for a bad text. */
export function emptyIsNone<Schema extends z.ZodType<string, string>>(given: z.ZodType<string, string>, schema: Schema) {
  return given.transform((value, ctx) => {
    if (value === '') return null;
    const { data, error } = schema.safeParse(value);
    for (const { message } of error?.issues ?? []) ctx.addIssue({ code: 'custom', message });
    return data ?? z.NEVER;
  });
}

function trimmed() {
  return z.string().transform((value) => value.trim());
}

function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function lengthOf(value: string, max: number): number {
  // A text within the limit in UTF-16 units needs no count of its code points: that would cost more than it is worth.
  return value.length <= max ? value.length : [...value.slice(0, 2 * max + 1)].length;
}
