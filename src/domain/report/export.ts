/** What every export is made of: its columns, its rows, its parameters. */

import { z } from 'zod';
import { isWritable } from '../../kernel/clock.ts';
import { BadUserInput } from '../../kernel/errors.ts';
import type { ExportForm } from './export-form.ts';

/** A table that is read while it is sent. */
export interface Export {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly form: ExportForm;
  /** Hands over all rows in order, a page at a time, and goes on when `take` is done with a page; what `take` throws ends it. */
  read(take: (rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>): Promise<void>;
}

/** RFC 3339 with an offset; empty, as a form sends it, it is not given. */
export const timeSchema = z
  .union([
    z.literal('').transform(() => null),
    z.iso
      .datetime({ offset: true, error: 'must be an RFC 3339 time with an offset, as 2026-01-31T12:00:00Z.' })
      .transform((text) => new Date(text))
      .refine(isWritable, 'must be in the years 1 to 9999, in UTC.'),
  ])
  .nullish();

/** The parameters of an address; BadUserInput names the one at fault. */
export function readParameters<Schema extends z.ZodType>(schema: Schema, parameters: URLSearchParams): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(parameters));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys.join(',') : (issue?.path.join('.') ?? '');
  throw new BadUserInput(path, issue?.code === 'unrecognized_keys' ? 'is not a parameter.' : (issue?.message ?? 'is malformed.'));
}
