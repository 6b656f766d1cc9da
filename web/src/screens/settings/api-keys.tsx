/** The list of API keys. */

import { useQuery } from '@apollo/client/react';
import { Badge, Card, Code, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { KeyFragment, RevokeApiKeyInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { CreateKeyWindow } from './create-key-window.tsx';
import { ApiKeysDocument, RevokeApiKeyDocument } from './documents.ts';

const PAGE = 50;

/** The API keys, with which programs sign in. */
export function ApiKeys() {
  const { t } = useTranslation('settings');
  const [doing, setDoing] = useState<'create' | KeyFragment | null>(null);
  const { data, error, observable, fetchMore } = useQuery(ApiKeysDocument, {
    variables: { first: PAGE },
    fetchPolicy: 'cache-and-network',
  });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  const keys = data?.viewer.apiKeys;
  if (!keys) return <ListSkeleton />;
  const create = (
    <ActionButton spends={false} leftSection={<IconKey size={16} aria-hidden />} onClick={() => setDoing('create')}>
      {t('keys.create')}
    </ActionButton>
  );
  return (
    <Stack gap="md">
      {keys.edges.length === 0 ? (
        <EmptyState icon={IconKey} title={t('keys.none')} action={create}>
          {t('keys.noneText')}
        </EmptyState>
      ) : (
        <>
          <Group>{create}</Group>
          <Text size="sm" c="dimmed">
            {t('keys.text')}
          </Text>
          {keys.edges.map(({ node }) => (
            <Row key={node.id} apiKey={node} onRevoke={() => setDoing(node)} />
          ))}
        </>
      )}
      {keys.pageInfo.hasNextPage ? (
        <MoreButton onMore={() => fetchMore({ variables: { after: keys.pageInfo.endCursor } }).catch(() => {})} />
      ) : null}
      {doing === 'create' ? <CreateKeyWindow onClose={() => setDoing(null)} /> : null}
      {doing !== null && doing !== 'create' ? <RevokeWindow apiKey={doing} onClose={() => setDoing(null)} /> : null}
    </Stack>
  );
}

function Row({ apiKey, onRevoke }: { apiKey: KeyFragment; onRevoke: () => void }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { name, prefix, scope, createdAt, expiresAt, lastUsedAt, revokedAt } = apiKey;
  const hasExpired = expiresAt != null && Date.parse(expiresAt) <= Date.now();
  const facts = [
    t('keys.created', { at: format.day(createdAt) }),
    lastUsedAt ? t('keys.used', { at: format.dayAndTime(lastUsedAt) }) : t('keys.unused'),
    expiresAt ? t('keys.until', { at: format.day(expiresAt) }) : t('keys.never'),
  ];
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} className="typed">
              {name}
            </Text>
            <Code>{prefix}…</Code>
            <Badge variant="light">{t(`keys.scopes.${scope}`)}</Badge>
          </Group>
          <Text size="xs" c="dimmed">
            {facts.join(' · ')}
          </Text>
        </div>
        {revokedAt || hasExpired ? (
          <Badge color="gray" variant="light">
            {t(revokedAt ? 'keys.revoked' : 'keys.expired')}
          </Badge>
        ) : (
          <ActionButton
            spends={false}
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={t('keys.revokeOf', { name })}
            onClick={onRevoke}
          >
            {t('keys.revoke')}
          </ActionButton>
        )}
      </Group>
    </Card>
  );
}

function RevokeWindow({ apiKey: { id, name }, onClose }: { apiKey: KeyFragment; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const intent = useIntent(
    async (apollo, input: RevokeApiKeyInput) =>
      (await apollo.mutate({ mutation: RevokeApiKeyDocument, variables: { input } })).data?.revokeApiKey,
    {
      onDone: () => {
        notifyDone(t('keys.revokedDone', { name }));
        onClose();
      },
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    intent.send(() => ({ apiKeyId: id }));
  };
  return (
    <IntentModal title={t('keys.revokeTitle', { name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('keys.revoke')} onCancel={onClose} color="red">
        <Text size="sm">{t('keys.revokeText')}</Text>
      </IntentForm>
    </IntentModal>
  );
}
