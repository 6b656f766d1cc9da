/** Sends a document by each way in: both HTTP handlers and a WebSocket. */

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../../support/until.ts';
import type { Generated } from './documents.ts';
import type { Random } from './random.ts';

export interface Answered {
  readonly door: string;
  readonly status: number;
  readonly text: string;
}

/** In milliseconds: the longest wait for an answer on a busy machine, and how long a subscription is read. */
const ANSWER_MS = PATIENCE_MS;
const LISTEN_MS = 300;

/** Each request comes from another address, so that limits per address are not all that it meets. */
function headersFor(token: string | null, random: Random): Record<string, string> {
  const address = `10.${random.below(250)}.${random.below(250)}.${random.below(250)}`;
  return { 'x-forwarded-for': address, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
}

async function http(door: string, url: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
  return { door, status: response.status, text: await response.text() };
}

export function overJson(origin: string, token: string | null, body: string, random: Random, isYoga = false): Promise<Answered> {
  const accept = isYoga ? 'application/json, text/event-stream;q=0.1' : 'application/json';
  const headers = { ...headersFor(token, random), 'content-type': 'application/json', accept };
  return http(isYoga ? 'yoga' : 'json', `${origin}/graphql`, { method: 'POST', headers, body });
}

export function overForm(
  origin: string,
  token: string | null,
  { query, variables, operationName }: Generated,
  random: Random,
  isGet: boolean,
) {
  const form = new URLSearchParams({
    query: query.toWellFormed(),
    variables: JSON.stringify(variables),
    operationName: operationName ?? '',
  });
  const headers = { ...headersFor(token, random), accept: 'application/json' };
  if (isGet) return http('get', `${origin}/graphql?${form}`, { headers });
  return http('form', `${origin}/graphql`, { method: 'POST', headers, body: form });
}

/** Returns the first event of an operation over a new socket, or reports that none arrived for a while. */
export async function overWebSocket(origin: string, token: string | null, { query, variables }: Generated): Promise<Answered> {
  const params = token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } };
  const client = createClient({ url: `${origin.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, ...params });
  let patience: NodeJS.Timeout | undefined;
  const text = await new Promise<string>((resolve) => {
    const stop = client.subscribe(
      { query: query.toWellFormed(), variables },
      {
        next: (result) => resolve(JSON.stringify(result)),
        error: (error) => resolve(Array.isArray(error) ? JSON.stringify({ errors: error }) : closedBy(error)),
        complete: () => resolve('{}'),
      },
    );
    patience = setTimeout(() => {
      stop();
      resolve('{}');
    }, LISTEN_MS);
  });
  clearTimeout(patience);
  // If the server has closed the socket, graphql-ws throws the close, and there is nothing left to close.
  await Promise.allSettled([client.dispose()]);
  return { door: 'socket', status: 200, text };
}

/** 4403 is an answer; any other close of a socket is a failure. */
function closedBy(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return code === 4403 ? '{"errors":[{"extensions":{"code":"UNAUTHENTICATED"}}]}' : `the socket was closed with ${String(code)}`;
}
