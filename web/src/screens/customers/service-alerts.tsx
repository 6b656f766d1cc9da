/** Watches for customers whose service failed, on every screen. Renders nothing. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { askAgain } from '../../data/ask-again.ts';
import { useLive, useOnReconnect } from '../../data/live-context.ts';
import { useThrottled } from '../../data/use-throttled.ts';
import { ServiceEventsDocument } from './access-documents.ts';
import { FailedServicesDocument } from './documents.ts';

/** Polling finds events that were missed while the connection was lost. */
const POLL_EVERY_MS = 60_000;
/** The events that can change the number of failures. */
const RELEVANT_EVENTS = ['SERVICE_READY', 'SERVICE_FAILED', 'SERVICE_RETRIED'];

/** For users who may see customers, while the panel is not locked. */
export function ServiceAlerts() {
  const { attention } = useLive();
  const { data, observable } = useQuery(FailedServicesDocument, { fetchPolicy: 'cache-and-network', pollInterval: POLL_EVERY_MS });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  const throttled = useThrottled(again);
  useSubscription(ServiceEventsDocument, {
    ignoreResults: true,
    onData: ({ data: { data: change } }) => {
      if (RELEVANT_EVENTS.some((event) => event === change?.customerChanged.event)) throttled();
    },
  });
  const isNeeded = (data?.viewer.reseller?.failed?.totalCount ?? 0) > 0;
  useEffect(() => {
    attention.set('/customers', isNeeded);
    return () => attention.set('/customers', false);
  }, [attention, isNeeded]);
  return null;
}
