/** Decides whether an operation may run, before its values are checked (R35). */

import type { Actor } from '../../kernel/actor.ts';
import { Unauthenticated } from '../../kernel/errors.ts';
import type { RequestSpan } from '../../kernel/request-origin.ts';
import type { Limits } from '../limits.ts';
import { WrongValues } from './documents.ts';
import type { OperationRequest, Pipeline } from './operation.ts';
import type { Params } from './params.ts';
import { Rejection } from './rejection.ts';

export interface Requester {
  readonly actor: Actor | null;
  readonly requestId: string;
  readonly span: RequestSpan | null;
  /** The size of the request's body, or of its message. */
  readonly bytes: number;
  readonly mayCompile: boolean;
}

/** Fields that need no session. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(['signIn', '__schema', '__type', '__typename']);

/** A client that is not signed in gets UNAUTHENTICATED before any problem of its values (R35), except for open fields. */
export function forAnonymous(rejection: Rejection, rootFields: ReadonlySet<string>): Rejection {
  for (const field of rootFields) if (OPEN_FIELDS.has(field)) return rejection;
  return Rejection.of(new Unauthenticated());
}

/** The operation of a request, or a Rejection if the limits do not admit it. */
export function admitOperation(pipeline: Pipeline, limits: Limits, params: Params, by: Requester): OperationRequest | Rejection {
  const operation = pipeline.prepare(params.query, params.operationName);
  if (operation instanceof WrongValues && by.actor === null) return forAnonymous(operation, operation.rootFields);
  if (operation instanceof Rejection) return operation;
  if (by.bytes > limits.bodyBytes) {
    const isLargeOne = [...operation.rootFields].every((field) => limits.largeBodyFields.includes(field));
    if (by.actor === null || operation.kind !== 'mutation' || !isLargeOne) return Rejection.tooLarge(limits.bodyBytes);
  }
  const { actor, mayCompile, requestId, span } = by;
  return { operation, variables: params.variables, isSignedIn: actor !== null, requestId, span, mayCompile };
}
