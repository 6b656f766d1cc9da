/** Subscribes to a panel's account and writes each change to the cache. */

import type { ApolloClient } from '@apollo/client';
import { isReference, type Reference } from '@apollo/client/utilities';
import { print } from 'graphql';
import type { Client as Socket } from 'graphql-ws';
import type { AccountChangesSubscription } from '../gql/graphql.ts';
import { AccountChangesDocument } from './documents.ts';
import type { NewestStates } from './newest.ts';
import { waitOrReturn } from './socket.ts';
import { UndoingFragment } from './undoing.ts';

const RESTART_AFTER_MS = 2_000;
/** Changes that a response which was read before them may still overtake. */
const RECENT_CHANGES = 10;

type Change = AccountChangesSubscription['balanceChanged'];

/**
 * Keeps an account in the cache up to date. Every change arrives once and in order, also across reconnects. After a reconnect
 * the socket's client reads the operation's variables again, and they contain the last version seen.
 * `resellerId` null: the viewer's own panel. Returns a function that stops it.
 */
export function watchAccount(socket: Socket, apollo: ApolloClient, newest: NewestStates, resellerId: string | null): () => void {
  const query = apollo.cache.transformDocument(AccountChangesDocument);
  const text = print(query);
  const recent: Change[] = [];
  // A list whose response is older than the last changes lacks their entries. One that lacks more is left as it is, without a gap.
  const ignoreResponses = newest.onResponse(() => {
    const from = (recent[0]?.version ?? 0) - 1;
    for (const change of recent) lead(apollo, change, from);
  });
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
          recent.push(data.balanceChanged);
          if (recent.length > RECENT_CHANGES) recent.shift();
          lead(apollo, data.balanceChanged);
        },
        // The server does not know this version (a database restored from a backup): start from the current state.
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
    await waitOrReturn(RESTART_AFTER_MS);
    if (!isStopped) start();
  }

  start();
  return () => {
    isStopped = true;
    ignoreResponses();
    stop();
  };
}

interface Connection {
  readonly edges?: readonly { readonly node?: Reference }[];
}

/**
 * Puts the change's entry first in every older cached statement list that it belongs to, so that none has to be fetched again.
 * Leaves out lists that do not reach up to the version `from`.
 */
function lead(apollo: ApolloClient, { account, entry }: Change, from = 0): void {
  const ref = entry && apollo.cache.identify(entry);
  if (!ref) return;
  const { kind } = entry.transfer;
  completeTransfer(apollo, entry.transfer.id);
  apollo.cache.modify<{ statement: Connection }>({
    id: apollo.cache.identify(account),
    fields: {
      statement(existing, { readField, storeFieldName, toReference }) {
        const node = toReference(ref);
        if (isReference(existing) || !existing.edges || !node || !belongs(storeFieldName, kind)) return existing;
        const first = existing.edges[0]?.node;
        const newest = first === undefined ? 0 : (readField<number>('version', first) ?? 0);
        return newest >= entry.version || newest < from
          ? existing
          : { ...existing, edges: [{ __typename: 'EntryEdge', cursor: '', node }, ...existing.edges] };
      },
    },
  });
}

/** Adds default values for fields that the stream does not send. Apollo fetches a list again whose rows lack a field. */
function completeTransfer({ cache }: ApolloClient, transferId: string): void {
  const id = cache.identify({ __typename: 'Transfer', id: transferId });
  if (id === undefined || cache.readFragment({ id, fragment: UndoingFragment })) return;
  cache.writeFragment({
    id,
    fragment: UndoingFragment,
    data: { __typename: 'Transfer', id: transferId, undoableUntil: null, undoneBy: null },
  });
}

/** Whether the cached list of this name, which contains its filters as JSON, includes the newest entry of this kind. */
function belongs(storeFieldName: string, kind: string): boolean {
  const at = storeFieldName.indexOf('{');
  if (at < 0) return true;
  const { kinds, to }: { kinds?: readonly string[] | null; to?: string | null } = JSON.parse(storeFieldName.slice(at));
  return (!to || Date.parse(to) > Date.now()) && (!kinds || kinds.includes(kind));
}
