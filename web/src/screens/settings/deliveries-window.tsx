/** The dialog with an endpoint's deliveries, sent and pending. */

import { useMutation, useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import { isRefusal } from '../../data/refusal.ts';
import type { DeliveryStatus, EndpointFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { ReplayForm } from './replay-form.tsx';
import { recordSeenFailures } from './seen-failures.ts';
import { DeliveriesDocument, ReplayEventsDocument, SendTestEventDocument, WebhookEndpointsDocument } from './webhook-documents.ts';

const PAGE = 20;
const STATUSES: readonly DeliveryStatus[] = ['PENDING', 'RETRYING', 'DELIVERED', 'DEAD'];
const COLORS: Readonly<Record<DeliveryStatus, string>> = { PENDING: 'gray', RETRYING: 'orange', DELIVERED: 'green', DEAD: 'red' };
/** Pending deliveries change without an action of the person, so the list is polled. */
const POLL_EVERY_MS = 3_000;

export function DeliveriesWindow({ endpoint, onClose }: { endpoint: EndpointFragment; onClose: () => void }) {
  const { id, url } = endpoint;
  useEffect(() => recordSeenFailures([endpoint], true), [endpoint]);
  const disabledReason = useActionDisabledReason()(false);
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const format = useFormat();
  const why = disabledReason ?? (endpoint.enabled ? null : t('webhooks.nothingWhileOff'));
  const enabled = why === null;
  const [status, setStatus] = useState<DeliveryStatus | null>(null);
  const [hasOlder, setHasOlder] = useState(false);
  const { data, error, observable, fetchMore } = useQuery(DeliveriesDocument, {
    variables: { id, first: PAGE, status },
    fetchPolicy: 'cache-and-network',
    // Polling fetches only the first page, so it would remove older pages that were added.
    pollInterval: hasOlder ? 0 : POLL_EVERY_MS,
  });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  const refusalText = useRefusalText();
  const onError = () => notifyProblem(common('failure.unreachable'));
  const [test, testing] = useMutation(SendTestEventDocument, {
    onError,
    onCompleted: ({ sendTestEvent: done }) => {
      if (isRefusal(done) && done.code !== 'INVALID_STATE') notifyProblem(refusalText(done));
      again();
    },
  });
  const [replay] = useMutation(ReplayEventsDocument, {
    onError,
    // The list of endpoints shows whether any delivery was given up.
    refetchQueries: [WebhookEndpointsDocument],
    onCompleted: ({ replayEvents: done }) => {
      if (isRefusal(done)) notifyProblem(refusalText(done));
      again();
    },
  });
  const refusal = testing.data?.sendTestEvent.__typename === 'InvalidStateError';
  const deliveries = data?.node?.__typename === 'WebhookEndpoint' ? data.node.deliveries : null;
  return (
    <IntentModal title={t('webhooks.deliveries')} onClose={onClose}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {url}
        </Text>
        <Group align="end" justify="space-between">
          <Select
            label={t('webhooks.status')}
            clearable
            placeholder={t('webhooks.all')}
            value={status}
            onChange={(value) => {
              setStatus(STATUSES.find((one) => one === value) ?? null);
              setHasOlder(false);
            }}
            data={STATUSES.map((value) => ({ value, label: t(`webhooks.statuses.${value}`) }))}
          />
          <Button variant="default" disabled={!enabled} onClick={() => test({ variables: { input: { endpointId: id } } }).catch(() => {})}>
            {t('webhooks.test')}
          </Button>
        </Group>
        {why === null ? null : <Text size="sm">{why}</Text>}
        {refusal ? <Text size="sm">{t('webhooks.testWaits')}</Text> : null}
        {error && !data ? <Failure onRetry={again} /> : null}
        {deliveries === null && !error ? <ListSkeleton /> : null}
        {deliveries?.edges.length === 0 ? <Text size="sm">{t('webhooks.nothing')}</Text> : null}
        {deliveries?.edges.map(({ node }) => (
          <Group key={node.id} justify="space-between" wrap="nowrap" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm">{t(`webhooks.events.${node.event}`)}</Text>
              <Text size="xs" c="dimmed">
                {[
                  format.dayAndTime(node.createdAt),
                  t('webhooks.version', { version: node.version }),
                  t('webhooks.attempts', { count: node.attempts }),
                  ...(node.lastError ? [node.lastError] : []),
                  ...(node.status === 'RETRYING' && node.nextAttemptAt
                    ? [t('webhooks.next', { at: format.dayAndTime(node.nextAttemptAt) })]
                    : []),
                ].join(' · ')}
              </Text>
            </div>
            <Stack gap={4} align="flex-end" style={{ flexShrink: 0 }}>
              <Badge color={COLORS[node.status]} variant="light">
                {t(`webhooks.statuses.${node.status}`)}
              </Badge>
              {enabled && (node.status === 'DEAD' || node.status === 'DELIVERED') ? (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => replay({ variables: { input: { deliveryId: node.id } } }).catch(() => {})}
                >
                  {t('webhooks.replay')}
                </Button>
              ) : null}
            </Stack>
          </Group>
        ))}
        {enabled ? <ReplayForm endpointId={id} onDone={again} /> : null}
        {deliveries?.pageInfo.hasNextPage ? (
          <Button
            variant="subtle"
            onClick={() => {
              setHasOlder(true);
              fetchMore({
                variables: { after: deliveries.pageInfo.endCursor },
                updateQuery: (before, { fetchMoreResult: more }) => {
                  if (before.node?.__typename !== 'WebhookEndpoint' || more.node?.__typename !== 'WebhookEndpoint') return before;
                  const edges = [...before.node.deliveries.edges, ...more.node.deliveries.edges];
                  return { ...more, node: { ...more.node, deliveries: { ...more.node.deliveries, edges } } };
                },
              }).catch(onError);
            }}
          >
            {common('actions.more')}
          </Button>
        ) : null}
      </Stack>
    </IntentModal>
  );
}
