/** Gives components the session, the socket and the cache. */

import { useQuery } from '@apollo/client/react';
import { createContext, use, useEffect, useRef, useSyncExternalStore } from 'react';
import type { AccountStateFragment, SignedInFragment } from '../gql/graphql.ts';
import type { Place } from './attention.ts';
import type { ConnectionState } from './connection.ts';
import { ViewerDocument } from './documents.ts';
import type { Live } from './live.ts';
import type { PurchaseChange } from './purchase-changes.ts';
import type { SessionState } from './session.ts';
import type { UnsettledCommand } from './unsettled.ts';

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('nothing here is live');
  return live;
}

export function useSessionState(): SessionState {
  const { session } = useLive();
  return useSyncExternalStore(session.watch, session.state);
}

export function useConnectionState(): ConnectionState {
  const { connection } = useLive();
  return useSyncExternalStore(connection.watch, connection.state);
}

/** Calls back when the connection was lost and is there again. */
export function useReturn(listener: () => void): void {
  const { connection } = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => connection.onReturn(() => latest.current()), [connection]);
}

/**
 * Calls back when changes are pushed from now on: the connection is there for the first time, or again. For lists that are kept
 * by a subscription without versions: what changed between their answer and this moment is pushed to nobody.
 */
export function usePushBegins(listener: () => void): void {
  const { connection } = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => connection.onLive(() => latest.current()), [connection]);
}

/** Calls back when a purchase or a sale of the viewer has changed. */
export function usePurchaseChanges(listener: (change: PurchaseChange) => void): void {
  const { purchases } = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => purchases.listen((change) => latest.current(change)), [purchases]);
}

/** How many sales wait for the viewer of which the buyer says that they are paid for. */
export function useReportedSales(): number {
  const { purchases } = useLive();
  return useSyncExternalStore(purchases.watchReported, purchases.reported);
}

/** Whether something on this screen needs to be seen. */
export function useAttention(place: Place): boolean {
  const { attention } = useLive();
  return useSyncExternalStore(attention.watch, () => attention.isNeededAt(place));
}

export const ViewerContext = createContext<SignedInFragment | null>(null);

/** Who is signed in, as the cache has it now. Only below the shell, where somebody is. */
export function useViewer(): SignedInFragment {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('nobody is signed in');
  return viewer;
}

/** For the shell, which asks for everything below it: hundreds of rows that each watched the cache would each look at every change. */
export function useAskedViewer(): SignedInFragment {
  const { data } = useQuery(ViewerDocument, { fetchPolicy: 'cache-first' });
  const last = useRef(data);
  if (data) last.current = data;
  if (!last.current) throw new Error('nobody is signed in');
  return last.current.viewer;
}

/** The signed-in person's id; null at the door. */
export function useViewerId(): string | null {
  return useQuery(ViewerDocument, { fetchPolicy: 'cache-only' }).data?.viewer.user.id ?? null;
}

/** The viewer's commands that nobody knows the outcome of, and whose windows are gone. */
export function useUnsettled(): readonly UnsettledCommand[] {
  const { unsettled } = useLive();
  const userId = useViewerId();
  return useSyncExternalStore(unsettled.watch, unsettled.list).filter((command) => command.userId === userId);
}

/** The panel's own account, live; null for the platform. */
export function useOwnAccount(): AccountStateFragment | null {
  return useViewer().reseller?.account ?? null;
}

/** Whether the role may do it. The server decides; this hides what it would refuse. */
export function useMay(): { tree: boolean; credits: boolean; customers: boolean; owner: boolean; platform: boolean } {
  const { role } = useViewer();
  const owner = role === 'OWNER';
  return {
    tree: owner,
    credits: owner || role === 'FINANCE',
    customers: owner || role === 'OPERATOR',
    owner,
    platform: role === 'PLATFORM',
  };
}
