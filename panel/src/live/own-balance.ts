import type { ApolloClient } from '@apollo/client';
import { isReference, type Reference } from '@apollo/client/utilities';
import { print } from 'graphql';
import type { Client as Socket } from 'graphql-ws';
import type { OwnBalanceSubscription } from '../gql/graphql.ts';
import { OwnBalanceDocument } from './documents.ts';
import type { NewestAccounts } from './newest.ts';
import { waitOrReturn } from './socket.ts';

const AGAIN_AFTER_MS = 2_000;

/**
 * Keeps the panel's own account in the cache as it changes: every change once, in order, through reconnects. The socket's client
 * sends an operation's variables again after a reconnect; read anew each time, they name the last version that was seen.
 */
export function watchOwnBalance(socket: Socket, apollo: ApolloClient, newest: NewestAccounts): () => void {
  const query = apollo.cache.transformDocument(OwnBalanceDocument);
  const text = print(query);
  let after: number | null = null;
  let stop = () => {};
  let isStopped = false;

  function start(): void {
    stop = socket.subscribe<OwnBalanceSubscription>(
      {
        query: text,
        get variables() {
          return { after };
        },
      },
      {
        next: ({ data }) => {
          if (!data) return;
          after = data.balanceChanged.version;
          newest.refresh(data);
          apollo.cache.write({ query, dataId: 'ROOT_SUBSCRIPTION', result: data });
          prepend(apollo, data.balanceChanged);
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

/** The change's entry leads every list of the statement that is unfiltered: nothing has to be asked for again. */
function prepend(apollo: ApolloClient, { account, entry }: OwnBalanceSubscription['balanceChanged']): void {
  const ref = entry && apollo.cache.identify(entry);
  if (!ref) return;
  apollo.cache.modify<{ statement: Connection }>({
    id: apollo.cache.identify(account),
    fields: {
      statement(existing, { storeFieldName, toReference }) {
        const node = toReference(ref);
        if (/"(kinds|from|to)":[^n]/.test(storeFieldName) || isReference(existing) || !existing.edges || !node) return existing;
        const isKnown = existing.edges.some((edge) => isReference(edge.node) && edge.node.__ref === node.__ref);
        return isKnown ? existing : { ...existing, edges: [{ __typename: 'EntryEdge', cursor: '', node }, ...existing.edges] };
      },
    },
  });
}
