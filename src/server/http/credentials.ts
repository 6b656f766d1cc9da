/** Reads the bearer token or the session cookie of a request, and writes the cookie. */

import type { SessionCookies } from '../../../schema/core/context.ts';

const SESSION_COOKIE = 'revenda_session';

const BEARER = /^Bearer +([\w.~+/=-]{1,500})$/i;
const TOKEN = /^[\w.~+/=-]{1,500}$/;

/** The token of an Authorization header; null when there is none or it is not a bearer token. */
export function bearerToken(authorization: unknown): string | null {
  return typeof authorization === 'string' ? (BEARER.exec(authorization)?.[1] ?? null) : null;
}

/** The token of the session cookie; null when there is none. */
export function cookieToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === SESSION_COOKIE) {
      const value = part.slice(at + 1).trim();
      return TOKEN.test(value) ? value : null;
    }
  }
  return null;
}

/** Collects what an operation does to the session cookie; `header` is the Set-Cookie to send, or null. */
export class AnswerCookies implements SessionCookies {
  header: string | null = null;
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  set(token: string, expiresAtMs: number): void {
    this.#write(`${token}; Expires=${new Date(expiresAtMs).toUTCString()}`);
  }

  clear(): void {
    this.#write('; Max-Age=0');
  }

  #write(value: string): void {
    this.header = `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${this.#isSecure ? '; Secure' : ''}`;
  }
}
