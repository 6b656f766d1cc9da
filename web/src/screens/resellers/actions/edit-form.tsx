/** The form that changes a panel's name and reserve threshold. */

import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import type { UpdateResellerInput } from '../../../gql/graphql.ts';
import { amountOf, CreditsInput } from '../../../ui/credits-input.tsx';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { type Panel, RenameDocument } from '../documents.ts';

/** Changes a panel's name and the balance at which it is warned. */
export function EditForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const form = useForm<{ name: string; reserveThreshold: string | number }>({
    initialValues: { name: panel.name, reserveThreshold: panel.account.reserveThreshold },
    validate: {
      name: (name) => (name.trim() === '' || name.trim().length > 100 ? t('problem.name') : null),
      reserveThreshold: (threshold) => (amountOf(threshold, 0) === null ? t('problem.atLeast', { amount: 0 }) : null),
    },
  });
  const intent = useIntent(
    async (apollo, input: UpdateResellerInput) =>
      (await apollo.mutate({ mutation: RenameDocument, variables: { input } })).data?.updateReseller,
    {
      onDone: ({ reseller }) => {
        notifyDone(t('done.edit', { name: reseller.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ name, reserveThreshold }) =>
    intent.send(() => ({ resellerId: panel.id, name, reserveThreshold: amountOf(reserveThreshold, 0) })),
  );
  return (
    <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('submit.edit')}>
      <TextInput label={t('form.name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
      <CreditsInput label={t('form.reserve')} {...form.getInputProps('reserveThreshold')} />
    </IntentForm>
  );
}
