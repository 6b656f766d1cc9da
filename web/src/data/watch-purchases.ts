/** Subscribes to the viewer's purchases and sales, and writes each change to the cache. */

import type { ApolloClient } from '@apollo/client';
import { print } from 'graphql';
import type { Client as Socket } from 'graphql-ws';
import type { PurchaseChangesSubscription } from '../gql/graphql.ts';
import { PurchaseChangesDocument } from './documents.ts';
import type { PurchaseChanges } from './purchase-changes.ts';
import { waitOrReturn } from './socket.ts';

const RESTART_AFTER_MS = 2_000;

/** Continues across reconnects; the lists fetch what changed in between. Returns a function that stops it. */
export function watchPurchases(socket: Socket, apollo: ApolloClient, changes: PurchaseChanges): () => void {
  const query = apollo.cache.transformDocument(PurchaseChangesDocument);
  const text = print(query);
  let stop = () => {};
  let isStopped = false;

  function start(): void {
    stop = socket.subscribe<PurchaseChangesSubscription>(
      { query: text },
      {
        next: ({ data }) => {
          if (!data) return;
          apollo.cache.write({ query, dataId: 'ROOT_SUBSCRIPTION', result: data });
          changes.notify(data.purchaseChanged);
        },
        error: restart,
        complete: restart,
      },
    );
  }

  async function restart(): Promise<void> {
    if (isStopped) return;
    await waitOrReturn(RESTART_AFTER_MS);
    if (!isStopped) start();
  }

  start();
  return () => {
    isStopped = true;
    stop();
  };
}
