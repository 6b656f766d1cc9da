/** Creates the objects that live as long as the browser tab: session, socket and cache. */

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
  /** Keeps this panel's account in the cache live; null: the viewer's own. Returns a function that stops it. */
  watchAccount(resellerId: string | null): () => void;
  /** Notifies `purchases` of changes to the viewer's purchases and sales. Returns a function that stops it. */
  watchPurchases(): () => void;
}

/** Creates the session, the socket and the cache of this tab. */
export function createLive(): Live {
  const connection = new Connection();
  const newest = new NewestStates();
  const purchases = new PurchaseChanges();
  const lock = new LockMode();
  const socket = openSocket(connection, () => session.check());
  const refetchViewer = () => {
    apollo.query({ query: ViewerDocument, fetchPolicy: 'network-only' }).catch(() => {});
  };
  const apollo = createApollo(socket, newest, {
    signIns: () => session.signIns(),
    unauthenticated: (signIns) => session.end(signIns),
    oneTimePassword: (signIns) => session.mustChangePassword(null, signIns),
    closed: (byLock) => {
      if (byLock) lock.set(false);
      refetchViewer();
    },
  });
  const session: Session = new Session(apollo, async () => {
    newest.forget();
    lock.set(null);
    connection.reset();
    // A socket keeps the cookie with which it was opened: the next person needs a new socket.
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
