/** Makes what lives as long as the browser tab: session, socket and cache. */

import type { ApolloClient } from '@apollo/client';
import { Attention } from './attention.ts';
import { createApollo } from './client.ts';
import { Connection } from './connection.ts';
import { ViewerDocument } from './documents.ts';
import { LockMode } from './lock-mode.ts';
import { NewestStates } from './newest.ts';
import { PurchaseChanges } from './purchase-changes.ts';
import { Session } from './session.ts';
import { openSocket } from './socket.ts';
import { watchSupport } from './support.ts';
import { Unsettled } from './unsettled.ts';
import { watchAccount } from './watch-account.ts';
import { watchPurchases } from './watch-purchases.ts';

export interface Live {
  readonly apollo: ApolloClient;
  readonly connection: Connection;
  readonly session: Session;
  readonly unsettled: Unsettled;
  readonly purchases: PurchaseChanges;
  readonly lock: LockMode;
  readonly attention: Attention;
  /** Keeps this panel's account in the cache live, or with null the viewer's own; returns how to stop. */
  watchAccount(resellerId: string | null): () => void;
  /** Tells `purchases` of what the viewer buys and sells as it changes; returns how to stop. */
  watchPurchases(): () => void;
}

/** What of the panel lives as long as its tab: session, socket, cache. */
export function createLive(): Live {
  const connection = new Connection();
  const newest = new NewestStates();
  const purchases = new PurchaseChanges();
  const lock = new LockMode();
  const socket = openSocket(connection, () => session.check());
  const askAgain = () => {
    apollo.query({ query: ViewerDocument, fetchPolicy: 'network-only' }).catch(() => {});
  };
  const apollo = createApollo(socket, newest, {
    entries: () => session.entries(),
    unauthenticated: (entries) => session.lost(entries),
    oneTimePassword: (entries) => session.mustChangePassword(null, entries),
    closed: (byLock) => {
      if (byLock) lock.set(false);
      askAgain();
    },
  });
  const session: Session = new Session(apollo, async () => {
    newest.forget();
    lock.set(null);
    connection.reset();
    // The cookie that a socket was opened with stays the socket's: the next person needs another one.
    socket.terminate();
    await apollo.clearStore();
  });
  watchSupport();
  for (const event of ['online', 'offline']) window.addEventListener(event, () => connection.announce());
  return {
    apollo,
    connection,
    session,
    unsettled: new Unsettled(),
    purchases,
    lock,
    attention: new Attention(),
    watchAccount: (resellerId) => watchAccount(socket, apollo, newest, resellerId),
    watchPurchases: () => watchPurchases(socket, apollo, purchases),
  };
}
