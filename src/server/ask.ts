import type { Actor } from '../kernel/actor.ts';
import type { Limits } from './limits.ts';
import type { Params } from './params.ts';
import type { Ask, Pipeline } from './pipeline.ts';
import { Rejection } from './rejection.ts';

export interface AskedBy {
  readonly actor: Actor | null;
  readonly requestId: string;
  /** What carried the request: a body, or one message. */
  readonly bytes: number;
  readonly mayCompile: boolean;
}

/** The operation of a request, if the door's limits let it in. */
export function askFor(pipeline: Pipeline, limits: Limits, params: Params, by: AskedBy): Ask | Rejection {
  const operation = pipeline.prepare(params.query, params.operationName);
  if (operation instanceof Rejection) return operation;
  if (by.bytes > limits.bodyBytes) {
    const isLargeOne = [...operation.rootFields].every((field) => limits.largeBodyFields.includes(field));
    if (by.actor === null || operation.kind !== 'mutation' || !isLargeOne) return Rejection.tooLarge(limits.bodyBytes);
  }
  return { operation, variables: params.variables, requestId: by.requestId, mayCompile: by.mayCompile };
}
