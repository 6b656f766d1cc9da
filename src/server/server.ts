/** Composes the HTTP server from its gate, handlers and sockets, and starts and drains it. */

import {
  createServer as createHttpServer,
  type ServerOptions as HttpOptions,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../kernel/log.ts';
import type { Siblings } from '../kernel/siblings.ts';
import { createOpenConnections, type OpenConnections, type SessionPorts } from './connections.ts';
import { answerJson, type HandlerPorts } from './doors/json.ts';
import { createYogaHandler } from './doors/yoga.ts';
import { Gate, type GateOptions, type Handlers, routeOf } from './gate.ts';
import type { ActingContext, ContextBase } from './graphql/context.ts';
import { createPipeline, type QueryReplica } from './graphql/pipeline.ts';
import { createWsHandler, type WsHandler } from './graphql-ws/door.ts';
import type { Load } from './http/body.ts';
import { Exchange, type ExchangePolicy, readyRefusal } from './http/exchange.ts';
import type { OriginPolicy } from './http/origin.ts';
import { answerClientErrors } from './http/slow-body.ts';
import type { Limits } from './limits.ts';
import { watchOverload } from './overload/guard.ts';
import { UnansweredRequests } from './overload/unanswered.ts';
import { createLoadShedder } from './overload/valve.ts';
import type { Tracing } from './tracing.ts';

const CONNECTIONS_CHECK_MS = 5_000;

export interface ServerOptions extends OriginPolicy, SessionPorts, GateOptions {
  readonly schema: GraphQLSchema;
  /** Creates a context for every operation, and for every event of a subscription. */
  createContext(base: ContextBase): ActingContext;
  /** Whether session cookies are sent over TLS only. */
  readonly cookieSecure: boolean;
  readonly log: Logger;
  /** Whether an error only means that the database is unavailable. Absent: every error is treated as a bug. */
  readonly isUnavailable?: (error: unknown) => boolean;
  /** Serves EXPORT_PATHS. Absent: they get 404. */
  readonly exporter?: (exchange: Exchange) => Promise<void>;
  /** Answers services below ACCESS_ROOT. Absent: they get 404. */
  readonly access?: (exchange: Exchange) => Promise<void>;
  /** Receives uploads at IMPORT_PATH. Absent: they get 404. */
  readonly importer?: (exchange: Exchange) => Promise<void>;
  /** Absent or null: queries read the primary. */
  readonly replica?: QueryReplica | null;
  /** Absent or null: no traces are recorded. */
  readonly tracing?: Tracing | null;
  /** Absent or null: no other process serves this port. */
  readonly siblings?: Siblings | null;
}

export interface ApiServer {
  readonly server: Server;
  /** Port 0 chooses a free port. Rejects when the port is in use. */
  listen(port: number, host?: string): Promise<{ readonly port: number }>;
  /** Stops accepting, finishes accepted requests, and closes sockets with 1001. After `limits.drainMs` it cuts open connections. */
  close(): Promise<void>;
}

export function createServer(options: ServerOptions): ApiServer {
  const { limits, log, metrics, tracing = null } = options;
  const load: Load = { requests: 0, bodyBytes: 0 };
  const unanswered = new UnansweredRequests();
  let phase: 'serving' | 'draining' = 'serving';
  const isDraining = () => phase === 'draining';

  const isFollowed = tracing !== null || log.isLevelEnabled('debug');
  const pipeline = createPipeline(options.schema, limits, {
    ...{ log, refused: metrics.refused, isUnavailable: options.isUnavailable },
    ...{ isFollowed, replica: options.replica },
  });
  const connections = createOpenConnections(options, limits, log, options.siblings);
  const guard = watchOverload(limits, load);
  const refusal = readyRefusal(limits.retryAfterSeconds);
  const policy: ExchangePolicy = { ...options, isDraining };
  const handlerPorts: HandlerPorts = { schema: options.schema, pipeline, limits, createContext: options.createContext };
  const handlers = handlersOf(options, handlerPorts, connections);
  const closeIdle = () => server.closeIdleConnections();
  const gate = new Gate({ ...options, handlers, guard, load, reject: pipeline.reject, isDraining, closeIdle });

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const isHead = request.method === 'HEAD';
    const url = normalizeTarget(request);
    unanswered.add(request, response);
    shedder?.saw(request, response);
    if (url === '/graphql' && request.headers.origin === undefined && !isDraining() && guard.isFull()) {
      refusal.answer(response);
      return;
    }
    const exchange = new Exchange(request, response, policy);
    exchange.isHead = isHead;
    const path = url === '/graphql' ? url : (url.split('?', 1)[0] ?? '/');
    if (tracing) traceRequest(tracing, exchange, routeOf(path));
    gate.answer(exchange, path);
  }

  const server = createHttpServer(httpOptions(limits, unanswered), onRequest);
  answerClientErrors(server);
  server.maxConnections = limits.connections;
  const shedder = limits.refuseUnparsed ? createLoadShedder(server, { guard, isDraining, refusalText: refusal.text }) : null;
  const ws = createWsHandler({
    ...handlerPorts,
    ...policy,
    authenticate: options.authenticate,
    connections,
    load,
    isBusy: guard.isBusy,
    log,
    tracing,
  });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    normalizeTarget(request);
    ws.upgrade(request, socket, head);
  });
  metrics.sockets(ws.sockets);
  metrics.operations(ws.operations);

  return {
    server,
    listen: (port, host) => listen(server, port, host),
    async close() {
      if (isDraining()) return;
      phase = 'draining';
      await drain(server, connections, ws, limits.drainMs);
      guard.close();
    },
  };
}

