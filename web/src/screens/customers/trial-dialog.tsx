/** The dialog that starts a trial. */

import { useQuery } from '@apollo/client/react';
import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CustomerRowFragment, StartTrialInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { AccessDone } from './access-done.tsx';
import { AccessInputs, accessInput, accessProblems } from './access-inputs.tsx';
import { CustomerPolicyDocument, CustomersDocument, StartTrialDocument } from './documents.ts';
import { WholeNumberInput } from './periods-input.tsx';
import { useChecks } from './rules.ts';

/** The default values of the tenant's policy. */
const USUAL_POLICY = { trialMaxHours: 24, trialQuota: 25 };
const USUAL_HOURS = 4;

export function TrialDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const checks = useChecks();
  const { trialMaxHours, trialQuota } = useQuery(CustomerPolicyDocument).data?.viewer.policy ?? USUAL_POLICY;
  const hours: number | string = Math.min(USUAL_HOURS, trialMaxHours);
  const form = useForm({
    initialValues: { name: '', contact: '', login: '', secret: '', hours },
    validate: { name: checks.filled, contact: checks.filled, hours: checks.within(1, trialMaxHours) },
  });
  const [made, setMade] = useState<CustomerRowFragment | null>(null);
  const intent = useIntent(
    async (apollo, input: StartTrialInput) =>
      (await apollo.mutate({ mutation: StartTrialDocument, variables: { input }, refetchQueries: [CustomersDocument] })).data?.startTrial,
    {
      onDone: ({ customer }) => setMade(customer),
      onRefused: (refusal) => form.setErrors(accessProblems(refusal)),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send((idempotencyKey) => ({
      name: values.name.trim(),
      contact: values.contact.trim(),
      hours: Number(values.hours),
      ...accessInput(values),
      idempotencyKey,
    })),
  );
  if (made !== null) {
    const text = t('trial.done', { name: made.name, until: format.dayAndTime(made.expiresAt) });
    return (
      <IntentModal title={t('trial.title')} onClose={onClose}>
        <AccessDone customer={made} text={text} onClose={onClose} />
      </IntentModal>
    );
  }
  return (
    <IntentModal title={t('trial.title')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('trial.submit')} about={form.values.name} onCancel={onClose}>
        <Text size="sm" c="dimmed">
          {t('trial.hint', { quota: trialQuota })}
        </Text>
        <TextInput label={t('fields.name')} autoComplete="off" withAsterisk data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label={t('fields.contact')}
          description={t('fields.contactHint')}
          autoComplete="off"
          withAsterisk
          {...form.getInputProps('contact')}
        />
        <WholeNumberInput
          label={t('fields.hours')}
          description={t('fields.hoursHint', { count: trialMaxHours })}
          max={trialMaxHours}
          field={form.getInputProps('hours')}
        />
        <AccessInputs login={form.getInputProps('login')} secret={form.getInputProps('secret')} />
      </IntentForm>
    </IntentModal>
  );
}
