/** What every resolver is given. */

import type { Ports } from '../../src/domain/ports.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { Actor } from '../../src/kernel/actor.ts';

/** What a resolver is given; src/server/context.ts fills a new one for every operation, on every door. */
export interface Context {
  /** null: signed out. Signing in or out changes it for the rest of the operation, a right that changed for the rest of a subscription. */
  actor: Actor | null;
  readonly ports: Ports;
  readonly feed: Feed;
  /** The client's address, for limits. */
  readonly address: string;
  /** What the client calls itself; null when it does not say. */
  readonly userAgent: string | null;
  /** Sets or clears the session cookie of the HTTP answer; null where there is none to set (WebSocket). */
  readonly cookies: SessionCookies | null;
}

export interface SessionCookies {
  /** One's own session, and no support session any more. */
  set(token: string, expiresAtMs: number): void;
  /** A support session, beside one's own, which is hidden by it until it ends. */
  setSupport(token: string, expiresAtMs: number): void;
  /** Both. */
  clear(): void;
  clearSupport(): void;
}
