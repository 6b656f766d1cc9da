/** Chooses the media type of an answer, and recognises that of a body. */

import type { IncomingHttpHeaders } from 'node:http';
import type { MediaType } from '../graphql/rejection.ts';

export interface Negotiated {
  readonly mediaType: MediaType;
  /** Whether one JSON answer is accepted, and neither an event stream nor parts. */
  readonly isPlain: boolean;
}

const JSON_ANSWER: Negotiated = { mediaType: 'application/json', isPlain: true };
const RESPONSE_ANSWER: Negotiated = { mediaType: 'application/graphql-response+json', isPlain: true };

/** What the Accept header asks for, chosen as Yoga does: the first of the two that is named; application/json where anything goes. */
export function negotiate(accept: string | undefined): Negotiated {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_ANSWER;
  let chosen: Negotiated | null = null;
  let isPlain = true;
  for (const part of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (parameters.some((parameter) => parameter.startsWith('charset=') && parameter !== 'charset=utf-8')) continue;
    if (type === 'application/graphql-response+json') chosen ??= RESPONSE_ANSWER;
    else if (type === 'application/json' || type === '*/*' || type === 'application/*') chosen ??= JSON_ANSWER;
    else if (type === 'text/event-stream' || type.startsWith('multipart/')) isPlain = false;
  }
  if (chosen === null) return { mediaType: 'application/json', isPlain: false };
  return isPlain ? chosen : { mediaType: chosen.mediaType, isPlain };
}

export type ContentKind = 'json' | 'json-like' | 'document' | 'form';

const KINDS: ReadonlyMap<string, ContentKind> = new Map([
  ['application/json', 'json'],
  ['application/graphql+json', 'json-like'],
  ['application/graphql', 'document'],
  ['application/x-www-form-urlencoded', 'form'],
]);

/** What kind of body a request says it has; null: none that is understood here. */
export function contentKind(headers: IncomingHttpHeaders): ContentKind | null {
  const contentType = headers['content-type'];
  if (contentType === 'application/json') return headers['content-encoding'] === undefined ? 'json' : null;
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return null;
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) return null;
  return KINDS.get(type.trim()) ?? null;
}
