/** The Apollo client: HTTP for queries and mutations, the socket for subscriptions, one cache. */

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import type { Client as Socket } from 'graphql-ws';
import { map } from 'rxjs';
import type { NewestStates } from './newest.ts';

/** What an answer may say about the session rather than about what was asked. */
export interface Notices {
  /** What an operation that begins is to be noticed with: how often somebody has come in. */
  entries(): number;
  /** The session is over of which this was asked. */
  unauthenticated(entries: number): void;
  /** The session of which this was asked was opened with a one-time password, and that must be changed first. */
  oneTimePassword(entries: number): void;
  /** The server refused something that the panel believed to be open: what is known of lock and suspension is out of date. */
  closed(byLock: boolean): void;
}

function createCache(): InMemoryCache {
  return new InMemoryCache({
    // For `... on Error`: every refusal's type ends so.
    possibleTypes: { Error: ['.+Error'] },
    typePolicies: {
      Viewer: {
        merge: true,
        keyFields: [],
        fields: { sales: relayStylePagination(['status', 'search']), apiKeys: relayStylePagination(), team: relayStylePagination() },
      },
      Reseller: {
        fields: {
          children: relayStylePagination(['search', 'order', 'locked']),
          descendants: relayStylePagination(['search']),
          purchases: relayStylePagination(['status']),
        },
      },
      // Asked for in parts, each by who needs it.
      TenantPolicy: { merge: true },
      Account: { fields: { statement: relayStylePagination(['kinds', 'from', 'to']) } },
      Customer: { fields: { history: relayStylePagination() } },
      Query: { fields: { tenants: relayStylePagination(['search']), auditLog: relayStylePagination(['resellerId']) } },
    },
  });
}

/** Queries and mutations go over HTTP, subscriptions over the socket; what both bring meets in one normalized cache. */
export function createApollo(socket: Socket, newest: NewestStates, notices: Notices): ApolloClient {
  const asked = new WeakMap<ApolloLink.Operation, number>();
  const beginning = new ApolloLink((operation, forward) => {
    asked.set(operation, notices.entries());
    return forward(operation);
  });
  const noticing = new ErrorLink(({ error, operation }) => {
    if (!CombinedGraphQLErrors.is(error)) return;
    // A socket may be of a session before: that it is over is the socket's to say, which then asks the server who is signed in.
    if (operation.operationType === 'subscription') return;
    const codes = error.errors.map(({ extensions }) => extensions?.code);
    const entries = asked.get(operation) ?? notices.entries();
    // After whoever asked has heard of it: emptying the cache leaves what is under way without any answer.
    if (codes.includes('UNAUTHENTICATED')) setTimeout(() => notices.unauthenticated(entries));
    // At signing in the form says it, which knows what was typed.
    else if (codes.includes('PASSWORD_CHANGE_REQUIRED') && operation.operationName !== 'SignIn') notices.oneTimePassword(entries);
    else if (codes.includes('PANEL_LOCKED')) notices.closed(true);
    else if (codes.includes('PANEL_SUSPENDED')) notices.closed(false);
  });
  const refreshing = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      map((answer) => {
        newest.refresh(answer.data);
        return answer;
      }),
    ),
  );
  const ways = ApolloLink.split(
    ({ operationType }) => operationType === 'subscription',
    new GraphQLWsLink(socket),
    new HttpLink({ uri: '/graphql', credentials: 'same-origin' }),
  );
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([beginning, noticing, refreshing, ways]),
  });
}
