/** Handles requests that accept an event stream, which GraphQL Yoga sends. */

import { createYoga, type Plugin } from 'graphql-yoga';
import type { Actor } from '../../kernel/actor.ts';
import { Unauthenticated } from '../../kernel/errors.ts';
import type { OpenConnections } from '../connections.ts';
import { admitOperation, type Requester } from '../graphql/admit-operation.ts';
import { eventContexts } from '../graphql/context.ts';
import type { OperationRequest, Result } from '../graphql/operation.ts';
import { Rejection, statusOf } from '../graphql/rejection.ts';
import { API_CONTENT_POLICY, type Exchange, headersOf } from '../http/exchange.ts';
import type { EventText } from '../websocket/frame.ts';
import { type HandlerPorts, methodRefusal, noStream, paramsOfRequest, sendResult } from './json.ts';

interface ServerContext extends Record<string, unknown> {
  readonly carried: YogaResult | AsyncIterable<YogaResult>;
}

/** A result for Yoga, which calls `stringify` for the text, so that both handlers write the same bytes. */
interface YogaResult {
  readonly extensions: { readonly http: { readonly status: number } };
  readonly stringify: () => string;
}

export interface YogaHandlerPorts extends HandlerPorts {
  readonly connections: OpenConnections;
}

/**
 * Handles requests that accept an event stream or a multipart answer. One JSON object is sent as in json.ts, compressed where that
 * pays; Yoga carries only event streams. The pipeline is ours.
 */
export function createYogaHandler(ports: YogaHandlerPorts): (exchange: Exchange) => Promise<void> {
  const plugin: Plugin<object, ServerContext> = {
    // The gate has received and decoded the body already; Yoga's own parsers would report problems in other words.
    onRequestParse({ setRequestParser }) {
      setRequestParser(() => ({ query: '' }));
    },
    // Yoga sets the content-encoding of an event stream to "none", which is not a content coding (RFC 9110, 8.4.1).
    onResponse({ response }) {
      response.headers.delete('content-encoding');
    },
    onParams({ setParamsHandler }) {
      setParamsHandler(({ context }) => context.carried);
    },
  };
  const yoga = createYoga<ServerContext>({
    plugins: [plugin],
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maskedErrors: false,
    maxRequestBodySize: false,
    parserAndValidationCache: false,
    logging: false,
  });

  return async (exchange) => {
    const answer = await answerOf(ports, exchange);
    if (exchange.accepts.isJson && !isStream(answer)) {
      sendResult(exchange, answer);
      return;
    }
    const { request, response } = exchange;
    const headers = [...exchange.headers(), 'content-security-policy', API_CONTENT_POLICY];
    if (answer instanceof Rejection) headers.push(...(headersOf(answer) ?? []));
    for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] ?? '', headers[at + 1] ?? '');
    if (exchange.cookies.headers.length > 0) response.setHeader('set-cookie', exchange.cookies.headers);
    // Yoga ignores weights in Accept. Every answer that reaches this line is sent as an event stream.
    request.headers.accept = 'text/event-stream';
    yoga(request, response, { carried: isStream(answer) ? answer : carriedOnce(exchange, answer) });
  };
}

type Answer = Result | Rejection | AsyncIterable<YogaResult>;

function isStream(answer: Answer): answer is AsyncIterable<YogaResult> {
  return Symbol.asyncIterator in answer;
}

function carriedOnce({ accepts }: Exchange, result: Result | Rejection): YogaResult {
  if (result instanceof Rejection) return carried(JSON.stringify({ errors: result.errors }), statusOf(result, accepts.mediaType));
  return carried(JSON.stringify(result), 200);
}

async function answerOf(ports: YogaHandlerPorts, exchange: Exchange): Promise<Answer> {
  const { pipeline, limits, createContext } = ports;
  const { actor, requestId, span, heldBytes } = exchange;
  const params = paramsOfRequest(exchange);
  if (params instanceof Rejection) return params;
  const by: Requester = { actor, requestId, span, bytes: heldBytes, mayCompile: false };
  const request = admitOperation(pipeline, limits, params, by);
  if (request instanceof Rejection) return request;
  const refusal = methodRefusal(exchange, request.operation);
  if (refusal) return refusal;
  if (request.operation.kind !== 'subscription') return pipeline.execute(request, createContext(exchange));
  if (!exchange.accepts.isStream || exchange.isHead) return noStream();
  return openStream(ports, exchange, request, actor);
}

function carried(text: string, status: number): YogaResult {
  return { extensions: { http: { status } }, stringify: () => text };
}

/** Opens a subscription as an event stream. It counts as a socket of its address, and ends with its session, client or server. */
async function openStream(
  { pipeline, createContext, connections }: YogaHandlerPorts,
  exchange: Exchange,
  request: OperationRequest,
  actor: Actor | null,
): Promise<AsyncIterable<YogaResult> | Rejection> {
  const registration = connections.open(exchange.address);
  if (registration instanceof Rejection) return registration;
  const base = { actor, address: exchange.address, userAgent: exchange.userAgent, cookies: null };
  const results = await pipeline.subscribe(request, eventContexts(createContext, base));
  if (results instanceof Rejection) {
    registration.close();
    return results;
  }
  exchange.release();
  const ending: Ending = { refusal: null };
  const stop = () => {
    registration.close();
    results.return?.();
  };
  registration.onEnd({
    end(why) {
      // A client treats a completed stream as finished. It reopens one that breaks off, at a server that stays.
      if (why === 'drain') exchange.response.destroy();
      else ending.refusal = Rejection.of(new Unauthenticated('The session has ended.'));
      stop();
    },
  });
  if (actor !== null) registration.watch(actor);
  exchange.response.once('close', stop);
  return streamOf(results, ending, stop);
}

/** Why a stream ends before its source does. It is sent as the last event. */
interface Ending {
  refusal: Rejection | null;
}

async function* streamOf(results: AsyncIterable<EventText>, ending: Ending, stop: () => void): AsyncGenerator<YogaResult> {
  try {
    for await (const { text } of results) yield carried(text, 200);
    if (ending.refusal) yield refused(ending.refusal);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    yield refused(error);
  } finally {
    stop();
  }
}

function refused({ errors }: Rejection): YogaResult {
  return carried(JSON.stringify({ errors }), 200);
}
