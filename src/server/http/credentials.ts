/** Reads the bearer token or the cookies of a request, and writes the cookies. */

import type { SessionCookies } from '../../../schema/core/context.ts';
import type { Actor } from '../../kernel/actor.ts';

const SESSION_COOKIE = 'revenda_session';
/** The session cookie stays next to it: a user who leaves the support session continues with the user's own session. */
const SUPPORT_COOKIE = 'revenda_support';

const BEARER = /^Bearer +([\w.~+/=-]{1,500})$/i;
const TOKEN = /^[\w.~+/=-]{1,500}$/;

/** The bearer token of an Authorization header, or null if it has none. */
export function bearerToken(authorization: unknown): string | null {
  return typeof authorization === 'string' ? (BEARER.exec(authorization)?.[1] ?? null) : null;
}

/** The tokens of the cookies: a support session's before the user's own. */
export function cookieTokens(header: string | undefined): readonly string[] {
  if (header === undefined) return NO_TOKENS;
  const own = cookieOf(header, SESSION_COOKIE);
  const support = cookieOf(header, SUPPORT_COOKIE);
  if (support === null) return own === null ? NO_TOKENS : [own];
  return own === null ? [support] : [support, own];
}

const NO_TOKENS: readonly string[] = [];

function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) {
      const value = part.slice(at + 1).trim();
      return TOKEN.test(value) ? value : null;
    }
  }
  return null;
}

/** The actor of the first valid token, or null. Returns no promise if `authenticate` returns none. */
export function firstKnown(
  tokens: readonly string[],
  authenticate: (token: string) => Actor | null | Promise<Actor | null>,
  at = 0,
): Actor | null | Promise<Actor | null> {
  const token = tokens[at];
  if (token === undefined) return null;
  const found = authenticate(token);
  if (found instanceof Promise) return found.then((actor) => actor ?? firstKnown(tokens, authenticate, at + 1));
  return found ?? firstKnown(tokens, authenticate, at + 1);
}

/** Collects an operation's changes of the cookies; `headers` has a Set-Cookie value for each change. */
export class AnswerCookies implements SessionCookies {
  readonly headers: string[] = [];
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  set(token: string, expiresAtMs: number): void {
    this.#write(SESSION_COOKIE, expiring(token, expiresAtMs));
    this.clearSupport();
  }

  setSupport(token: string, expiresAtMs: number): void {
    this.#write(SUPPORT_COOKIE, expiring(token, expiresAtMs));
  }

  clear(): void {
    this.#write(SESSION_COOKIE, GONE);
    this.clearSupport();
  }

  clearSupport(): void {
    this.#write(SUPPORT_COOKIE, GONE);
  }

  #write(name: string, value: string): void {
    this.headers.push(`${name}=${value}; Path=/; HttpOnly; SameSite=Lax${this.#isSecure ? '; Secure' : ''}`);
  }
}

const GONE = '; Max-Age=0';

function expiring(token: string, expiresAtMs: number): string {
  return `${token}; Expires=${new Date(expiresAtMs).toUTCString()}`;
}
