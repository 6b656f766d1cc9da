/** Checks every request before a handler answers it: method, origin, size, overload and credentials. */

import type { Actor } from '../kernel/actor.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { Forbidden, NotFound } from '../kernel/errors.ts';
import { ACCESS_BODY_BYTES, ACCESS_ROOT, accessMethodOf } from './doors/access.ts';
import { EXPORT_PATHS } from './doors/export.ts';
import { answerGraphiql, wantsPage } from './doors/graphiql.ts';
import { answerHealth, type Health } from './doors/health.ts';
import { IMPORT_PATH, uploadKind } from './doors/import.ts';
import { RENEWAL_BODY_BYTES, RENEWAL_METHODS, RENEWAL_ROOT, type RenewalHandler } from './doors/renewal/door.ts';
import type { WebHandler } from './doors/web.ts';
import { WEBHOOK_BODY_BYTES, WEBHOOK_ROOT, type WebhookHandler } from './doors/webhooks.ts';
import type { Pipeline } from './graphql/operation.ts';
import { decode } from './graphql/params.ts';
import { Rejection } from './graphql/rejection.ts';
import { type Load, receiveBody } from './http/body.ts';
import { firstKnown } from './http/credentials.ts';
import { answerMethod, type Exchange } from './http/exchange.ts';
import { contentKind } from './http/negotiate.ts';
import { PREFLIGHT_HEADERS } from './http/origin.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { kindOf, type OverloadGuard } from './overload/guard.ts';

const GRAPHQL_METHODS = 'GET, HEAD, POST, OPTIONS';
const EXPORT_METHODS = 'GET, HEAD, OPTIONS';
const NOT_ACCEPTABLE = Rejection.malformed('Accept application/json, application/graphql-response+json or text/event-stream.', 406);
const NOT_JSON = Rejection.malformed('The content type must be application/json, in UTF-8 and not compressed.', 415);

const NOT_A_TABLE = Rejection.malformed('Send text/csv, or multipart/form-data with a file, not compressed.', 415);
const FORM_WITHOUT_TOKEN = Rejection.of(new Forbidden('An upload needs a bearer token, or the header x-requested-with.'), 403);

export interface Handler {
  readonly name: 'json' | 'yoga' | 'export' | 'access' | 'import';
  answer(exchange: Exchange): void | Promise<void>;
}

export interface Handlers {
  readonly json: Handler;
  readonly yoga: Handler;
  readonly export: Handler | null;
  readonly access: Handler | null;
  readonly import: Handler | null;
}

/** The options of the server that the gate uses. */
export interface GateOptions {
  /** The actor of this token, or null if the token is not valid. */
  authenticate(token: string): Actor | null | Promise<Actor | null>;
  readonly limits: Limits;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Receives the events that payment providers post below WEBHOOK_ROOT. Absent: they get 404. */
  readonly webhooks?: WebhookHandler;
  /** Serves customers' pages below RENEWAL_ROOT. Absent: they get 404. */
  readonly renewal?: RenewalHandler;
  /** Serves the web application. Absent or null: it was not built. */
  readonly web?: WebHandler | null;
}

export interface GatePorts extends GateOptions {
  readonly handlers: Handlers;
  readonly guard: OverloadGuard;
  readonly load: Load;
  readonly reject: Pipeline['reject'];
  readonly isDraining: () => boolean;
  /** Closes connections without an unanswered request. */
  readonly closeIdle: () => void;
}

/** The checks in front of all handlers. */
export class Gate {
  readonly #ports: GatePorts;
  readonly #guard: OverloadGuard;
  readonly #handlers: Handlers;

  constructor(ports: GatePorts) {
    this.#ports = ports;
    this.#guard = ports.guard;
    this.#handlers = ports.handlers;
  }