/** Pages, health checks and metrics have no route, and are not traced. */
function traceRequest(tracing: Tracing, exchange: Exchange, route: string | null): void {
  if (route === null) return;
  const { request, requestId, response } = exchange;
  const span = tracing.request({ method: request.method ?? '', route, requestId, traceparent: request.headers.traceparent });
  exchange.span = span;
  response.once('close', () => span.end(response.statusCode));
}

function handlersOf({ access, exporter, importer }: ServerOptions, ports: HandlerPorts, connections: OpenConnections): Handlers {
  return {
    json: { name: 'json', answer: (exchange) => answerJson(ports, exchange) },
    yoga: { name: 'yoga', answer: createYogaHandler({ ...ports, connections }) },
    export: exporter ? { name: 'export', answer: exporter } : null,
    access: access ? { name: 'access', answer: access } : null,
    import: importer ? { name: 'import', answer: importer } : null,
  };
}

function httpOptions(limits: Limits, unanswered: UnansweredRequests): HttpOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, limits.requestTimeoutMs),
    // Behind an unanswered request, an upgrade counts as a normal request (RFC 9110, 7.8): its 101 would overtake the earlier answer.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket' && unanswered.isIdle(request.socket),
  };
}

function listen(server: Server, port: number, host: string | undefined): Promise<{ readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
    });
  });
}

/** Lets accepted requests finish, and cuts the open connections after `drainMs`. */
async function drain(server: Server, connections: OpenConnections, ws: WsHandler, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.drain();
  const cut = setTimeout(() => {
    server.closeAllConnections();
    ws.terminate();
  }, drainMs);
  await closed;
  clearTimeout(cut);
  connections.close();
  ws.close();
}

/**
 * Returns the path and query of a request, and normalizes it. A target in absolute form, as sent to a proxy, also names this server
 * (RFC 9112, 3.2.2). A HEAD becomes a GET, whose answer node:http sends without the body.
 */
function normalizeTarget(request: IncomingMessage): string {
  if (request.method === 'HEAD') request.method = 'GET';
  const url = request.url ?? '/';
  if (url.startsWith('/')) return url;
  const absolute = URL.parse(url);
  if (absolute?.protocol !== 'http:' && absolute?.protocol !== 'https:') return url;
  request.url = absolute.pathname + absolute.search;
  // The target's host overrides the Host header.
  request.headers.host = absolute.host;
  return request.url;
}
