/** Checks the body of a request that is not a GraphQL operation, and names the first invalid field. */

import type { ZodType, z } from 'zod';
import { BadUserInput } from '../kernel/errors.ts';

/** Returns `value` as parsed by `schema`, or throws BadUserInput. The schemas' messages must not repeat a value: it may be a secret. */
export function badInput<Schema extends ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadUserInput(issue?.path.join('.') || 'body', issue?.message ?? 'is not valid.');
}
