/** Decides whether a browser's origin is allowed, and which address a client has. */

import type { IncomingMessage } from 'node:http';

/**
 * Where a browser says a request comes from. `none`: it does not say, as programs do. `allowed`: another site, one of
 * those configured. `foreign`: another site that nobody allowed.
 */
export type Origin = { readonly kind: 'none' | 'same' | 'foreign' } | { readonly kind: 'allowed'; readonly origin: string };

const NONE: Origin = { kind: 'none' };
const SAME: Origin = { kind: 'same' };
const FOREIGN: Origin = { kind: 'foreign' };

export interface OriginPolicy {
  /** Exact origins, as https://panel.example.com. */
  readonly corsOrigins: readonly string[];
  /** How many proxies in front may be believed about the host and the client's address. */
  readonly trustProxyHops: number;
}

export function originOf(request: IncomingMessage, policy: OriginPolicy): Origin {
  const { origin, host } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'cross-site' ? FOREIGN : NONE;
  const { protocol, host: sender = '' } = URL.parse(origin) ?? {};
  // The page of an extension or a desktop application has a host that is a name of its own, never this server's.
  if (sender !== '' && (protocol === 'https:' || protocol === 'http:')) {
    if (sender === host?.toLowerCase()) return SAME;
    if (policy.trustProxyHops > 0 && sender === request.headers['x-forwarded-host']) return SAME;
  }
  return policy.corsOrigins.includes(origin) ? { kind: 'allowed', origin } : FOREIGN;
}

/** The client's address: the connection's, or what the outermost believed proxy saw. */
export function addressOf(request: IncomingMessage, trustProxyHops: number): string {
  const connected = request.socket.remoteAddress ?? '';
  if (trustProxyHops === 0) return connected;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  return forwarded.at(-trustProxyHops)?.trim() || connected;
}

/** What a browser's script may send: who it is, what it sends, and what tracers and GraphQL clients add. */
export const ALLOWED_REQUEST_HEADERS: readonly string[] = [
  'accept',
  'authorization',
  'content-type',
  'x-request-id',
  'x-requested-with',
  // W3C Trace Context and Baggage, and what Sentry and Datadog send beside them.
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

/** The answer to a preflight of an allowed origin, and what every answer to it carries. */
export const PREFLIGHT_HEADERS: readonly string[] = [
  'access-control-allow-methods',
  'GET, HEAD, POST',
  'access-control-allow-headers',
  ALLOWED_REQUEST_HEADERS.join(', '),
  'access-control-max-age',
  '600',
];
