/** Notices customers whose service failed, for the whole application. Shows nothing itself. */

import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { useLive, useReturn } from '../../data/live-context.ts';
import { FailedServicesDocument } from './documents.ts';

/** The list of customers is live; elsewhere it is soon enough to be told within a minute. */
const LOOK_EVERY_MS = 60_000;

/** For whoever may see customers, while the panel is not locked. */
export function ServiceAlerts() {
  const { attention } = useLive();
  const { data, refetch } = useQuery(FailedServicesDocument, { fetchPolicy: 'cache-and-network', pollInterval: LOOK_EVERY_MS });
  useReturn(() => {
    refetch().catch(() => {});
  });
  const isNeeded = (data?.viewer.reseller?.failed?.totalCount ?? 0) > 0;
  useEffect(() => {
    attention.set('/customers', isNeeded);
    return () => attention.set('/customers', false);
  }, [attention, isNeeded]);
  return null;
}
