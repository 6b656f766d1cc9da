/** Chooses the media type of an answer, and recognises that of a body. */

import type { IncomingHttpHeaders } from 'node:http';
import type { MediaType } from '../graphql/rejection.ts';
import { weighted } from './weighted.ts';

export interface Negotiated {
  readonly mediaType: MediaType;
  /** Whether one JSON answer is accepted, and neither an event stream nor parts. */
  readonly isPlain: boolean;
}

const JSON_ANSWER: Negotiated = { mediaType: 'application/json', isPlain: true };
const RESPONSE_ANSWER: Negotiated = { mediaType: 'application/graphql-response+json', isPlain: true };

const ANSWERS: ReadonlyMap<string, Negotiated> = new Map([
  ['application/graphql-response+json', RESPONSE_ANSWER],
  ['application/json', JSON_ANSWER],
  ['application/*', JSON_ANSWER],
  ['*/*', JSON_ANSWER],
]);
/** Also as HTML once spelled it, which clients still send. */
const UTF_8 = /^charset="?utf-?8"?$/;

/** What the Accept header asks for: the heaviest of the two, the first among equals; application/json where anything goes. */
export function negotiate(accept: string | undefined): Negotiated {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_ANSWER;
  let chosen: Negotiated | null = null;
  let chosenWeight = 0;
  let isPlain = true;
  for (const { value, parameters, weight } of weighted(accept)) {
    if (weight === 0 || parameters.some((parameter) => parameter.startsWith('charset=') && !UTF_8.test(parameter))) continue;
    const answer = ANSWERS.get(value);
    if (answer === undefined) {
      if (value === 'text/event-stream' || value.startsWith('multipart/')) isPlain = false;
    } else if (weight > chosenWeight) {
      chosen = answer;
      chosenWeight = weight;
    }
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
  if (contentType === 'application/json' && headers['content-encoding'] === undefined) return 'json';
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if ((headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity') return null;
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !UTF_8.test(charset)) return null;
  return KINDS.get(type.trim()) ?? null;
}
