/** The columns, rows and parameters that all exports share. */

import { z } from 'zod';
import { isWritable } from '../../kernel/clock.ts';
import { BadUserInput } from '../../kernel/errors.ts';
import type { ExportForm } from './export-form.ts';

/** A table that is streamed: rows are read while earlier ones are being sent. */
export interface Export {
  /** The file name without its extension. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly form: ExportForm;
  /** Passes all rows to `take` in order, page by page, and waits for each page. An error of `take` ends it. */
  read(take: (rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>): Promise<void>;
}

/** An RFC 3339 time with an offset. An empty text, as a form sends it, counts as absent. */
export const timeSchema = z
  .union([
    z.literal('').transform(() => null),
    z.iso
      .datetime({ offset: true, error: 'must be an RFC 3339 time with an offset, for example 2026-01-31T12:00:00Z.' })
      .transform((text) => new Date(text))
      .refine(isWritable, 'must be in the years 1 to 9999, in UTC.'),
  ])
  .nullish();

/** Reads the query parameters of a URL. Throws BadUserInput, which names the invalid parameter. */
export function readParameters<Schema extends z.ZodType>(schema: Schema, parameters: URLSearchParams): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(parameters));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys.join(',') : (issue?.path.join('.') ?? '');
  throw new BadUserInput(path, issue?.code === 'unrecognized_keys' ? 'is not a parameter.' : (issue?.message ?? 'is malformed.'));
}
