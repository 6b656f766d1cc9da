/** Checks the body of a request that is no operation, and names the first field at fault. */

import type { ZodType, z } from 'zod';
import { BadUserInput } from '../kernel/errors.ts';

/** What `schema` makes of `value`; or BadUserInput. The schemas' messages must not repeat a value: it may be a secret. */
export function badInput<Schema extends ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadUserInput(issue?.path.join('.') || 'body', issue?.message ?? 'is not valid.');
}
