/** The gate in front of all doors: identity, origin, overload and size are settled here. */

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Actor } from '../kernel/actor.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { Forbidden } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { createLive, type SessionPorts } from './connections.ts';
import { EXPORT_PATHS } from './doors/export.ts';
import { answerGraphiql, wantsPage } from './doors/graphiql.ts';
import { answerHealth, type Health } from './doors/health.ts';
import { answerJson, type DoorPorts } from './doors/json.ts';
import type { PanelDoor } from './doors/web.ts';
import { WEBHOOK_BODY_BYTES, WEBHOOK_ROOT, type WebhookDoor } from './doors/webhooks.ts';
import { createYogaDoor } from './doors/yoga.ts';
import type { ActingContext, ContextBase } from './graphql/context.ts';
import { decode } from './graphql/params.ts';
import { createPipeline } from './graphql/pipeline.ts';
import { Rejection } from './graphql/rejection.ts';
import { createWsDoor } from './graphql-ws/door.ts';
import { type Load, receiveBody } from './http/body.ts';
import { firstKnown } from './http/credentials.ts';
import { answerMethod, Exchange, type ExchangePolicy, readyRefusal } from './http/exchange.ts';
import { contentKind } from './http/negotiate.ts';
import { type OriginPolicy, PREFLIGHT_HEADERS } from './http/origin.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { kindOf, watchOverload } from './overload/guard.ts';
import { UnderWay } from './overload/unanswered.ts';
import { createShed } from './overload/valve.ts';

const CONNECTIONS_CHECK_MS = 5_000;
const GRAPHQL_METHODS = 'GET, HEAD, POST, OPTIONS';
const EXPORT_METHODS = 'GET, HEAD, OPTIONS';
const NOT_ACCEPTABLE = Rejection.malformed('Accept application/json, application/graphql-response+json or text/event-stream.', 406);

export interface ServerOptions extends OriginPolicy, SessionPorts {
  readonly schema: GraphQLSchema;
  /** Whose token this is; null: nobody's. */
  authenticate(token: string): Actor | null | Promise<Actor | null>;
  /** A new context for every operation, and for every event of a subscription. */
  createContext(base: ContextBase): ActingContext;
  readonly limits: Limits;
  /** Session cookies are sent over TLS only. */
  readonly cookieSecure: boolean;
  readonly log: Logger;
  readonly health: Health;
  /** Tells what is thrown while the database cannot be asked from what is a bug. Absent: all of it is. */
  readonly isUnavailable?: (error: unknown) => boolean;
  readonly metrics: Metrics;
  /** Sends what is at EXPORT_PATHS; absent: nothing is. */
  readonly exporter?: (exchange: Exchange) => Promise<void>;
  /** Takes what payment providers post below WEBHOOK_ROOT; absent: nothing is. */
  readonly webhooks?: WebhookDoor;
  /** Absent or null: no panel was built. */
  readonly panel?: PanelDoor | null;
}

export interface DoorServer {
  readonly server: Server;
  /** Port 0: a free one. Rejects when the port is taken. */
  listen(port: number, host?: string): Promise<{ readonly port: number }>;
  /** Stops accepting, finishes what was accepted, closes sockets with 1001; after `limits.drainMs` it cuts what is left. */
  close(): Promise<void>;
}

interface Door {
  readonly name: 'json' | 'yoga' | 'export';
  answer(exchange: Exchange): void | Promise<void>;
}