  /** Answers a request. `path` has no query string. */
  answer(exchange: Exchange, path: string): void {
    const { renewal, webhooks } = this.#ports;
    if (this.#handlers.export && EXPORT_PATHS.has(path)) this.#answerExport(exchange, this.#handlers.export);
    else if (webhooks && path.startsWith(WEBHOOK_ROOT)) this.#answerWebhook(exchange, path, webhooks);
    else if (renewal && path.startsWith(RENEWAL_ROOT)) this.#answerRenewal(exchange, path, renewal);
    else if (this.#handlers.access && path.startsWith(ACCESS_ROOT)) this.#answerAccess(exchange, path, this.#handlers.access);
    else if (this.#handlers.import && path === IMPORT_PATH) this.#answerImport(exchange, this.#handlers.import);
    else if (path !== '/graphql') this.#answerOther(exchange, path);
    else if (this.#guard.isFull()) exchange.overloaded();
    else this.#answerGraphql(exchange, this.#guard.isBusy());
  }

  #answerGraphql(exchange: Exchange, isBusy: boolean): void {
    this.#take(exchange);
    const rejection = gateRefusal(exchange);
    if (rejection) exchange.reject(rejection);
    else if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', GRAPHQL_METHODS, ...PREFLIGHT_HEADERS]);
    else if (wantsPage(exchange)) answerGraphiql(exchange).catch((error: unknown) => this.#fail(exchange, error));
    else if (!exchange.accepts.isJson && !exchange.accepts.isStream) exchange.reject(NOT_ACCEPTABLE);
    else if (exchange.request.method !== 'GET') this.#answerPost(exchange, isBusy);
    else if (isBusy && !this.#admitWhileBusy(exchange)) exchange.overloaded();
    else this.#admit(exchange, exchange.accepts.isPlain ? this.#handlers.json : this.#handlers.yoga);
  }

  /** While the server is busy, admits reads and sign-ins up to their own quotas. Mutations are refused. */
  #admitWhileBusy(exchange: Exchange): boolean {
    const kind = kindOf(exchange.body, exchange.tokens().length > 0);
    if (!this.#guard.hasRoom(kind)) {
      this.#guard.refused();
      return false;
    }
    exchange.returnQuota = this.#guard.take(kind);
    return true;
  }

  /** Refuses other sites: they could not read the export, but their links and forms could make browsers request one, which costs work. */
  #answerExport(exchange: Exchange, handler: Handler): void {
    if (this.#guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    this.#take(exchange);
    if (exchange.origin.kind === 'foreign') exchange.reject(Rejection.of(new Forbidden('This origin is not allowed.'), 403));
    else if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', EXPORT_METHODS, ...PREFLIGHT_HEADERS]);
    else if (exchange.request.method !== 'GET') exchange.reject(Rejection.method(EXPORT_METHODS));
    else this.#admit(exchange, handler);
  }

  /** The handler reads the body as it arrives. A form needs a token or a header, because another site can send one with the cookie. */
  #answerImport(exchange: Exchange, handler: Handler): void {
    if (this.#guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    this.#take(exchange);
    const { bearer, origin, request } = exchange;
    if (origin.kind === 'foreign') exchange.reject(Rejection.of(new Forbidden('This origin is not allowed.'), 403));
    else if (request.method !== 'POST') answerMethod(exchange, 'POST, OPTIONS');
    else if (uploadKind(request) === null) exchange.reject(NOT_A_TABLE);
    else if (bearer === null && request.headers['x-requested-with'] === undefined) exchange.reject(FORM_WITHOUT_TOKEN);
    else this.#admit(exchange, handler);
  }

  /** Treats a check like an operation: while the server is busy, it uses the quota of reads. Pages of other sites are refused. */
  #answerAccess(exchange: Exchange, path: string, handler: Handler): void {
    const isBusy = this.#guard.isBusy();
    const method = accessMethodOf(path);
    if (this.#guard.isFull() || (isBusy && method === 'GET')) {
      exchange.overloaded();
      return;
    }
    this.#take(exchange);
    if (exchange.origin.kind === 'foreign') exchange.reject(Rejection.of(new Forbidden('This origin is not allowed.'), 403));
    else if (method === null) exchange.reject(Rejection.of(new NotFound('There is nothing at this address.'), 404));
    else if (exchange.request.method !== method) answerMethod(exchange, method === 'GET' ? EXPORT_METHODS : `${method}, OPTIONS`);
    else if (method === 'GET') this.#admit(exchange, handler);
    else if (contentKind(exchange.request.headers) !== 'json') exchange.reject(NOT_JSON);
    else this.#answerBody(exchange, handler, { ...this.#ports.limits, largeBodyBytes: ACCESS_BODY_BYTES }, isBusy);
  }

  /** Checks neither origin nor identity, because no browser sends these. Only the provider's signature over the raw bytes counts. */
  #answerWebhook(exchange: Exchange, path: string, receive: WebhookHandler): void {
    if (this.#guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    this.#take(exchange);
    if (exchange.request.method !== 'POST') {
      answerMethod(exchange, 'POST, OPTIONS');
      return;
    }
    receiveBody(exchange, this.#ports.load, { ...this.#ports.limits, largeBodyBytes: WEBHOOK_BODY_BYTES }, (body) => {
      if (body instanceof Rejection) exchange.reject(body);
      else receive(exchange, path, body);
    });
  }

  /** Serves anybody who has the link. No session is needed, and a session would give no further rights. */
  #answerRenewal(exchange: Exchange, path: string, answer: RenewalHandler): void {
    if (this.#guard.isBusy()) {
      exchange.overloaded();
      return;
    }
    this.#take(exchange);
    if (exchange.request.method === 'GET') answer(exchange, path, null);
    else if (exchange.request.method !== 'POST') answerMethod(exchange, RENEWAL_METHODS);
    else {
      receiveBody(exchange, this.#ports.load, { ...this.#ports.limits, largeBodyBytes: RENEWAL_BODY_BYTES }, (body) => {
        if (body instanceof Rejection) exchange.reject(body);
        else answer(exchange, path, body.toString('utf8'));
      });
    }
  }

