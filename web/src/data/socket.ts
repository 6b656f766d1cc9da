/** Opens the one WebSocket of the tab, and reconnects it. */

import { type Client, createClient } from 'graphql-ws';
import type { Connection } from './connection.ts';

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const LONGEST_WAIT_MS = 8_000;
/** The session has ended: another attempt would end the same way. */
const CLOSED_FORBIDDEN = 4403;

/**
 * One socket for all subscriptions, authenticated by the session cookie. It reconnects without a limit, and at once when the
 * network returns or the tab becomes visible.
 */
export function openSocket(connection: Connection, onSessionEnd: () => void): Client {
  let pong: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    lazyCloseTimeout: 2_000,
    keepAlive: PING_EVERY_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (event) => !isForbidden(event),
    retryWait: (attempt) => waitOrReturn(Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt) * (0.5 + Math.random() / 2)),
    on: {
      connecting: () => connection.set('connecting'),
      connected: () => connection.set('live'),
      closed: (event) => {
        clearTimeout(pong);
        connection.set('connecting');
        if (isForbidden(event)) onSessionEnd();
      },
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
    },
  });
  return client;
}

function isForbidden(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === CLOSED_FORBIDDEN;
}

/** Waits `ms` milliseconds, or less if the network returns or the tab becomes visible again. */
export function waitOrReturn(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
  });
}
