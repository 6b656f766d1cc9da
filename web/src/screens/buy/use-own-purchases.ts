/** A hook that keeps the panel's purchases up to date. */

import { useQuery } from '@apollo/client/react';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useOwnAccount, usePurchaseChanges, useReturn } from '../../data/live-context.ts';
import type { PurchaseRowFragment } from '../../gql/graphql.ts';
import { OwnPurchasesDocument } from './documents.ts';
import { isOpen } from './purchase-facts.tsx';

const PAGE = 10;
/** A purchase may end without credits (canceled, expired, unfunded), of which no balance tells. */
const LOOK_EVERY_MS = 15_000;

export interface OwnPurchases {
  /** null: not known yet. */
  readonly purchases: readonly PurchaseRowFragment[] | null;
  readonly hasFailed: boolean;
  readonly again: () => void;
  /** null: there are no more. */
  readonly more: (() => void) | null;
}

/** The panel's purchases, asked anew when its balance changes, and now and then while one is open and the tab is looked at. */
export function useOwnPurchases(): OwnPurchases {
  const version = useOwnAccount()?.version ?? 0;
  const isSeen = useDocumentVisibility() === 'visible';
  const { data, error, refetch, fetchMore } = useQuery(OwnPurchasesDocument, {
    variables: { first: PAGE },
    fetchPolicy: 'cache-and-network',
  });
  const list = data?.viewer.reseller?.purchases;
  const purchases = list?.edges.map(({ node }) => node) ?? null;
  const isWaiting = purchases?.some(({ status }) => isOpen(status)) ?? false;
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  usePurchaseChanges(({ id }) => {
    // One that a colleague made is in no list yet; what an unpaid one is paid with changes with its state.
    if (!purchases?.some((purchase) => purchase.id === id)) again();
  });

  const askedAt = useRef(version);
  useEffect(() => {
    if (askedAt.current === version) return;
    askedAt.current = version;
    refetch().catch(() => {});
  }, [version, refetch]);

  useEffect(() => {
    if (!isWaiting || !isSeen) return;
    const looking = setInterval(() => refetch().catch(() => {}), LOOK_EVERY_MS);
    return () => clearInterval(looking);
  }, [isWaiting, isSeen, refetch]);

  const { hasNextPage, endCursor } = list?.pageInfo ?? { hasNextPage: false, endCursor: null };
  const more = () => {
    fetchMore({ variables: { after: endCursor } }).catch(() => {});
  };
  return { purchases, hasFailed: error !== undefined && !data, again, more: hasNextPage ? more : null };
}
