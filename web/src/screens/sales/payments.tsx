/** The settings of payment providers. */

import { useQuery } from '@apollo/client/react';
import { Badge, Card, Group, PasswordInput, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ProviderSettingsFragment, SetPaymentProviderInput } from '../../gql/graphql.ts';
import { CopyIcon } from '../../ui/copy-button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { PaymentProvidersDocument, SetPaymentProviderDocument } from './documents.ts';

/** How buyers can pay online. Secrets can be written but never read. */
export function Payments() {
  const { t } = useTranslation('buying');
  const { data, error, refetch } = useQuery(PaymentProvidersDocument, { fetchPolicy: 'cache-and-network' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  if (!data) return <FormSkeleton fields={3} />;
  const settings = data.viewer.paymentProviders ?? [];
  const of = (provider: 'STRIPE' | 'MERCADO_PAGO') => settings.find((each) => each.provider === provider) ?? null;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('payments.intro')}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Provider kind="mercadoPago" settings={of('MERCADO_PAGO')} />
        <Provider kind="stripe" settings={of('STRIPE')} />
      </SimpleGrid>
    </Stack>
  );
}

const EMPTY = { secretKey: '', accessToken: '', webhookSecret: '', pixKey: '', merchantName: '', merchantCity: '' };

function Provider({ kind, settings }: { kind: 'stripe' | 'mercadoPago'; settings: ProviderSettingsFragment | null }) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const form = useForm({
    initialValues: {
      ...EMPTY,
      // A provider that is not set up has no switch; saving its keys turns it on.
      enabled: settings?.enabled ?? true,
      pixKey: settings?.pixKey ?? '',
      merchantName: settings?.merchantName ?? '',
      merchantCity: settings?.merchantCity ?? '',
    },
  });
  const intent = useIntent(
    async (apollo, input: SetPaymentProviderInput) =>
      (await apollo.mutate({ mutation: SetPaymentProviderDocument, variables: { input }, refetchQueries: [PaymentProvidersDocument] })).data
        ?.setPaymentProvider,
    {
      onDone: () => {
        form.setValues({ secretKey: '', accessToken: '', webhookSecret: '' });
        notifyDone(t('payments.saved'));
      },
      onRefused: (refusal) => form.setErrors(withoutRoot(fieldProblems(refusal))),
    },
  );
  const submit = form.onSubmit((values) => intent.send(() => inputOf(kind, values)));
  const secret = { description: settings ? t('payments.secretHint') : undefined, autoComplete: 'off' };
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Text fw={600} component="h2" size="md">
          {t(`payments.${kind}`)}
        </Text>
        <Badge variant="light" color={settings?.enabled ? 'teal' : 'gray'}>
          {settings ? t(settings.enabled ? 'payments.enabled' : 'payments.disabled') : t('payments.notSet')}
        </Badge>
      </Group>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')}>
        {settings ? <Switch label={t('payments.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} /> : null}
        {kind === 'stripe' ? (
          <PasswordInput label={t('payments.secretKey')} {...secret} {...form.getInputProps('secretKey')} />
        ) : (
          <PasswordInput label={t('payments.accessToken')} {...secret} {...form.getInputProps('accessToken')} />
        )}
        <PasswordInput label={t('payments.webhookSecret')} {...secret} {...form.getInputProps('webhookSecret')} />
        {kind === 'mercadoPago' ? (
          <>
            <TextInput label={t('payments.pixKey')} {...form.getInputProps('pixKey')} />
            <TextInput label={t('payments.merchantName')} maxLength={25} {...form.getInputProps('merchantName')} />
            <TextInput label={t('payments.merchantCity')} maxLength={15} {...form.getInputProps('merchantCity')} />
          </>
        ) : null}
        {settings ? <Webhook path={settings.webhookPath} /> : null}
      </IntentForm>
    </Card>
  );
}

function Webhook({ path }: { path: string }) {
  const { t } = useTranslation('buying');
  const address = new URL(path, location.origin).href;
  return (
    <div>
      <Text size="sm" fw={500}>
        {t('payments.webhook')}
      </Text>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
        <CopyIcon text={address} label={t('payments.copyWebhook')} />
      </Group>
    </div>
  );
}

/** An empty field keeps the stored value. */
function inputOf(kind: 'stripe' | 'mercadoPago', { enabled, ...texts }: typeof EMPTY & { enabled: boolean }): SetPaymentProviderInput {
  const given = (name: keyof typeof EMPTY) => texts[name].trim() || null;
  const webhookSecret = given('webhookSecret');
  if (kind === 'stripe') return { stripe: { enabled, secretKey: given('secretKey'), webhookSecret } };
  const pix = { pixKey: given('pixKey'), merchantName: given('merchantName'), merchantCity: given('merchantCity') };
  return { mercadoPago: { enabled, accessToken: given('accessToken'), webhookSecret, ...pix } };
}

function withoutRoot(problems: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(problems).map(([path, message]) => [path.replace(/^(stripe|mercadoPago)\./, ''), message]));
}
