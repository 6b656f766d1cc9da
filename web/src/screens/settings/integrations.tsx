/** The webhook endpoints of the panel. */

import { useQuery } from '@apollo/client/react';
import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import type { EndpointFragment } from '../../gql/graphql.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { DeliveriesWindow } from './deliveries-window.tsx';
import { EndpointWindow } from './endpoint-window.tsx';
import { RemoveEndpointWindow, RotateSecretWindow } from './endpoint-windows.tsx';
import { VerificationExamples } from './verification-examples.tsx';
import { WebhookEndpointsDocument } from './webhook-documents.ts';

type OpenAction =
  | { readonly what: 'create' }
  | { readonly what: 'edit' | 'remove' | 'rotate' | 'deliveries'; readonly endpoint: EndpointFragment };

/** The list of endpoints, with their events and failures. */
export function Integrations() {
  const { t } = useTranslation('settings');
  const [doing, setDoing] = useState<OpenAction | null>(null);
  const { data, error, observable } = useQuery(WebhookEndpointsDocument, { fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  const endpoints = data?.viewer.webhookEndpoints;
  if (!endpoints) return <ListSkeleton />;
  const close = () => setDoing(null);
  const create = (
    <ActionButton spends={false} leftSection={<IconWebhook size={16} aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
      {t('webhooks.create')}
    </ActionButton>
  );
  return (
    <Stack gap="md">
      {endpoints.length === 0 ? (
        <EmptyState icon={IconWebhook} title={t('webhooks.none')} action={create}>
          {t('webhooks.noneText')}
        </EmptyState>
      ) : (
        <>
          <Group>{create}</Group>
          <Text size="sm" c="dimmed">
            {t('webhooks.text')}
          </Text>
          {endpoints.map((endpoint) => (
            <Row key={endpoint.id} endpoint={endpoint} onDo={(what) => setDoing({ what, endpoint })} />
          ))}
        </>
      )}
      <VerificationExamples />
      {doing?.what === 'create' ? <EndpointWindow endpoint={null} onClose={close} /> : null}
      {doing?.what === 'edit' ? <EndpointWindow endpoint={doing.endpoint} onClose={close} /> : null}
      {doing?.what === 'remove' ? <RemoveEndpointWindow endpoint={doing.endpoint} onClose={close} /> : null}
      {doing?.what === 'rotate' ? <RotateSecretWindow endpoint={doing.endpoint} onClose={close} /> : null}
      {doing?.what === 'deliveries' ? (
        <DeliveriesWindow endpoint={endpoints.find(({ id }) => id === doing.endpoint.id) ?? doing.endpoint} onClose={close} />
      ) : null}
    </Stack>
  );
}

const ACTIONS = ['deliveries', 'edit', 'rotate', 'remove'] as const;

/** Viewing deliveries only reads, so a locked panel may do it; the other actions change something. */
function Act({ what, ...props }: ComponentProps<typeof ActionButton> & { what: (typeof ACTIONS)[number] }) {
  return what === 'deliveries' ? <Button {...props} /> : <ActionButton spends={false} {...props} />;
}

function Row({ endpoint, onDo }: { endpoint: EndpointFragment; onDo: (what: (typeof ACTIONS)[number]) => void }) {
  const { t } = useTranslation('settings');
  const { dead, disabledReason, enabled, events, scope, url } = endpoint;
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group gap="xs" justify="space-between">
          <Text fw={600} className="typed" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </Text>
          <Badge color={enabled ? 'green' : 'red'} variant="light">
            {t(enabled ? 'webhooks.on' : 'webhooks.off')}
          </Badge>
        </Group>
        {disabledReason ? (
          <Text size="sm" c="red">
            {t(`webhooks.reasons.${disabledReason as 'BY_OWNER' | 'GONE' | 'FAILING'}`)}
          </Text>
        ) : null}
        {dead.edges.length > 0 ? (
          <Text size="sm" c="red">
            {t('webhooks.dead')}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed">
          {t(`webhooks.scopes.${scope}`)} · {events.map((event) => t(`webhooks.events.${event}`)).join(', ')}
        </Text>
        <Group gap="xs">
          {ACTIONS.map((what) => (
            <Act
              key={what}
              what={what}
              size="compact-sm"
              variant="subtle"
              color={what === 'remove' ? 'red' : undefined}
              aria-label={t('webhooks.of', { what: t(`webhooks.${what}`), url })}
              onClick={() => onDo(what)}
            >
              {t(`webhooks.${what}`)}
            </Act>
          ))}
        </Group>
      </Stack>
    </Card>
  );
}
