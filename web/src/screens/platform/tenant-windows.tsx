/** The dialogs that create a tenant and issue credits. */

import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CreateTenantInput, IssueCreditsInput, TenantRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { amountOf, CreditsInput } from '../../ui/credits-input.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { useChecks } from '../settings/rules.ts';
import { CreateTenantDocument, IssueCreditsDocument, TenantsDocument } from './documents.ts';

export function CreateTenantWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const checks = useChecks();
  const form = useForm({
    initialValues: { name: '', ownerEmail: '', ownerPassword: '' },
    validate: { name: checks.filled, ownerEmail: checks.filled, ownerPassword: checks.password },
  });
  const intent = useIntent(
    async (apollo, input: CreateTenantInput) =>
      (await apollo.mutate({ mutation: CreateTenantDocument, variables: { input }, refetchQueries: [TenantsDocument] })).data?.createTenant,
    {
      onDone: ({ reseller: { name } }) => {
        notifyDone(t('platform.created', { name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ name, ownerEmail, ownerPassword }) =>
    intent.send((idempotencyKey) => ({ name: name.trim(), ownerEmail: ownerEmail.trim(), ownerPassword, idempotencyKey })),
  );
  return (
    <IntentModal title={t('platform.create')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('platform.createNow')} onCancel={onClose}>
        <TextInput label={t('platform.name')} maxLength={100} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('platform.ownerEmail')} type="email" autoComplete="off" {...form.getInputProps('ownerEmail')} />
        <PasswordInput
          label={t('platform.ownerPassword')}
          description={t('team.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('ownerPassword')}
        />
      </IntentForm>
    </IntentModal>
  );
}

export function IssueWindow({ tenant: { id: resellerId, name }, onClose }: { tenant: TenantRowFragment; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const initialValues: { amount: number | string; memo: string } = { amount: '', memo: '' };
  const form = useForm({ initialValues, validate: { amount: (value) => (amountOf(value) === null ? t('platform.atLeast') : null) } });
  const intent = useIntent(
    async (apollo, input: IssueCreditsInput) =>
      (await apollo.mutate({ mutation: IssueCreditsDocument, variables: { input } })).data?.issueCredits,
    {
      onDone: ({ transfer }) => {
        notifyDone(t('platform.issued', { amount: format.number(transfer.amount), name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ amount, memo }) =>
    intent.send((idempotencyKey) => ({ resellerId, amount: Number(amount), memo: memo.trim() || null, idempotencyKey })),
  );
  return (
    <IntentModal title={t('platform.issueTo', { name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('platform.issue')} onCancel={onClose}>
        <CreditsInput label={t('platform.amount')} data-autofocus {...form.getInputProps('amount')} />
        <TextInput label={t('platform.memo')} description={t('platform.memoHint')} maxLength={500} {...form.getInputProps('memo')} />
      </IntentForm>
    </IntentModal>
  );
}
