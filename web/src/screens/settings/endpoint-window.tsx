/** The dialog that creates or edits a webhook endpoint. */

import { Checkbox, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type {
  CreateWebhookEndpointInput,
  EndpointFragment,
  UpdateWebhookEndpointInput,
  WebhookEvent,
  WebhookScope,
} from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { SecretWindow } from './endpoint-windows.tsx';
import { useChecks } from './rules.ts';
import { CreateWebhookEndpointDocument, UpdateWebhookEndpointDocument, WebhookEndpointsDocument } from './webhook-documents.ts';

const EVENTS: readonly WebhookEvent[] = [
  ...(['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_SCREENS_CHANGED', 'CUSTOMER_CANCELED', 'CUSTOMER_EXPIRED'] as const),
  ...(['CUSTOMER_MOVED', 'TRIAL_STARTED', 'ACCESS_RESET', 'SPENDING_UNDONE'] as const),
  ...(['SERVICE_READY', 'SERVICE_FAILED', 'SERVICE_RETRIED'] as const),
  ...(['ACCOUNT_CHANGED', 'ACCOUNT_LOCKED', 'ACCOUNT_UNLOCKED', 'ACCOUNT_LOW'] as const),
  ...(['PURCHASE_CHANGED', 'RESELLER_CREATED', 'RESELLER_STATUS_CHANGED'] as const),
  'CUSTOMER_REMINDED',
];
/** The default selection: the events that a service's server needs. */
const USUAL = EVENTS.slice(0, 9);

interface Values {
  url: string;
  scope: WebhookScope;
  events: string[];
  enabled: boolean;
}

/** The secret of a new endpoint is shown once. */
export function EndpointWindow({ endpoint, onClose }: { endpoint: EndpointFragment | null; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const isRoot = useViewer().reseller?.depth === 0;
  const [secret, setSecret] = useState<string | null>(null);
  const initialValues: Values = endpoint
    ? { ...endpoint, events: [...endpoint.events] }
    : { url: 'https://', scope: isRoot ? 'TENANT' : 'PANEL', events: [...USUAL], enabled: true };
  const { filled } = useChecks();
  const form = useForm({ initialValues, validate: { url: filled } });
  const onRefused = (refusal: Parameters<typeof fieldProblems>[0]) => form.setErrors(fieldProblems(refusal));
  const creating = useIntent(
    async (apollo, input: CreateWebhookEndpointInput) =>
      (await apollo.mutate({ mutation: CreateWebhookEndpointDocument, variables: { input }, refetchQueries: [WebhookEndpointsDocument] }))
        .data?.createWebhookEndpoint,
    { isShownOnce: true, onDone: (done) => setSecret(done.secret), onRefused },
  );
  const updating = useIntent(
    async (apollo, input: UpdateWebhookEndpointInput) =>
      (await apollo.mutate({ mutation: UpdateWebhookEndpointDocument, variables: { input } })).data?.updateWebhookEndpoint,
    {
      onDone: () => {
        notifyDone(t('saved'));
        onClose();
      },
      onRefused,
    },
  );
  const submit = form.onSubmit(({ enabled, events, scope, url }) => {
    const chosen = EVENTS.filter((event) => events.includes(event));
    if (endpoint) updating.send(() => ({ endpointId: endpoint.id, url: url.trim(), events: chosen, enabled }));
    else creating.send(() => ({ url: url.trim(), scope, events: chosen }));
  });
  if (secret !== null) return <SecretWindow secret={secret} onClose={onClose} />;
  const title = t(endpoint ? 'webhooks.edit' : 'webhooks.create');
  return (
    <IntentModal title={title} onClose={onClose}>
      <IntentForm
        intent={endpoint ? updating : creating}
        onSubmit={submit}
        submitLabel={t(endpoint ? 'webhooks.save' : 'webhooks.create')}
        onCancel={onClose}
      >
        <TextInput
          label={t('webhooks.url')}
          description={t('webhooks.urlHint')}
          type="url"
          maxLength={2000}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('url')}
        />
        {isRoot && !endpoint ? (
          <Select
            label={t('webhooks.scope')}
            allowDeselect={false}
            data={(['TENANT', 'PANEL'] as const).map((value) => ({ value, label: t(`webhooks.scopes.${value}`) }))}
            {...form.getInputProps('scope')}
          />
        ) : null}
        <Checkbox.Group label={t('webhooks.which')} {...form.getInputProps('events')}>
          <Stack gap={6} mt={6}>
            {EVENTS.map((event) => (
              <Checkbox key={event} value={event} label={t(`webhooks.events.${event}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        {endpoint ? <Switch label={t('webhooks.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} /> : null}
      </IntentForm>
    </IntentModal>
  );
}
