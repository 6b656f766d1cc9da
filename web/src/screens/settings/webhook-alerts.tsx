/** Watches for webhooks that need the owner's attention, on every screen. Renders nothing. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { askAgain } from '../../data/ask-again.ts';
import { useLive, useOnReconnect } from '../../data/live-context.ts';
import { useThrottled } from '../../data/use-throttled.ts';
import type { EndpointFragment } from '../../gql/graphql.ts';
import { recordSeenFailures, useHasUnseenFailures } from './seen-failures.ts';
import { WebhookEndpointChangedDocument, WebhookEndpointsDocument } from './webhook-documents.ts';

/** Polling finds events that were missed while the connection was lost. */
const POLL_EVERY_MS = 60_000;

const NONE: readonly EndpointFragment[] = [];

const isDisabledByAnswers = ({ disabledReason }: EndpointFragment): boolean => disabledReason !== null && disabledReason !== 'BY_OWNER';

/** For the owner, while the panel is not locked. */
export function WebhookAlerts() {
  const { attention } = useLive();
  const { data, observable } = useQuery(WebhookEndpointsDocument, { fetchPolicy: 'cache-and-network', pollInterval: POLL_EVERY_MS });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  useSubscription(WebhookEndpointChangedDocument, { ignoreResults: true, onData: useThrottled(again) });
  const endpoints = data?.viewer.webhookEndpoints ?? NONE;
  // A dead delivery stays in the list until it is replayed, or for 30 days. Once seen, it raises no alert again.
  const isUnseen = useHasUnseenFailures(endpoints);
  const isNeeded = isUnseen || endpoints.some(isDisabledByAnswers);
  useEffect(() => recordSeenFailures(endpoints, false), [endpoints]);
  useEffect(() => {
    attention.set('/settings', isNeeded);
    return () => attention.set('/settings', false);
  }, [attention, isNeeded]);
  return null;
}
