/** The fast door: a plain POST of JSON to /graphql. */

import type { GraphQLSchema } from 'graphql';
import { askFor } from '../graphql/admit-operation.ts';
import type { ActingContext, ContextBase } from '../graphql/context.ts';
import type { Pipeline, Result } from '../graphql/operation.ts';
import { paramsOfJson } from '../graphql/params.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Limits } from '../limits.ts';

export interface DoorPorts {
  readonly pipeline: Pipeline;
  readonly limits: Limits;
  readonly schema: GraphQLSchema;
  readonly createContext: (base: ContextBase) => ActingContext;
}

/** Why a subscription is not answered here: the same words on every door. */
export function noStream(): Rejection {
  return Rejection.malformed('A subscription needs a WebSocket (graphql-transport-ws), or Accept: text/event-stream.', 406);
}

/** The small door: a JSON object in, a JSON object out, without Fetch's objects in between. */
export function answerJson(ports: DoorPorts, exchange: Exchange): void | Promise<void> {
  const answer = answerOf(ports, exchange);
  if (answer instanceof Promise) return answer.then((result) => send(exchange, result));
  send(exchange, answer);
}

function answerOf({ pipeline, limits, createContext }: DoorPorts, exchange: Exchange): Result | Rejection | Promise<Result | Rejection> {
  const params = paramsOfJson(exchange.body);
  if (params instanceof Rejection) return params;
  const { actor, requestId, heldBytes } = exchange;
  const ask = askFor(pipeline, limits, params, { actor, requestId, bytes: heldBytes, mayCompile: actor !== null });
  if (ask instanceof Rejection) return ask;
  if (ask.operation.kind === 'subscription') return noStream();
  return pipeline.execute(ask, createContext(exchange));
}

function send(exchange: Exchange, result: Result | Rejection): void {
  if (result instanceof Rejection) exchange.reject(result);
  else exchange.send(200, `${exchange.accepts.mediaType}; charset=utf-8`, JSON.stringify(result));
}
