/** Counts the sales that buyers have reported as paid, and plays a sound for each new one. */

import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { askAgain } from '../data/ask-again.ts';
import { useLive, useOnConnect, usePurchaseChanges } from '../data/live-context.ts';
import { WaitingSalesDocument } from '../data/waiting-sales.ts';
import { playAlert } from '../ui/alert-sound.ts';

/** For users who confirm sales, while the panel is not locked. Renders nothing. */
export function SaleAlerts() {
  const { purchases } = useLive();
  const { data, observable } = useQuery(WaitingSalesDocument, { fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnConnect(again);
  usePurchaseChanges(again);

  const reported = data?.viewer.sales?.edges.filter(({ node }) => node.status === 'PENDING' && node.reportedAt !== null);
  const count = reported?.length ?? 0;
  useEffect(() => {
    purchases.setReported(count);
    return () => purchases.setReported(0);
  }, [purchases, count]);

  // Reports from before the tab was opened make no sound.
  const heard = useRef<string | null>(null);
  const newest = reported?.reduce((latest, { node }) => (node.reportedAt && node.reportedAt > latest ? node.reportedAt : latest), '');
  useEffect(() => {
    if (newest === undefined) return;
    if (heard.current !== null && newest > heard.current) playAlert();
    if (heard.current === null || newest > heard.current) heard.current = newest;
  }, [newest]);
  return null;
}
