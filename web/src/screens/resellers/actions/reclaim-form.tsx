/** The form that takes credits back from a child. */

import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import type { ReclaimCreditsInput } from '../../../gql/graphql.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { amountOf, CreditsInput } from '../../../ui/credits-input.tsx';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { type Panel, ReclaimDocument } from '../documents.ts';

/** Takes unspent credits of a direct child back to the viewer's own panel. */
export function ReclaimForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const form = useForm<{ amount: string | number; reason: string }>({
    initialValues: { amount: '', reason: '' },
    validate: {
      amount: (amount) => (amountOf(amount) === null ? t('problem.atLeast', { amount: 1 }) : null),
      reason: (reason) => (reason.trim() === '' ? t('problem.reason') : null),
    },
  });
  const intent = useIntent(
    async (apollo, input: ReclaimCreditsInput) =>
      (await apollo.mutate({ mutation: ReclaimDocument, variables: { input } })).data?.reclaimCredits,
    {
      onDone: ({ transfer }) => {
        notifyDone(t('done.reclaim', { amount: format.number(transfer.amount), name: panel.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ reason }) => {
    const amount = amountOf(form.values.amount);
    if (amount !== null) intent.send((idempotencyKey) => ({ fromResellerId: panel.id, amount, reason, idempotencyKey }));
  });
  return (
    <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('submit.reclaim')} color="red">
      <Text size="sm">{t('text.holds', { name: panel.name, amount: format.number(panel.account.balance) })}</Text>
      <CreditsInput label={t('form.amount')} data-autofocus {...form.getInputProps('amount')} />
      <TextInput label={t('form.reason')} description={t('form.reasonHint')} maxLength={500} {...form.getInputProps('reason')} />
    </IntentForm>
  );
}
