/** The fast handler: answers an operation with one JSON object. */

import type { GraphQLSchema } from 'graphql';
import { admitOperation } from '../graphql/admit-operation.ts';
import type { ActingContext, ContextBase } from '../graphql/context.ts';
import type { Operation } from '../graphql/documents.ts';
import type { Pipeline, Result } from '../graphql/operation.ts';
import { type Params, paramsOfForm, paramsOfJson } from '../graphql/params.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Exchange } from '../http/exchange.ts';
import { contentKind } from '../http/negotiate.ts';
import type { Limits } from '../limits.ts';

export interface HandlerPorts {
  readonly pipeline: Pipeline;
  readonly limits: Limits;
  readonly schema: GraphQLSchema;
  readonly createContext: (base: ContextBase) => ActingContext;
}

/** The refusal of a subscription, the same in every handler. */
export function noStream(): Rejection {
  return Rejection.malformed('A subscription needs a WebSocket (graphql-transport-ws), or Accept: text/event-stream.', 406);
}

/** Reads the parameters of a request, in whichever form it carries them. */
export function paramsOfRequest({ body, request }: Exchange): Params | Rejection {
  if (request.headers['content-type'] === 'application/json' && request.method === 'POST') return paramsOfJson(body);
  const url = request.url ?? '';
  if (request.method === 'GET') return paramsOfForm(new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''));
  switch (contentKind(request.headers)) {
    case 'form':
      return paramsOfForm(new URLSearchParams(body));
    case 'document':
      return { query: body, operationName: undefined, variables: {} };
    default:
      return paramsOfJson(body);
  }
}

/** Why the request's method may not carry this operation, or null if it may. */
export function methodRefusal({ request }: Exchange, { kind }: Operation): Rejection | null {
  return kind === 'mutation' && request.method === 'GET' ? Rejection.method('POST', 'A mutation needs a POST.') : null;
}

/** Answers a request with a JSON object, without Fetch's objects in between. */
export function answerJson(ports: HandlerPorts, exchange: Exchange): void | Promise<void> {
  const answer = answerOf(ports, exchange);
  if (answer instanceof Promise) return answer.then((result) => sendResult(exchange, result));
  sendResult(exchange, answer);
}

function answerOf({ pipeline, limits, createContext }: HandlerPorts, exchange: Exchange): Result | Rejection | Promise<Result | Rejection> {
  const params = paramsOfRequest(exchange);
  if (params instanceof Rejection) return params;
  const { actor, requestId, span, heldBytes } = exchange;
  const request = admitOperation(pipeline, limits, params, { actor, requestId, span, bytes: heldBytes, mayCompile: actor !== null });
  if (request instanceof Rejection) return request;
  if (request.operation.kind === 'subscription') return noStream();
  const refusal = methodRefusal(exchange, request.operation);
  if (refusal) return refusal;
  return pipeline.execute(request, createContext(exchange));
}

export function sendResult(exchange: Exchange, result: Result | Rejection): void {
  if (result instanceof Rejection) exchange.reject(result);
  else exchange.send(200, `${exchange.accepts.mediaType}; charset=utf-8`, JSON.stringify(result));
}
