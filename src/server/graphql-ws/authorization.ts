/** Reads the tokens of a socket, or of one operation on it, and authenticates them. */

import type { Actor } from '../../kernel/actor.ts';
import { bearerToken } from '../http/credentials.ts';
import type { WsHandlerPorts } from './ports.ts';

/** The first valid token, with its actor. The socket keeps only this token: the others are not tried again. */
export async function firstAccepted(
  tokens: readonly string[],
  authenticate: WsHandlerPorts['authenticate'],
): Promise<{ readonly token: string; readonly actor: Actor } | null> {
  for (const token of tokens) {
    const actor = await authenticate(token);
    if (actor !== null) return { token, actor };
  }
  return null;
}

/** The Authorization header, in any case; undefined if it is absent or empty. */
export function authorizationOf(headers: unknown): unknown {
  return headerOf(headers, 'authorization');
}

/** The header with this name, in any case; undefined if it is absent or empty. */
export function headerOf(headers: unknown, wanted: string): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return found === '' || found === null ? undefined : found;
}

export function bearerTokens(authorization: unknown): readonly string[] {
  const token = bearerToken(authorization);
  return token === null ? [] : [token];
}
