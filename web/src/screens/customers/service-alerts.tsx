/** Notices customers whose service failed, for the whole application. Shows nothing itself. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { useLive, useReturn } from '../../data/live-context.ts';
import { ServiceEventsDocument } from './access-documents.ts';
import { FailedServicesDocument } from './documents.ts';

/** After what services said it is asked anew, once for all that they say meanwhile: one that fails does so for many customers. */
const TOGETHER_MS = 1_000;
/** What is missed while the connection is away. */
const LOOK_EVERY_MS = 60_000;
/** What services say, and that they are asked again. */
const SAID = ['SERVICE_READY', 'SERVICE_FAILED', 'SERVICE_RETRIED'];

/** For whoever may see customers, while the panel is not locked. */
export function ServiceAlerts() {
  const { attention } = useLive();
  const { data, refetch } = useQuery(FailedServicesDocument, { fetchPolicy: 'cache-and-network', pollInterval: LOOK_EVERY_MS });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  const due = useRef<number | undefined>(undefined);
  useSubscription(ServiceEventsDocument, {
    ignoreResults: true,
    onData: ({ data: { data: change } }) => {
      if (due.current !== undefined || !SAID.some((event) => event === change?.customerChanged.event)) return;
      due.current = window.setTimeout(() => {
        due.current = undefined;
        again();
      }, TOGETHER_MS);
    },
  });
  useEffect(
    () => () => {
      window.clearTimeout(due.current);
      due.current = undefined;
    },
    [],
  );
  const isNeeded = (data?.viewer.reseller?.failed?.totalCount ?? 0) > 0;
  useEffect(() => {
    attention.set('/customers', isNeeded);
    return () => attention.set('/customers', false);
  }, [attention, isNeeded]);
  return null;
}
