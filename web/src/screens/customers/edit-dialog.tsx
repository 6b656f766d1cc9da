/** The dialog that changes a customer's name, contact, notes, plan and reminders. */

import { Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CustomerRowFragment, UpdateCustomerInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { UpdateCustomerDocument } from './documents.ts';
import { PlanSelect } from './plan-select.tsx';
import { useChecks } from './rules.ts';

export function EditDialog({ customer, onClose }: { customer: CustomerRowFragment; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const { id: customerId, name, contact, muted, notes } = customer;
  const form = useForm({
    initialValues: { name, contact: contact ?? '', notes: notes ?? '', muted },
    validate: { name: useChecks().filled },
  });
  const [planId, setPlanId] = useState<string | null>();
  const intent = useIntent(
    async (apollo, input: UpdateCustomerInput) =>
      (await apollo.mutate({ mutation: UpdateCustomerDocument, variables: { input } })).data?.updateCustomer,
    {
      onDone: () => {
        notifyDone(t('edit.done'));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      customerId,
      name: values.name.trim(),
      contact: values.contact.trim() || null,
      notes: values.notes.trim() || null,
      muted: values.muted,
      ...(planId === undefined ? {} : { planId }),
    })),
  );
  return (
    <IntentModal title={t('edit.title', { name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')} onCancel={onClose}>
        <TextInput label={t('fields.name')} autoComplete="off" withAsterisk {...form.getInputProps('name')} />
        <TextInput
          label={t('fields.contact')}
          description={t('fields.contactHint')}
          autoComplete="off"
          {...form.getInputProps('contact')}
        />
        <Textarea label={t('fields.notes')} autosize minRows={3} maxRows={8} {...form.getInputProps('notes')} />
        <Switch label={t('fields.muted')} description={t('fields.mutedHint')} {...form.getInputProps('muted', { type: 'checkbox' })} />
        <PlanSelect customerId={customerId} planId={planId} onChange={setPlanId} />
      </IntentForm>
    </IntentModal>
  );
}
