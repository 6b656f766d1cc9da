/** The dialog that creates an API key. */

import { Button, Code, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ApiKeyScope, CreateApiKeyInput } from '../../gql/graphql.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { ApiKeysDocument, CreateApiKeyDocument } from './documents.ts';
import { useChecks } from './rules.ts';

const SCOPES: readonly ApiKeyScope[] = ['READ', 'SPEND', 'MANAGE'];
/** Only for the root panel. */
const ROOT_SCOPES: readonly ApiKeyScope[] = [...SCOPES, 'SERVICE'];
const LIVES_DAYS = [30, 90, 365];
const DAY_MS = 86_400_000;

/** Creates a key and shows its secret once. */
export function CreateKeyWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const isRoot = useViewer().reseller?.depth === 0;
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const initialValues: { name: string; scope: ApiKeyScope; days: string } = { name: '', scope: 'READ', days: '90' };
  const form = useForm({ initialValues, validate: { name: useChecks().filled } });
  const intent = useIntent(
    async (apollo, input: CreateApiKeyInput) =>
      (await apollo.mutate({ mutation: CreateApiKeyDocument, variables: { input }, refetchQueries: [ApiKeysDocument] })).data?.createApiKey,
    {
      isShownOnce: true,
      onDone: ({ apiKey: { name }, secret }) => setMade({ name, secret }),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ name, scope, days }) =>
    intent.send(() => ({
      name: name.trim(),
      scope,
      expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
    })),
  );
  if (made) return <SecretWindow name={made.name} secret={made.secret} onClose={onClose} />;
  return (
    <IntentModal title={t('keys.create')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('keys.create')} onCancel={onClose}>
        <TextInput
          label={t('keys.name')}
          description={t('keys.nameHint')}
          maxLength={100}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Select
          label={t('keys.scope')}
          allowDeselect={false}
          data={(isRoot ? ROOT_SCOPES : SCOPES).map((value) => ({ value, label: t(`keys.scopes.${value}`) }))}
          {...form.getInputProps('scope')}
        />
        <Select
          label={t('keys.expires')}
          allowDeselect={false}
          data={[
            ...LIVES_DAYS.map((count) => ({ value: String(count), label: t('keys.days', { count }) })),
            { value: '', label: t('keys.never') },
          ]}
          {...form.getInputProps('days')}
        />
      </IntentForm>
    </IntentModal>
  );
}

function SecretWindow({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <IntentModal title={t('keys.secretTitle', { name })} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{t('keys.secretText')}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-testid="api-key">
          {secret}
        </Code>
        <Group justify="space-between">
          <CopyButton text={secret} label={t('keys.copy')} />
          <Button onClick={onClose}>{t('keys.kept')}</Button>
        </Group>
      </Stack>
    </IntentModal>
  );
}
