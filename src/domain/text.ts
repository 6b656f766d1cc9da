/** Which texts people may give: names of one line that can be seen, and prose (R44). */

import { z } from 'zod';

/** What a screen shows: letters, digits, marks of writing, symbols and emoji, but for those that are drawn as nothing. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{1d159}])[\p{L}\p{N}\p{P}\p{S}\p{Extended_Pictographic}]/u;

/**
 * What a line of text cannot have: controls (line breaks and the start of a terminal's escapes among them), separators of lines,
 * what turns the direction of the text around it, and invisible formats. The joiners that scripts and emoji need, and the tags
 * that flags are made of, are none of these.
 */
const FOREIGN_TO_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** Prose has line breaks, tabs, and the marks that text in two directions needs; no other control, and nothing that turns it around. */
const FOREIGN_TO_PROSE = /(?![\t\n\r])\p{Cc}|(?![\u061c\u200e\u200f])\p{Bidi_Control}/u;

/** Text of 1 to `max` characters (code points) that Postgres can hold: well-formed, and without NUL. */
export function text(max: number) {
  return z.string().refine((value) => isStorable(value) && value.length > 0 && lengthOf(value, max) <= max, {
    error: `must have 1 to ${max} characters, without NUL or broken surrogate pairs.`,
    abort: true,
  });
}

/** One line that can be seen, as a name is. Spaces around it do not count. */
export function line(max: number) {
  return trimmed()
    .pipe(text(max))
    .refine((value) => VISIBLE.test(value), { error: 'must have at least one visible character.', abort: true })
    .refine((value) => !FOREIGN_TO_A_LINE.test(value), 'must be one line, without control characters or invisible formatting.');
}

/** What is typed where nothing is trimmed, as a secret: `min` to `max` characters that can be seen, with spaces only between them. */
export function printable(min: number, max: number) {
  return text(max)
    .refine((value) => lengthOf(value, max) >= min, { error: `must have ${min} to ${max} characters.`, abort: true })
    .refine(
      (value) => value === value.trim() && !FOREIGN_TO_A_LINE.test(value),
      'must have printable characters, and no space around them.',
    )
    .transform((value) => value.normalize('NFC'));
}

/** Text that may have several lines. */
export function prose(max: number) {
  return text(max).refine(
    (value) => !FOREIGN_TO_PROSE.test(value),
    'must not have control characters, but for line breaks and tabs, nor change the direction of the text.',
  );
}

/** Prose that says something: whom it concerns must be able to read it. Spaces around it do not count. */
export function visibleProse(max: number) {
  return trimmed()
    .pipe(prose(max))
    .refine((value) => VISIBLE.test(value), 'must have at least one visible character.');
}

/** Left empty, as a form sends it, a text is none; null clears it. */
export function optional<Schema extends z.ZodType<string, string>>(schema: Schema) {
  return emptyIsNone(trimmed(), schema).nullish();
}

/** The empty text as null, and what `schema` makes of any other: not a union, which of what no member takes says only "Invalid input". */
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
  // Units, unless some are pairs; counting code points of every text would cost more than it is worth.
  return value.length <= max ? value.length : [...value.slice(0, 2 * max + 1)].length;
}
