/** The forms that suspend and resume a panel. */

import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import type { ResumeResellerInput, SuspendResellerInput } from '../../../gql/graphql.ts';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { type Panel, ResumeDocument, SuspendDocument } from '../documents.ts';

export function SuspendForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (reason) => (reason.trim() === '' ? t('problem.reason') : null) },
  });
  const intent = useIntent(
    async (apollo, input: SuspendResellerInput) =>
      (await apollo.mutate({ mutation: SuspendDocument, variables: { input } })).data?.suspendReseller,
    {
      onDone: () => {
        notifyDone(t('done.suspend', { name: panel.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ reason }) => intent.send(() => ({ resellerId: panel.id, reason })));
  return (
    <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('submit.suspend')} color="red">
      <Text size="sm">{t('text.suspend', { name: panel.name })}</Text>
      <TextInput
        label={t('form.reason')}
        description={t('form.reasonHint')}
        maxLength={500}
        data-autofocus
        {...form.getInputProps('reason')}
      />
    </IntentForm>
  );
}

export function ResumeForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const intent = useIntent(
    async (apollo, input: ResumeResellerInput) =>
      (await apollo.mutate({ mutation: ResumeDocument, variables: { input } })).data?.resumeReseller,
    {
      onDone: () => {
        notifyDone(t('done.resume', { name: panel.name }));
        onClose();
      },
    },
  );
  return (
    <IntentForm
      intent={intent}
      onSubmit={(event) => {
        event.preventDefault();
        intent.send(() => ({ resellerId: panel.id }));
      }}
      onCancel={onClose}
      submitLabel={t('submit.resume')}
    >
      <Text size="sm">{t('text.resume', { name: panel.name })}</Text>
    </IntentForm>
  );
}
