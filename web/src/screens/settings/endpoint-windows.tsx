/** The dialogs that replace an endpoint's secret, show one, and remove an endpoint. */

import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { EndpointFragment, RemoveWebhookEndpointInput, RotateWebhookSecretInput } from '../../gql/graphql.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { RemoveWebhookEndpointDocument, RotateWebhookSecretDocument, WebhookEndpointsDocument } from './webhook-documents.ts';

interface Props {
  readonly endpoint: EndpointFragment;
  readonly onClose: () => void;
}

/** Shows the secret once. */
export function SecretWindow({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <IntentModal title={t('webhooks.secretTitle')} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{t('webhooks.secretText')}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-testid="webhook-secret">
          {secret}
        </Code>
        <Group justify="space-between">
          <CopyButton text={secret} label={t('webhooks.copySecret')} />
          <Button onClick={onClose}>{t('keys.kept')}</Button>
        </Group>
      </Stack>
    </IntentModal>
  );
}

export function RotateSecretWindow({ endpoint: { id }, onClose }: Props) {
  const { t } = useTranslation('settings');
  const [secret, setSecret] = useState<string | null>(null);
  const intent = useIntent(
    async (apollo, input: RotateWebhookSecretInput) =>
      (await apollo.mutate({ mutation: RotateWebhookSecretDocument, variables: { input } })).data?.rotateWebhookSecret,
    { isShownOnce: true, onDone: (done) => setSecret(done.secret) },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    intent.send(() => ({ endpointId: id }));
  };
  if (secret !== null) return <SecretWindow secret={secret} onClose={onClose} />;
  return (
    <IntentModal title={t('webhooks.rotate')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('webhooks.rotate')} onCancel={onClose}>
        <Text size="sm">{t('webhooks.rotateText')}</Text>
      </IntentForm>
    </IntentModal>
  );
}

export function RemoveEndpointWindow({ endpoint: { id, url }, onClose }: Props) {
  const { t } = useTranslation('settings');
  const intent = useIntent(
    async (apollo, input: RemoveWebhookEndpointInput) =>
      (await apollo.mutate({ mutation: RemoveWebhookEndpointDocument, variables: { input }, refetchQueries: [WebhookEndpointsDocument] }))
        .data?.removeWebhookEndpoint,
    {
      onDone: () => {
        notifyDone(t('webhooks.removed'));
        onClose();
      },
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    intent.send(() => ({ endpointId: id }));
  };
  return (
    <IntentModal title={t('webhooks.removeTitle')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('webhooks.remove')} onCancel={onClose} color="red">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {url}
        </Text>
        <Text size="sm">{t('webhooks.removeText')}</Text>
      </IntentForm>
    </IntentModal>
  );
}
