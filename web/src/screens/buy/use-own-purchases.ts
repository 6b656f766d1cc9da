/** A hook that keeps the panel's purchases up to date. */

import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { askAgain } from '../../data/ask-again.ts';
import { useOnConnect, useOwnAccount, usePurchaseChanges } from '../../data/live-context.ts';
import type { PurchaseRowFragment } from '../../gql/graphql.ts';
import { OwnPurchasesDocument } from './documents.ts';

const PAGE = 10;
/** A purchase expires by the server's clock. Nothing is written then, so nothing is pushed, and the list must be fetched again. */
const AFTER_ITS_END_MS = 1_000;
const POLL_EVERY_MS = 60_000;
/** The longest delay of a browser's timer. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface OwnPurchases {
  /** null while loading. */
  readonly purchases: readonly PurchaseRowFragment[] | null;
  readonly hasFailed: boolean;
  readonly again: () => void;
  /** null: there are no more pages. */
  readonly more: (() => void) | null;
}

/** The panel's purchases. Fetches them again when one of them or the balance changes, and when the next one expires. */
export function useOwnPurchases(): OwnPurchases {
  const version = useOwnAccount()?.version ?? 0;
  const { data, error, observable, fetchMore } = useQuery(OwnPurchasesDocument, {
    variables: { first: PAGE },
    fetchPolicy: 'cache-and-network',
  });
  const list = data?.viewer.reseller?.purchases;
  const purchases = list?.edges.map(({ node }) => node) ?? null;
  const firstEnd = purchases?.flatMap(({ expiresAt, status }) => (status === 'PENDING' ? [expiresAt] : [])).sort()[0];
  const again = () => askAgain(observable);
  useOnConnect(again);
  // A colleague's new purchase is in no list yet, and the payment data of an unpaid purchase changes with its status.
  usePurchaseChanges(again);

  const askedAt = useRef(version);
  useEffect(() => {
    if (askedAt.current === version) return;
    askedAt.current = version;
    askAgain(observable);
  }, [version, observable]);

  useEffect(() => {
    if (firstEnd === undefined) return;
    const leftMs = Math.max(0, Date.parse(firstEnd) - Date.now()) + AFTER_ITS_END_MS;
    // This device's clock may be ahead of the server's, so the query repeats.
    const poll = () => {
      askAgain(observable);
      timer = setTimeout(poll, POLL_EVERY_MS);
    };
    let timer = setTimeout(poll, Math.min(LONGEST_TIMER_MS, leftMs));
    return () => clearTimeout(timer);
  }, [firstEnd, observable]);

  const { hasNextPage, endCursor } = list?.pageInfo ?? { hasNextPage: false, endCursor: null };
  const more = () => {
    fetchMore({ variables: { after: endCursor } }).catch(() => {});
  };
  return { purchases, hasFailed: error !== undefined && !data, again, more: hasNextPage ? more : null };
}
