/** Chooses the media type of an answer, and recognizes the type of a body. */

import type { IncomingHttpHeaders } from 'node:http';
import type { MediaType } from '../graphql/rejection.ts';
import { type Weighted, weighted } from './weighted.ts';

/** What the Accept header of a request allows. */
export interface Negotiated {
  /** The media type of a JSON answer. If the client accepts none, it is application/json, for the refusal. */
  readonly mediaType: MediaType;
  /** Whether an answer as JSON is accepted. */
  readonly isJson: boolean;
  /** Whether only a single JSON answer is accepted: neither an event stream nor a multipart answer. */
  readonly isPlain: boolean;
  /** Whether an event stream is accepted, by name. */
  readonly isStream: boolean;
  /** Whether an HTML page is preferred, as by browsers. */
  readonly isPage: boolean;
}

const JSON_ANSWER: Negotiated = { mediaType: 'application/json', isJson: true, isPlain: true, isStream: false, isPage: false };
/** Also without the hyphen, as older HTML spelled it: clients still send that. */
const UTF_8 = /^charset="?utf-?8"?$/;

/** The weight of the most specific range that matches a type (RFC 9110, 12.5.1), and its position in the list. */
function rangeOf(type: string, ranges: readonly Weighted[]): { readonly weight: number; readonly position: number } {
  for (const range of [type, `${type.split('/', 1)[0]}/*`, '*/*']) {
    const position = ranges.findIndex(({ value }) => value === range);
    const found = ranges[position];
    if (found) return { weight: found.weight, position };
  }
  return { weight: 0, position: ranges.length };
}

/** Evaluates the Accept header. The JSON type with the higher weight wins, the first among equals; application/json for any type. */
export function negotiate(accept: string | undefined): Negotiated {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_ANSWER;
  const ranges = weighted(accept).filter(({ parameters }) => parameters.every((one) => !one.startsWith('charset=') || UTF_8.test(one)));
  const named = (type: string) => ranges.find(({ value }) => value === type)?.weight ?? 0;
  const [json, response] = [rangeOf('application/json', ranges), rangeOf('application/graphql-response+json', ranges)];
  const isResponse =
    response.weight > json.weight || (response.weight > 0 && response.weight === json.weight && response.position < json.position);
  const best = Math.max(json.weight, response.weight);
  const isStream = named('text/event-stream') > 0;
  const hasParts = ranges.some(({ value, weight }) => value.startsWith('multipart/') && weight > 0);
  return {
    mediaType: isResponse ? 'application/graphql-response+json' : 'application/json',
    isJson: best > 0,
    isPlain: best > 0 && !isStream && !hasParts,
    isStream,
    isPage: named('text/html') > 0 && named('text/html') >= best,
  };
}

export type ContentKind = 'json' | 'json-like' | 'document' | 'form';

const KINDS: ReadonlyMap<string, ContentKind> = new Map([
  ['application/json', 'json'],
  ['application/graphql+json', 'json-like'],
  ['application/graphql', 'document'],
  ['application/x-www-form-urlencoded', 'form'],
]);

/** The kind of body that a request declares, or null if it is not supported. */
export function contentKind(headers: IncomingHttpHeaders): ContentKind | null {
  const contentType = headers['content-type'];
  if (contentType === 'application/json' && headers['content-encoding'] === undefined) return 'json';
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if ((headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity') return null;
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !UTF_8.test(charset)) return null;
  return KINDS.get(type.trim()) ?? null;
}
