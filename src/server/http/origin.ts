/** Decides whether a browser's origin is allowed, and which address a client has. */

import type { IncomingMessage } from 'node:http';

/**
 * The origin that a browser declares for a request. `none`: no origin, as from programs. `allowed`: another site that is
 * configured. `foreign`: any other site.
 */
export type Origin = { readonly kind: 'none' | 'same' | 'foreign' } | { readonly kind: 'allowed'; readonly origin: string };

const NONE: Origin = { kind: 'none' };
const SAME: Origin = { kind: 'same' };
const FOREIGN: Origin = { kind: 'foreign' };

export interface OriginPolicy {
  /** Exact origins, for example https://panel.example.com. */
  readonly corsOrigins: readonly string[];
  /** How many proxies in front are trusted to report the host and the client's address. */
  readonly trustProxyHops: number;
}

export function originOf(request: IncomingMessage, policy: OriginPolicy): Origin {
  const { origin, host } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'cross-site' ? FOREIGN : NONE;
  const { protocol, host: sender = '' } = URL.parse(origin) ?? {};
  // The page of an extension or a desktop application has a host name of its own, which is never this server's.
  if (sender !== '' && (protocol === 'https:' || protocol === 'http:')) {
    if (sender === host?.toLowerCase()) return SAME;
    if (policy.trustProxyHops > 0 && sender === request.headers['x-forwarded-host']) return SAME;
  }
  return policy.corsOrigins.includes(origin) ? { kind: 'allowed', origin } : FOREIGN;
}

/** The client's address: the connection's, or the one that the outermost trusted proxy saw. */
export function addressOf(request: IncomingMessage, trustProxyHops: number): string {
  const connected = request.socket.remoteAddress ?? '';
  if (trustProxyHops === 0) return connected;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  return forwarded.at(-trustProxyHops)?.trim() || connected;
}

/** The request headers that a browser's script may send: of credentials, content, tracers and GraphQL clients. */
export const ALLOWED_REQUEST_HEADERS: readonly string[] = [
  'accept',
  'authorization',
  'content-type',
  'x-request-id',
  'x-requested-with',
  // W3C Trace Context and Baggage, and the headers of Sentry and Datadog.
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
  'x-datadog-origin',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'x-datadog-trace-id',
  // Apollo Client and its preflights.
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-apollo-operation-name',
  'graphql-preflight',
];

/** The headers that answer a preflight. */
export const PREFLIGHT_HEADERS: readonly string[] = [
  'access-control-allow-methods',
  'GET, HEAD, POST',
  'access-control-allow-headers',
  ALLOWED_REQUEST_HEADERS.join(', '),
  'access-control-max-age',
  '600',
];
