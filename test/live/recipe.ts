// The recipe of docs/client-guide.md: the test next to this file says that it is the same.
import { ApolloClient, HttpLink, InMemoryCache, split } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import type { Client } from 'graphql-ws';
import { createClient } from 'graphql-ws';

export function connect(origin: string, token: string) {
  const http = new HttpLink({ uri: `${origin}/graphql`, headers: { authorization: `Bearer ${token}` } });
  const socket = createClient({
    url: `${origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    // 4403: the session has ended. Anything else is worth another attempt.
    shouldRetry: (event) => !(event instanceof CloseEvent && event.code === 4403),
  });
  const isSubscription = ({ query }: { query: Parameters<typeof getMainDefinition>[0] }) => {
    const definition = getMainDefinition(query);
    return definition.kind === 'OperationDefinition' && definition.operation === 'subscription';
  };
  // For `... on Error`: an interface's types must be told to Apollo, which else drops what was selected.
  const cache = new InMemoryCache({ possibleTypes: { Error: ['.+Error'] } });
  return { socket, client: new ApolloClient({ cache, link: split(isSubscription, new GraphQLWsLink(socket), http) }) };
}

const BALANCE = /* GraphQL */ `
  subscription Balance($after: Version) {
    balanceChanged(after: $after) { version delta account { id balance version locked lockedSince lowBalance } }
  }`;

/** Calls `onChange` with every change exactly once, in order, through reconnects. Returns the unsubscriber. */
export function watchBalance(socket: Client, onChange: (change: { version: number; delta: number }) => void): () => void {
  let after: number | null = null;
  return socket.subscribe<{ balanceChanged: { version: number; delta: number } }>(
    {
      query: BALANCE,
      get variables() {
        return { after };
      },
    },
    {
      next: ({ data }) => {
        if (!data) return;
        after = data.balanceChanged.version;
        onChange(data.balanceChanged);
      },
      error: console.error,
      complete: () => {},
    },
  );
}
