/** Subscribes to the panel's own balance and writes each change into the cache. */

import type { ApolloClient } from '@apollo/client';
import { isReference, type Reference } from '@apollo/client/utilities';
import { print } from 'graphql';
import type { Client as Socket } from 'graphql-ws';
import type { AccountChangesSubscription } from '../gql/graphql.ts';
import { AccountChangesDocument } from './documents.ts';
import type { NewestStates } from './newest.ts';
import { waitOrReturn } from './socket.ts';
import { UndoingFragment } from './undoing.ts';

const AGAIN_AFTER_MS = 2_000;

/**
 * Keeps an account in the cache as it changes: every change once, in order, through reconnects. The socket's client sends an
 * operation's variables again after a reconnect; read anew each time, they name the last version that was seen.
 * `resellerId` null: the viewer's own panel. Returns how to stop.
 */
export function watchAccount(socket: Socket, apollo: ApolloClient, newest: NewestStates, resellerId: string | null): () => void {
  const query = apollo.cache.transformDocument(AccountChangesDocument);
  const text = print(query);
  let after: number | null = null;
  let stop = () => {};
  let isStopped = false;

  function start(): void {
    stop = socket.subscribe<AccountChangesSubscription>(
      {
        query: text,
        get variables() {
          return { resellerId, after };
        },
      },
      {
        next: ({ data }) => {
          if (!data) return;
          after = data.balanceChanged.version;
          newest.refresh(data);
          apollo.cache.write({ query, dataId: 'ROOT_SUBSCRIPTION', variables: { resellerId }, result: data });
          lead(apollo, data.balanceChanged);
        },
        // A version that the server does not know (a database brought back from a copy): begin with the present state.
        error: () => {
          after = null;
          restart();
        },
        complete: restart,
      },
    );
  }

  async function restart(): Promise<void> {
    if (isStopped) return;
    await waitOrReturn(AGAIN_AFTER_MS);
    if (!isStopped) start();
  }

  start();
  return () => {
    isStopped = true;
    stop();
  };
}

interface Connection {
  readonly edges?: readonly { readonly node?: Reference }[];
}

/** The change's entry leads every list of the statement that it belongs to: nothing has to be asked for again. */
function lead(apollo: ApolloClient, { account, entry }: AccountChangesSubscription['balanceChanged']): void {
  const ref = entry && apollo.cache.identify(entry);
  if (!ref) return;
  const { kind } = entry.transfer;
  completeTransfer(apollo, entry.transfer.id);
  apollo.cache.modify<{ statement: Connection }>({
    id: apollo.cache.identify(account),
    fields: {
      statement(existing, { storeFieldName, toReference }) {
        const node = toReference(ref);
        if (isReference(existing) || !existing.edges || !node || !belongs(storeFieldName, kind)) return existing;
        const isKnown = existing.edges.some((edge) => isReference(edge.node) && edge.node.__ref === node.__ref);
        return isKnown ? existing : { ...existing, edges: [{ __typename: 'EntryEdge', cursor: '', node }, ...existing.edges] };
      },
    },
  });
}

/** What the stream does not bring, as far as is known: a list that lacked it would be asked for anew from its beginning. */
function completeTransfer({ cache }: ApolloClient, transferId: string): void {
  const id = cache.identify({ __typename: 'Transfer', id: transferId });
  if (id === undefined || cache.readFragment({ id, fragment: UndoingFragment })) return;
  cache.writeFragment({
    id,
    fragment: UndoingFragment,
    data: { __typename: 'Transfer', id: transferId, undoableUntil: null, undoneBy: null },
  });
}

/** Whether a list kept under this name, which holds its filters as JSON, would have the newest entry of this kind. */
function belongs(storeFieldName: string, kind: string): boolean {
  const at = storeFieldName.indexOf('{');
  if (at < 0) return true;
  const { kinds, to }: { kinds?: readonly string[] | null; to?: string | null } = JSON.parse(storeFieldName.slice(at));
  return (!to || Date.parse(to) > Date.now()) && (!kinds || kinds.includes(kind));
}
