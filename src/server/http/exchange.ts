/** One HTTP request and its answer. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../../kernel/actor.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { RequestSpan } from '../../kernel/request-origin.ts';
import { Rejection, statusOf } from '../graphql/rejection.ts';
import type { Limits } from '../limits.ts';
import type { Load } from './body.ts';
import { compress, encodingOf } from './compression.ts';
import { AnswerCookies, bearerToken, cookieTokens } from './credentials.ts';
import { type Negotiated, negotiate } from './negotiate.ts';
import { addressOf, type Origin, type OriginPolicy, originOf } from './origin.ts';

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** Sent with every answer. */
const SECURITY_HEADERS: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'referrer-policy',
  'no-referrer',
  'cross-origin-resource-policy',
  'same-origin',
];
export const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

export interface ExchangePolicy extends OriginPolicy {
  readonly cookieSecure: boolean;
  readonly limits: Limits;
  readonly isDraining: () => boolean;
}

/** One HTTP request and its answer, with everything that the gate found out for the handler. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly origin: Origin;
  readonly bearer: string | null;
  readonly accepts: Negotiated;
  readonly cookies: AnswerCookies;
  /** Set by the gate after authentication. */
  actor: Actor | null = null;
  /** Set where traces are recorded. */
  span: RequestSpan | null = null;
  /** The request was a HEAD. It is answered like a GET, without the body. */
  isHead = false;
  body = '';
  /** Bytes of the body, counted against the server's limit until the answer is sent. */
  heldBytes = 0;
  /** Called by `release`, to return the quota that the request uses. */
  returnQuota: (() => void) | null = null;
  #load: Load | null = null;
  readonly #policy: ExchangePolicy;

  constructor(request: IncomingMessage, response: ServerResponse, policy: ExchangePolicy) {
    this.request = request;
    this.response = response;
    this.#policy = policy;
    const sentId = request.headers['x-request-id'];
    this.requestId = typeof sentId === 'string' && REQUEST_ID.test(sentId) ? sentId : randomUUID();
    this.address = addressOf(request, policy.trustProxyHops);
    this.userAgent = request.headers['user-agent'] ?? null;
    this.origin = originOf(request, policy);
    this.bearer = bearerToken(request.headers.authorization);
    this.accepts = negotiate(request.headers.accept);
    this.cookies = new AnswerCookies(policy.cookieSecure);
  }

  /** Counts the request in the server's load until it is released. */
  hold(load: Load): void {
    load.requests += 1;
    this.#load = load;
  }

  /** Removes the request from the server's load; a second call does nothing. */
  release(): void {
    if (this.#load === null) return;
    this.#load.requests -= 1;
    this.#load.bodyBytes -= this.heldBytes;
    this.heldBytes = 0;
    this.#load = null;
    this.returnQuota?.();
  }

  /** The tokens to authenticate, in this order. A bearer token takes precedence over the cookies. */
  tokens(): readonly string[] {
    return this.bearer === null ? cookieTokens(this.request.headers.cookie) : [this.bearer];
  }

  /** All headers that do not depend on the content, as alternating names and values. */
  headers(caching = 'no-store'): string[] {
    const headers = ['x-request-id', this.requestId, ...SECURITY_HEADERS, 'cache-control', caching];
    if (this.origin.kind === 'allowed') {
      headers.push('access-control-allow-origin', this.origin.origin, 'access-control-allow-credentials', 'true');
      headers.push('access-control-expose-headers', 'x-request-id, retry-after');
    }
    if (this.#policy.corsOrigins.length > 0) headers.push('vary', 'origin');
    if (this.#policy.isDraining()) headers.push('connection', 'close');
    return headers;
  }

  /** Sends status, headers and body in one write. A long body is compressed if the client accepts that. */
  send(status: number, contentType: string, body: string, extra?: readonly string[]): void {
    const headers = this.headers();
    headers.push('content-security-policy', API_CONTENT_POLICY, 'content-type', contentType);
    for (const cookie of this.cookies.headers) headers.push('set-cookie', cookie);
    if (extra) headers.push(...extra);
    const bytes = Buffer.byteLength(body);
    if (bytes < this.#policy.limits.compressFromBytes) {
      headers.push('content-length', String(bytes));
      this.response.writeHead(status, headers).end(body);
    } else void this.#sendLong(status, headers, Buffer.from(body));
  }

  async #sendLong(status: number, headers: string[], plain: Buffer): Promise<void> {
    const encoding = encodingOf(this.request.headers['accept-encoding']);
    const body = encoding === null ? plain : await compress(plain, encoding);
    headers.push('vary', 'accept-encoding', 'content-length', String(body.length));
    if (encoding !== null) headers.push('content-encoding', encoding);
    this.response.writeHead(status, headers).end(body);
  }

  /** An answer without a body (RFC 9110, 8.6: a 204 has no length). */
  sendNothing(extra: readonly string[]): void {
    this.response.writeHead(204, [...this.headers(), ...extra]).end();
  }

  reject(rejection: Rejection): void {
    const { errors } = rejection;
    const { mediaType } = this.accepts;
    this.send(statusOf(rejection, mediaType), `${mediaType}; charset=utf-8`, JSON.stringify({ errors }), headersOf(rejection));
  }

  /** Refuses the request, before any work is done for it. */
  overloaded(): void {
    this.reject(Rejection.of(new Overloaded(this.#policy.limits.retryAfterSeconds), 503));
  }
}

/** Answers a method that a path does not support: OPTIONS with the supported methods, any other with 405. */
export function answerMethod(exchange: Exchange, allow: string): void {
  if (exchange.request.method === 'OPTIONS') exchange.sendNothing(['allow', allow]);
  else exchange.reject(Rejection.method(allow));
}

/** The answer of `overloaded`, prepared in advance: the less a refusal costs, the more is left for accepted requests. */
export interface ReadyRefusal {
  /** Refuses a client that is not a browser, without reading its request. */
  answer(response: ServerResponse): void;
  /** The same answer as raw HTTP text, with this request id. */
  text(requestId: string): string;
}

export function readyRefusal(retryAfterSeconds: number): ReadyRefusal {
  const { errors } = Rejection.of(new Overloaded(retryAfterSeconds));
  const body = JSON.stringify({ errors });
  const headers = [...SECURITY_HEADERS, 'cache-control', 'no-store', 'content-security-policy', API_CONTENT_POLICY];
  headers.push('content-type', 'application/json; charset=utf-8', 'content-length', String(body.length));
  headers.push('retry-after', String(retryAfterSeconds));
  const lines = headers.map((text, index) => (index % 2 === 0 ? `\r\n${text}: ` : text)).join('');
  const end = `${lines}\r\nconnection: keep-alive\r\n\r\n${body}`;
  return {
    answer: (response) => void response.writeHead(503, ['x-request-id', randomUUID(), ...headers]).end(body),
    text: (requestId) => `HTTP/1.1 503 Service Unavailable\r\nx-request-id: ${requestId}${end}`,
  };
}

/** The HTTP headers of a refused request: when to retry, or which methods are allowed. */
export function headersOf({ allow, errors }: Rejection): readonly string[] | undefined {
  if (allow !== null) return ['allow', allow];
  const seconds = errors[0]?.extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? ['retry-after', String(seconds)] : undefined;
}
