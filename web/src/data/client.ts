/** The Apollo client: HTTP for queries and mutations, the socket for subscriptions, one cache. */

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import type { Client as Socket } from 'graphql-ws';
import { map } from 'rxjs';
import type { NewestStates } from './newest.ts';

/** Called for errors that concern the session rather than the operation. */
export interface Notices {
  /** The number of sign-ins so far. It is stored with each operation when the operation starts. */
  signIns(): number;
  /** The session that sent the operation has ended. `signIns`: the sign-in count when the operation started. */
  unauthenticated(signIns: number): void;
  /** The session that sent the operation was opened with a one-time password, which must be changed first. */
  oneTimePassword(signIns: number): void;
  /** The server refused an operation because of a lock or a suspension that this tab does not know of yet. */
  closed(byLock: boolean): void;
}

function createCache(): InMemoryCache {
  return new InMemoryCache({
    // For `... on Error`: the type name of every refusal ends in "Error".
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
      // Several queries each fetch some of its fields.
      TenantPolicy: { merge: true },
      Account: { fields: { statement: relayStylePagination(['kinds', 'from', 'to']) } },
      Customer: { fields: { history: relayStylePagination() } },
      Query: { fields: { tenants: relayStylePagination(['search']), auditLog: relayStylePagination(['resellerId']) } },
    },
  });
}

/** Sends queries and mutations over HTTP and subscriptions over the socket. Both write to one normalized cache. */
export function createApollo(socket: Socket, newest: NewestStates, notices: Notices): ApolloClient {
  const signInsAtStart = new WeakMap<ApolloLink.Operation, number>();
  const signInLink = new ApolloLink((operation, forward) => {
    signInsAtStart.set(operation, notices.signIns());
    return forward(operation);
  });
  const errorLink = new ErrorLink(({ error, operation }) => {
    if (!CombinedGraphQLErrors.is(error)) return;
    // The socket may belong to an earlier session. When its session ends it closes, and `session.check` asks who is signed in.
    if (operation.operationType === 'subscription') return;
    const codes = error.errors.map(({ extensions }) => extensions?.code);
    const signIns = signInsAtStart.get(operation) ?? notices.signIns();
    // After the caller received the error: clearing the cache drops the results of operations in flight.
    if (codes.includes('UNAUTHENTICATED')) setTimeout(() => notices.unauthenticated(signIns));
    // During sign-in the form reports this itself, because it has the typed password.
    else if (codes.includes('PASSWORD_CHANGE_REQUIRED') && operation.operationName !== 'SignIn') notices.oneTimePassword(signIns);
    else if (codes.includes('PANEL_LOCKED')) notices.closed(true);
    else if (codes.includes('PANEL_SUSPENDED')) notices.closed(false);
  });
  const newestStateLink = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      map((answer) => {
        newest.refresh(answer.data);
        // The cache is written after this link.
        setTimeout(() => newest.responded());
        return answer;
      }),
    ),
  );
  const transportLink = ApolloLink.split(
    ({ operationType }) => operationType === 'subscription',
    new GraphQLWsLink(socket),
    new HttpLink({ uri: '/graphql', credentials: 'same-origin' }),
  );
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([signInLink, errorLink, newestStateLink, transportLink]),
  });
}
