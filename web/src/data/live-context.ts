/** Gives components the session, the socket and the cache. */

import { useQuery } from '@apollo/client/react';
import { createContext, use, useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react';
import type { AccountStateFragment, SignedInFragment } from '../gql/graphql.ts';
import type { Place } from './attention.ts';
import type { ConnectionState } from './connection.ts';
import { ViewerDocument } from './documents.ts';
import type { Live } from './live.ts';
import type { PurchaseChange } from './purchase-changes.ts';
import type { SessionState } from './session.ts';
import type { UnsettledCommand } from './unsettled.ts';

/** Only an overloaded server begins a subscription later than this. */
const BEGUN_AFTER_MS = 4_500;

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('there is no LiveContext');
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

/** Calls back when a lost connection is restored. */
export function useOnReconnect(listener: () => void): void {
  const { connection } = useLive();
  const onEvent = useEffectEvent(listener);
  useEffect(() => connection.onReconnect(() => onEvent()), [connection]);
}

/**
 * Calls back when the connection is established, for the first time or again, and once more after subscriptions should have begun. For lists
 * that a subscription without versions keeps up to date: changes between the list's response and this moment are not pushed.
 */
export function useOnConnect(listener: () => void): void {
  const { connection } = useLive();
  const onEvent = useEffectEvent(listener);
  useEffect(() => connection.onConnect(() => onEvent()), [connection]);
  useOnceBegun(listener);
}

/**
 * Calls back once, some seconds after the component has appeared or the connection was established. A subscription begins a moment
 * after its request, which nothing reports, and a change in this moment is pushed to nobody.
 */
export function useOnceBegun(listener: () => void): void {
  const { connection } = useLive();
  const onEvent = useEffectEvent(listener);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => onEvent(), BEGUN_AFTER_MS);
    };
    later();
    const stop = connection.onConnect(later);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [connection]);
}

/** Calls back when one of the viewer's purchases or sales changes. */
export function usePurchaseChanges(listener: (change: PurchaseChange) => void): void {
  const { purchases } = useLive();
  const onEvent = useEffectEvent(listener);
  useEffect(() => purchases.listen((change) => onEvent(change)), [purchases]);
}

/** The number of unconfirmed sales that the buyers have reported as paid. */
export function useReportedSales(): number {
  const { purchases } = useLive();
  return useSyncExternalStore(purchases.watchReported, purchases.reported);
}

/** Whether this screen needs the person's attention. */
export function useAttention(place: Place): boolean {
  const { attention } = useLive();
  return useSyncExternalStore(attention.watch, () => attention.isNeededAt(place));
}

export const ViewerContext = createContext<SignedInFragment | null>(null);

/** The signed-in viewer, from the cache. Only for components inside the shell. */
export function useViewer(): SignedInFragment {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('nobody is signed in');
  return viewer;
}

/** For the shell, which reads the viewer for all components inside. Hundreds of rows would otherwise each watch every cache change. */
export function useViewerQuery(): SignedInFragment {
  const { data } = useQuery(ViewerDocument, { fetchPolicy: 'cache-first' });
  const last = useRef(data);
  if (data) last.current = data;
  if (!last.current) throw new Error('nobody is signed in');
  return last.current.viewer;
}

/** The signed-in user's id; null on the sign-in screen. */
export function useViewerId(): string | null {
  return useQuery(ViewerDocument, { fetchPolicy: 'cache-only' }).data?.viewer.user.id ?? null;
}

/** The viewer's commands whose outcome is unknown and whose dialogs are closed. */
export function useUnsettled(): readonly UnsettledCommand[] {
  const { unsettled } = useLive();
  const userId = useViewerId();
  return useSyncExternalStore(unsettled.watch, unsettled.list).filter((command) => command.userId === userId);
}

/** The panel's own account, kept live; null for the platform. */
export function useOwnAccount(): AccountStateFragment | null {
  return useViewer().reseller?.account ?? null;
}

/** What the viewer's role may do. The server decides; the screens hide what it would refuse. */
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
