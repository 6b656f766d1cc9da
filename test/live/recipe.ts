// The recipe of docs/client-guide.md: the test next to this file says that it is the same.
import { ApolloClient, gql, HttpLink, InMemoryCache, split } from '@apollo/client';
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
  // `... on Error` needs this list: without an interface's types, Apollo drops the fields that were selected on it.
  const cache = new NewestAccounts({ possibleTypes: { Error: ['.+Error'] } });
  return { socket, client: new ApolloClient({ cache, link: split(isSubscription, new GraphQLWsLink(socket), http) }) };
}

/** All fields that change with an account's version. Select this fragment wherever you select an account. */
export const ACCOUNT_STATE = gql`
  fragment AccountState on Account { id version balance locked lockedSince lowBalance }`;

type Known = { [name: string]: unknown; version: number } | null | undefined;

/** A cache in which no older version of an account replaces a newer one, whichever answer or event brings it. */
export class NewestAccounts extends InMemoryCache {
  override write(options: Parameters<InMemoryCache['write']>[0]) {
    return super.write({ ...options, result: this.#newest(options.result, new Map()) });
  }

  #newest<Value>(value: Value, seen: Map<string, Known>): Value {
    if (Array.isArray(value)) return value.map((element) => this.#newest(element, seen)) as Value;
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, field]) => [name, this.#newest(field, seen)]);
    const copy: Record<string, unknown> = Object.fromEntries(fields);
    const id = copy.__typename === 'Account' && typeof copy.version === 'number' ? this.identify(copy as { id: string }) : undefined;
    if (id === undefined) return copy as Value;
    const known = seen.get(id) ?? this.readFragment<Known>({ id, fragment: ACCOUNT_STATE, returnPartialData: true });
    if (!known || known.version <= Number(copy.version)) seen.set(id, { ...known, ...copy } as Known);
    else for (const name in known) if (name in copy) copy[name] = known[name];
    return copy as Value;
  }
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
