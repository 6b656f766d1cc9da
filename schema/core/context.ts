/** The context that every resolver receives. */

import type { Ports } from '../../src/domain/ports.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { Actor } from '../../src/kernel/actor.ts';

/** The context of a resolver. src/server/context.ts makes a new one for every operation, whatever its transport. */
export interface Context {
  /** Null if signed out. Signing in or out changes it for the rest of the operation, changed rights for the rest of a subscription. */
  actor: Actor | null;
  readonly ports: Ports;
  readonly feed: Feed;
  /** The client's network address, for rate limits. */
  readonly address: string;
  /** The client's User-Agent. Null if it sent none. */
  readonly userAgent: string | null;
  /** Sets or clears the session cookies of the HTTP response. Null on a WebSocket, which cannot set cookies. */
  readonly cookies: SessionCookies | null;
}

export interface SessionCookies {
  /** Sets the user's own session, and clears any support session. */
  set(token: string, expiresAtMs: number): void;
  /** Sets a support session. It hides the user's own session until it ends. */
  setSupport(token: string, expiresAtMs: number): void;
  /** Clears both sessions. */
  clear(): void;
  clearSupport(): void;
}