/** One gate in front of all doors: identity, origin, overload and body are settled here, and then the door is chosen. */
export function createServer(options: ServerOptions): DoorServer {
  const { limits, log, metrics } = options;
  const load: Load = { requests: 0, bodyBytes: 0 };
  const underWay = new UnderWay();
  let isDraining = false;

  const pipeline = createPipeline(options.schema, limits, { log, refused: metrics.refused, isUnavailable: options.isUnavailable });
  const live = createLive(options, limits, log);
  const guard = watchOverload(limits, load);
  const refusal = readyRefusal(limits.retryAfterSeconds);
  const policy: ExchangePolicy = { ...options, isDraining: () => isDraining };
  const doorPorts: DoorPorts = { schema: options.schema, pipeline, limits, createContext: options.createContext };
  const jsonDoor: Door = { name: 'json', answer: (exchange) => answerJson(doorPorts, exchange) };
  const yogaDoor: Door = { name: 'yoga', answer: createYogaDoor({ ...doorPorts, live }) };
  const exportDoor: Door | undefined = options.exporter && { name: 'export', answer: options.exporter };

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const isHead = request.method === 'HEAD';
    const url = ofThisServer(request);
    underWay.saw(request, response);
    shed.saw(request, response);
    if (url === '/graphql' && request.headers.origin === undefined && !isDraining && guard.isFull()) {
      refusal.answer(response);
      return;
    }
    const exchange = new Exchange(request, response, policy);
    exchange.isHead = isHead;
    const path = url === '/graphql' ? url : (url.split('?', 1)[0] ?? '/');
    if (exportDoor && EXPORT_PATHS.has(path)) answerExport(exchange, exportDoor);
    else if (options.webhooks && path.startsWith(WEBHOOK_ROOT)) answerWebhook(exchange, path, options.webhooks);
    else if (path !== '/graphql') answerOther(exchange, path);
    else if (guard.isFull()) exchange.overloaded();
    else answerGraphql(exchange, guard.isBusy());
  }

  function answerGraphql(exchange: Exchange, isBusy: boolean): void {
    take(exchange);
    const rejection = gateRefusal(exchange);
    if (rejection) exchange.reject(rejection);
    else if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', GRAPHQL_METHODS, ...PREFLIGHT_HEADERS]);
    else if (wantsPage(exchange)) answerGraphiql(exchange);
    else if (!exchange.accepts.isJson && !exchange.accepts.isStream) exchange.reject(NOT_ACCEPTABLE);
    else if (exchange.request.method !== 'GET') answerPost(exchange, isBusy);
    else if (isBusy && !letIn(exchange)) exchange.overloaded();
    else admit(exchange, exchange.accepts.isPlain ? jsonDoor : yogaDoor);
  }

  /** While postings are refused, what reads or signs in has a share of its own. */
  function letIn(exchange: Exchange): boolean {
    const kind = kindOf(exchange.body, exchange.tokens().length > 0);
    if (!guard.hasRoom(kind)) {
      guard.refused();
      return false;
    }
    exchange.leave = guard.take(kind);
    return true;
  }

  /** A link or a form of another site would make a browser send what its user may read; nothing of it could be read there, but it costs. */
  function answerExport(exchange: Exchange, door: Door): void {
    if (guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    take(exchange);
    if (exchange.origin.kind === 'foreign') exchange.reject(Rejection.of(new Forbidden('This origin is not allowed.'), 403));
    else if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', EXPORT_METHODS, ...PREFLIGHT_HEADERS]);
    else if (exchange.request.method !== 'GET') exchange.reject(Rejection.method(EXPORT_METHODS));
    else admit(exchange, door);
  }

  /** No browser sends these, so neither origin nor identity is asked: the provider's signature, over the bytes as they came, is all that counts. */
  function answerWebhook(exchange: Exchange, path: string, receive: WebhookDoor): void {
    if (guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    take(exchange);
    if (exchange.request.method !== 'POST') {
      answerMethod(exchange, 'POST, OPTIONS');
      return;
    }
    receiveBody(exchange, load, { ...limits, largeBodyBytes: WEBHOOK_BODY_BYTES }, (body) => {
      if (body instanceof Rejection) exchange.reject(body);
      else receive(exchange, path, body);
    });
  }

  function answerPost(exchange: Exchange, isBusy: boolean): void {
    receiveBody(exchange, load, limits, (body) => {
      const text = body instanceof Rejection ? body : decode(body);
      if (text instanceof Rejection) {
        exchange.reject(text);
        return;
      }
      exchange.body = text;
      if (isBusy && !letIn(exchange)) exchange.overloaded();
      else admit(exchange, exchange.accepts.isPlain ? jsonDoor : yogaDoor);
    });
  }

  /** Counts the request until it is answered. */
  function take(exchange: Exchange): void {
    exchange.hold(load);
    const receivedMs = monotonicMs();
    exchange.response.once('close', () => {
      exchange.release();
      if (exchange.response.statusCode !== 503) guard.answered(monotonicMs() - receivedMs);
      // The connection of an answer that was begun before the drain is kept alive: nobody else would close it.
      if (isDraining) setImmediate(() => server.closeIdleConnections());
    });
  }

  /** Finds out who asks, and lets the door answer. An invalid token is nobody's: signing in must still be possible with it. */
  function admit(exchange: Exchange, door: Door): void {
    try {
      const actor = firstKnown(exchange.tokens(), options.authenticate);
      if (actor instanceof Promise) actor.then((found) => enter(exchange, door, found)).catch((error: unknown) => fail(exchange, error));
      else enter(exchange, door, actor)?.catch((error: unknown) => fail(exchange, error));
    } catch (error) {
      fail(exchange, error);
    }
  }

  /** Not an async function: of most requests it is known who asks, and they would wait for nothing. */
  function enter(exchange: Exchange, door: Door, actor: Actor | null): Promise<void> | undefined {
    exchange.actor = actor;
    const isTooLarge = exchange.heldBytes > limits.bodyBytes && actor === null;
    const answering = isTooLarge ? exchange.reject(Rejection.tooLarge(limits.bodyBytes)) : door.answer(exchange);
    if (answering instanceof Promise) return answering.then(() => metrics.answered(door.name));
    metrics.answered(door.name);
    return undefined;
  }

  function fail(exchange: Exchange, error: unknown): void {
    const { errors } = pipeline.reject(error, exchange.requestId);
    const status = errors[0]?.extensions?.code === 'OVERLOADED' ? 503 : 500;
    if (!exchange.response.headersSent) exchange.reject(new Rejection(errors, status));
  }

  function answerOther(exchange: Exchange, path: string): void {
    if (answerHealth(path, exchange, options.health, metrics, isDraining)) return;
    if (options.panel?.(exchange, path)) return;
    if (path === '*' && exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', GRAPHQL_METHODS]);
    else if (path === '/' && exchange.request.method !== 'GET') answerMethod(exchange, 'GET, HEAD, OPTIONS');
    else if (path === '/') exchange.send(302, 'text/plain', '', ['location', '/graphql']);
    else exchange.send(404, 'text/plain', 'Not found. The API is at /graphql.\n');
  }

  const server = createHttpServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, limits.requestTimeoutMs),
      // Behind a request that is not answered an upgrade is a request like any other (RFC 9110, 7.8): it would be answered before it.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket' && underWay.isIdle(request.socket),
    },
    onRequest,
  );
  server.maxConnections = limits.connections;
  const shed = createShed(server, { guard, isDraining: () => isDraining, refusalText: refusal.text });
  const ws = createWsDoor({ ...doorPorts, ...policy, authenticate: options.authenticate, live, load, isBusy: guard.isBusy, log });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    ofThisServer(request);
    ws.upgrade(request, socket, head);
  });
  metrics.sockets(ws.sockets);
  metrics.operations(ws.operations);

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve({ port: portOf(server.address()) });
        });
      }),
    async close() {
      if (isDraining) return;
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      live.drain();
      const cut = setTimeout(() => {
        server.closeAllConnections();
        ws.terminate();
      }, limits.drainMs);
      await closed;
      clearTimeout(cut);
      live.close();
      ws.close();
      guard.close();
    },
  };
}