  #answerPost(exchange: Exchange, isBusy: boolean): void {
    this.#answerBody(exchange, exchange.accepts.isPlain ? this.#handlers.json : this.#handlers.yoga, this.#ports.limits, isBusy);
  }

  #answerBody(exchange: Exchange, handler: Handler, limits: Limits, isBusy: boolean): void {
    receiveBody(exchange, this.#ports.load, limits, (body) => {
      const text = body instanceof Rejection ? body : decode(body);
      if (text instanceof Rejection) {
        exchange.reject(text);
        return;
      }
      exchange.body = text;
      if (isBusy && !this.#admitWhileBusy(exchange)) exchange.overloaded();
      else this.#admit(exchange, handler);
    });
  }

  /** Counts the request until it is answered. */
  #take(exchange: Exchange): void {
    exchange.hold(this.#ports.load);
    const receivedMs = monotonicMs();
    exchange.response.once('close', () => {
      exchange.release();
      if (exchange.response.statusCode !== 503) this.#guard.answered(monotonicMs() - receivedMs);
      // An answer that was begun before the drain keeps its connection alive, and nothing else would close it.
      if (this.#ports.isDraining()) setImmediate(() => this.#ports.closeIdle());
    });
  }

  /** Authenticates the request, and lets the handler answer. An invalid token counts as no token, so that its owner can still sign in. */
  #admit(exchange: Exchange, handler: Handler): void {
    try {
      const actor = firstKnown(exchange.tokens(), this.#ports.authenticate);
      if (actor instanceof Promise)
        actor.then((found) => this.#enter(exchange, handler, found)).catch((error: unknown) => this.#fail(exchange, error));
      else this.#enter(exchange, handler, actor)?.catch((error: unknown) => this.#fail(exchange, error));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  /** Deliberately not async: the session is usually cached, and a promise would cost a turn. */
  #enter(exchange: Exchange, handler: Handler, actor: Actor | null): Promise<void> | undefined {
    exchange.actor = actor;
    const isTooLarge = exchange.heldBytes > this.#ports.limits.bodyBytes && actor === null;
    const answering = isTooLarge ? exchange.reject(Rejection.tooLarge(this.#ports.limits.bodyBytes)) : handler.answer(exchange);
    if (answering instanceof Promise) return answering.then(() => this.#ports.metrics.answered(handler.name));
    this.#ports.metrics.answered(handler.name);
    return undefined;
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { errors } = this.#ports.reject(error, exchange.requestId);
    const status = errors[0]?.extensions?.code === 'OVERLOADED' ? 503 : 500;
    if (!exchange.response.headersSent) exchange.reject(new Rejection(errors, status));
  }

  #answerOther(exchange: Exchange, path: string): void {
    if (answerHealth(path, exchange, this.#ports.health, this.#ports.metrics, this.#ports.isDraining())) return;
    // The target * means the server as a whole, and is valid only for OPTIONS (RFC 9112, 3.2.4).
    if (path === '*') {
      if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', GRAPHQL_METHODS]);
      else exchange.send(400, 'text/plain', 'The target * is valid only for OPTIONS.\n');
      return;
    }
    if (this.#ports.web?.(exchange, path)) return;
    if (path === '/' && exchange.request.method !== 'GET') answerMethod(exchange, 'GET, HEAD, OPTIONS');
    else if (path === '/') exchange.send(302, 'text/plain', '', ['location', '/graphql']);
    else exchange.send(404, 'text/plain', 'Not found. The API is at /graphql.\n');
  }
}

/** The documented form of a path, without its ids and tokens. Null for pages, health checks and metrics. */
export function routeOf(path: string): string | null {
  if (path === '/graphql' || path === IMPORT_PATH || EXPORT_PATHS.has(path)) return path;
  if (path.startsWith(WEBHOOK_ROOT)) return `${WEBHOOK_ROOT}{provider}`;
  if (path.startsWith(RENEWAL_ROOT)) return `${RENEWAL_ROOT}{token}`;
  if (!path.startsWith(ACCESS_ROOT)) return null;
  return accessMethodOf(path) === null ? `${ACCESS_ROOT}*` : path.replace(/(?<=\/customers\/)[^/]+/, '{id}');
}

/** Why a request to /graphql is refused before its body is read, or null. */
function gateRefusal({ request, origin, bearer }: Exchange): Rejection | null {
  const { method, headers } = request;
  if (origin.kind === 'foreign' && !(method === 'GET' && headers['sec-fetch-mode'] === 'navigate')) {
    return Rejection.of(new Forbidden('This origin is not allowed.'), 403);
  }
  if (method === 'GET' || method === 'OPTIONS') return null;
  if (method !== 'POST') return Rejection.method(GRAPHQL_METHODS);
  const kind = contentKind(headers);
  if (kind === null) return NOT_JSON;
  // Another site can send a form with the cookie and without a preflight.
  if (kind === 'form' && bearer === null && headers['x-requested-with'] === undefined) {
    return Rejection.of(new Forbidden('A form needs a bearer token, or the header x-requested-with.'), 403);
  }
  return null;
}
