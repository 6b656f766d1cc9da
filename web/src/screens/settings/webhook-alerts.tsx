/** Watches for webhooks that need the owner's attention, on every screen. Renders nothing. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { useLive, useReturn } from '../../data/live-context.ts';
import { useTogether } from '../../data/use-together.ts';
import type { EndpointFragment } from '../../gql/graphql.ts';
import { noteDead, useUnseenDead } from './seen-dead.ts';
import { WebhookEndpointChangedDocument, WebhookEndpointsDocument } from './webhook-documents.ts';

/** Polling finds events that were missed while the connection was lost. */
const LOOK_EVERY_MS = 60_000;

const NONE: readonly EndpointFragment[] = [];

const isDisabledByAnswers = ({ disabledReason }: EndpointFragment): boolean => disabledReason !== null && disabledReason !== 'BY_OWNER';

/** For the owner, while the panel is not locked. */
export function WebhookAlerts() {
  const { attention } = useLive();
  const { data, refetch } = useQuery(WebhookEndpointsDocument, { fetchPolicy: 'cache-and-network', pollInterval: LOOK_EVERY_MS });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  useSubscription(WebhookEndpointChangedDocument, { ignoreResults: true, onData: useTogether(again) });
  const endpoints = data?.viewer.webhookEndpoints ?? NONE;
  // A dead delivery stays in the list until it is replayed, or for 30 days. Once seen, it raises no alert again.
  const isUnseen = useUnseenDead(endpoints);
  const isNeeded = isUnseen || endpoints.some(isDisabledByAnswers);
  useEffect(() => noteDead(endpoints, false), [endpoints]);
  useEffect(() => {
    attention.set('/settings', isNeeded);
    return () => attention.set('/settings', false);
  }, [attention, isNeeded]);
  return null;
}
