/** Reads query, variables and operation name from a request. */

import { isUtf8 } from 'node:buffer';
import type { Variables } from './executor.ts';
import { Rejection } from './rejection.ts';

/** The checked parameters of a GraphQL request. */
export interface Params {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

const NO_VARIABLES: Variables = {};

export function decode(body: Buffer): string | Rejection {
  return isUtf8(body) ? body.toString('utf8') : Rejection.malformed('The body is not UTF-8.');
}

export function paramsOfJson(text: string): Params | Rejection {
  try {
    return paramsOf(JSON.parse(text));
  } catch {
    return Rejection.malformed('The body is not valid JSON.');
  }
}

/** Reads a query string, or a form. */
export function paramsOfForm(form: URLSearchParams): Params | Rejection {
  try {
    return paramsOf({
      query: form.get('query') ?? undefined,
      operationName: form.get('operationName'),
      variables: JSON.parse(form.get('variables') || 'null'),
      extensions: JSON.parse(form.get('extensions') || 'null'),
    });
  } catch {
    return Rejection.malformed('"variables" and "extensions" must be valid JSON.');
  }
}

/** Reads a request's parameters, for all handlers. Unknown members are ignored, as GraphQL over HTTP requires. */
export function paramsOf(input: unknown): Params | Rejection {
  if (Array.isArray(input)) return Rejection.malformed('Batching of requests is not supported: send one operation.');
  if (!isRecord(input)) return Rejection.malformed('The body must be a JSON object.');
  const { query, operationName, variables, extensions } = input;
  if (query == null && isRecord(extensions) && extensions.persistedQuery != null) return persistedQueryNotSupported();
  if (typeof query !== 'string') return Rejection.malformed('"query" must be a string.');
  if (operationName != null && typeof operationName !== 'string') return Rejection.malformed('"operationName" must be a string.');
  if (variables != null && !isRecord(variables)) return Rejection.malformed('"variables" must be an object.');
  if (extensions != null && !isRecord(extensions)) return Rejection.malformed('"extensions" must be an object.');
  return { query, operationName: operationName || undefined, variables: variables ?? NO_VARIABLES };
}

/** Apollo's link understands this error, and sends the whole document from then on. */
function persistedQueryNotSupported(): Rejection {
  return new Rejection([{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
