/** Checks an input against its zod schema and names the invalid fields. */

import type { ZodType, z } from 'zod';
import { InvalidInput } from '../kernel/errors.ts';

/**
 * Returns `value` as parsed by `schema`, or throws InvalidInput. The error names every invalid field by its path from the root of
 * the arguments, for example `input.amount`. The schemas' messages must not repeat a value: it may be a secret.
 */
export function checkInput<Schema extends ZodType>(schema: Schema, value: unknown, root = 'input'): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(result.error.issues.map((issue) => ({ path: [root, ...issue.path].join('.'), message: issue.message })));
}