/** What a request to /graphql is refused for before its body is read. */
function gateRefusal({ request, origin, bearer }: Exchange): Rejection | null {
  const { method, headers } = request;
  if (origin.kind === 'foreign' && !(method === 'GET' && headers['sec-fetch-mode'] === 'navigate')) {
    return Rejection.of(new Forbidden('This origin is not allowed.'), 403);
  }
  if (method === 'GET' || method === 'OPTIONS') return null;
  if (method !== 'POST') return Rejection.method(GRAPHQL_METHODS);
  const kind = contentKind(headers);
  if (kind === null) return Rejection.malformed('The content type must be application/json, in UTF-8 and not compressed.', 415);
  // A form is what another site can send without asking first, with the cookie.
  if (kind === 'form' && bearer === null && headers['x-requested-with'] === undefined) {
    return Rejection.of(new Forbidden('A form needs a bearer token, or the header x-requested-with.'), 403);
  }
  return null;
}

/**
 * The path and query that a request is for. A target in absolute form, as to a proxy, names this server too (RFC 9112, 3.2.2), and
 * a HEAD is a GET whose answer node:http sends without its body.
 */
function ofThisServer(request: IncomingMessage): string {
  if (request.method === 'HEAD') request.method = 'GET';
  const url = request.url ?? '/';
  if (url.startsWith('/')) return url;
  const absolute = URL.parse(url);
  if (absolute?.protocol !== 'http:' && absolute?.protocol !== 'https:') return url;
  request.url = absolute.pathname + absolute.search;
  // The target's host counts, whatever the Host header says.
  request.headers.host = absolute.host;
  return request.url;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
